import Core

/// Extents on both sides of what the kernels do in one piece: vectors, blocks of four rows, panels
/// of 16 and 32 columns, halves of 64 rows and more.
let matrixSizes = [0, 1, 2, 3, 4, 5, 7, 8, 9, 13, 16, 17, 31, 33, 63, 64, 65, 97, 130]

enum RandomMatrix {
  /// Elements of order 1 and a diagonal of order √n: condition numbers stay small.
  static func regular(_ shape: Shape, _ dtype: DType, using generator: inout RandomGenerator)
    -> Tensor
  {
    let n = shape[shape.count - 1]
    let x = Tensor.randomNormal(shape, dtype: .float64, using: &generator)
    let diagonal = Tensor.identity(n, dtype: .float64) * (2 * Double(n).squareRoot())
    // Rows in another order, so that pivots have to be looked for.
    let order = Tensor.randomPermutation(n, using: &generator)
    return (x + diagonal).gathered(at: order, along: -2).cast(to: dtype)
  }

  static func positiveDefinite(
    _ shape: Shape, _ dtype: DType, using generator: inout RandomGenerator
  ) -> Tensor {
    let n = shape[shape.count - 1]
    let x = Tensor.randomNormal(shape, dtype: .float64, using: &generator)
    let square = matmul(x, x.transposed()) / Double(max(n, 1))
    return (square + Tensor.identity(n, dtype: .float64)).cast(to: dtype)
  }
}

/// What rounding may leave of an identity between matrices of n rows.
func tolerance(_ dtype: DType, _ n: Int) -> Double {
  (dtype == .float32 ? 2e-6 : 4e-15) * Double(max(n, 4))
}

/// x in each of the layouts that operations must read, but the broadcast one.
func arranged(_ x: Tensor, _ seed: UInt64, using generator: inout RandomGenerator) -> Tensor {
  let layouts = Arrangement.allCases.filter { $0 != .broadcast }
  return layouts[Int(seed) % layouts.count](x, using: &generator)
}
