import Core

// Factorisations, inverses and determinants. Names end in size and type; batches hold 10 000
// matrices. The first rows take the Cholesky factor, the log-determinant and the inverse of one
// symmetric positive definite matrix, three functions of it, and the gradient of the three together.

extension Catalogue {
  static var linearAlgebra: [Row] {
    [64, 512].flatMap { [threeForward($0), threeBackward($0)] }
      + [4, 8].flatMap { size in
        [DType.float32, .float64].flatMap { dtype in
          [
            batched("inverse", size, dtype) { inverse($0) },
            batched("determinant", size, dtype) { determinant($0) },
          ]
        }
      }
  }

  /// n³/3 for the Cholesky factor, 2n³/3 for LU, 2n³ for the inverse.
  private static func threeForward(_ size: Int) -> Row {
    let cube = Double(size * size * size)
    return Row(
      "cholesky-logdet-inverse-fwd/\(size)-f64", flops: 3 * cube, peak: .float64
    ) {
      let a = positiveDefinite(size)
      return { _ = (cholesky(a), logDeterminant(a), inverse(a)) }
    }
  }

  /// As above; then a product and two triangular solves, an inverse, and two products.
  private static func threeBackward(_ size: Int) -> Row {
    let cube = Double(size * size * size)
    return Row(
      "cholesky-logdet-inverse-fwdbwd/\(size)-f64", flops: 13 * cube, peak: .float64
    ) {
      let a = positiveDefinite(size)
      let (u, v) = (
        normal([size, size], dtype: .float64), normal([size, size], dtype: .float64)
      )
      return {
        _ = gradient(at: a) { a in
          (cholesky(a) * u).sum() + 0.7 * logDeterminant(a).logAbs + (inverse(a) * v).sum()
        }
      }
    }
  }

  private static func batched(
    _ name: String, _ size: Int, _ dtype: DType, _ function: @escaping (Tensor) -> Tensor
  ) -> Row {
    let type = dtype == .float32 ? "f32" : "f64"
    return Row("\(name)-fwd/\(size)x\(size)-b10000-\(type)", items: 10_000) {
      let a = normal([10_000, size, size], dtype: dtype)
      return { _ = function(a) }
    }
  }

  private static func positiveDefinite(_ size: Int) -> Tensor {
    let x = normal([size, size], dtype: .float64)
    return matmul(x, x.transposed()) / Double(size) + Tensor.identity(size, dtype: .float64)
  }
}
