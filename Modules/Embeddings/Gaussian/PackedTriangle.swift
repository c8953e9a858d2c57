import Core

// The lower triangle of n by n matrices, by rows, in a vector of n (n + 1) / 2 numbers.

extension Tensor {
  /// From […, n (n + 1) / 2] to […, n, n]; what is above the diagonal is not meant to be read.
  func spreadTriangle(_ n: Int) -> Tensor {
    var places: [Int32] = []
    for row in 0..<n {
      for column in 0..<n { places.append(Int32(column > row ? 0 : row * (row + 1) / 2 + column)) }
    }
    let shape = Shape(Array(self.shape.dropLast()) + [n, n])
    return gathered(at: Tensor(places), along: -1).reshaped(shape)
  }

  /// From […, n, n] to […, n (n + 1) / 2].
  func gatheredTriangle() -> Tensor {
    let n = shape[rank - 1]
    var places: [Int32] = []
    for row in 0..<n {
      for column in 0...row { places.append(Int32(row * n + column)) }
    }
    let flat = reshaped(Shape(Array(shape.dropLast(2)) + [n * n]))
    return flat.gathered(at: Tensor(places), along: -1)
  }

  /// Cholesky's factor, [..., n, n], of which this is the triangle with its diagonal as logarithms.
  func choleskyFactor(_ n: Int) -> Tensor {
    let square = spreadTriangle(n)
    return lowerTriangle(square, offset: -1) + diagonalMatrix(exp(square.diagonal()))
  }

  /// The triangle of Cholesky's factor with its diagonal as logarithms, of such a factor.
  func packedFactor() -> Tensor {
    (lowerTriangle(self, offset: -1) + diagonalMatrix(log(diagonal()))).gatheredTriangle()
  }
}
