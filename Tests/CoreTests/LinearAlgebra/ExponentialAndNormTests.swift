import Core
import Foundation
import LayerTesting
import Testing

@Suite struct ExponentialAndNormTests {
  @Test(arguments: SpectralTests.dtypes)
  func `the exponential turns sums that commute into products`(dtype: DType) throws {
    var generator = RandomGenerator(seed: 1)
    let a = 0.7 * Tensor.randomNormal([3, 6, 6], dtype: dtype, using: &generator)
    let bound = dtype == .float32 ? 1e-3 : 1e-11
    let (half, whole) = (matrixExponential(0.5 * a), matrixExponential(a))
    try expectClose(matmul(half, half), whole, relative: bound, absolute: bound)
    let identity = Tensor.identity(6, dtype: dtype).broadcast(to: a.shape)
    try expectClose(
      matmul(whole, matrixExponential(-a)), identity, relative: 0, absolute: 10 * bound)
    try expectClose(
      determinant(whole), exp(trace(a)), relative: 10 * bound)
  }

  @Test func `rotations, nilpotents and diagonals have closed forms`() throws {
    for angle in [0.001, 0.1, 0.7, 2, 30, 1e4] {
      let generator = Tensor([[0, -angle], [angle, 0]], dtype: .float64)
      let rotation = Tensor(
        [[cos(angle), -sin(angle)], [sin(angle), cos(angle)]], dtype: .float64)
      try expectClose(
        matrixExponential(generator), rotation, relative: 0, absolute: 1e-14 * max(10, angle))
    }
    let shift = diagonalMatrix(Tensor([1, 2]).cast(to: .float64), offset: 1)
    try expectClose(
      matrixExponential(shift), Tensor([[1, 1, 1], [0, 1, 2], [0, 0, 1]]).cast(to: .float64))
    let values = Tensor([-30, 0, 4], dtype: .float64)
    try expectClose(matrixExponential(diagonalMatrix(values)), diagonalMatrix(exp(values)))
  }

  @Test func `each matrix of a batch is scaled by its own norm`() throws {
    var generator = RandomGenerator(seed: 2)
    let x = Tensor.randomNormal([4, 4], dtype: .float64, using: &generator)
    let batch = stacked([1e-6 * x, x, 20 * x, 0 * x])
    let exponentials = matrixExponential(batch)
    for index in 0..<4 {
      let alone = matrixExponential(batch[index])
      let size = abs(alone).maximum().item()
      try expectClose(exponentials[index], alone, relative: 1e-11, absolute: 1e-13 * size)
    }
    #expect(matrixExponential(Tensor.zeros([2, 0, 0])).shape == [2, 0, 0])
  }

  @Test func `what is not finite or too large ends`() {
    let one = Tensor.identity(2, dtype: .float64)
    for bad in [Double.nan, .infinity, -.infinity, 1e308, 1e5] {
      var a = stacked([one, one])
      a[1, 0, 1] = Tensor(bad)
      a[1, 1, 0] = Tensor(bad)
      let result = matrixExponential(a)
      #expect(!result[1].isFinite().all() && result[0].isFinite().all(), "\(bad)")
    }
  }

  @Test func `p-norms have their values`() throws {
    let x = Tensor([[3, -4], [0, 1]]).cast(to: .float64)
    try expectClose(vectorNorm(x), 26.0.squareRoot())
    try expectClose(vectorNorm(x, along: 1), Tensor([5, 1], dtype: .float64))
    try expectClose(vectorNorm(x, 1, along: 0), Tensor([3, 5], dtype: .float64))
    try expectClose(vectorNorm(x, 3), pow(92, 1 / 3))
    #expect(vectorNorm(x, .infinity).item() == 4 && vectorNorm(x, -.infinity).item() == 0)
    #expect(vectorNorm(x, 0).item() == 3)
    #expect(vectorNorm(x, along: 1, keepingAxis: true).shape == [2, 1])
    #expect(vectorNorm(x, keepingAxis: true).shape == [1, 1])
    #expect(vectorNorm(Tensor.zeros([2, 0]), along: 1) == Tensor([0, 0]))
    #expect(vectorNorm(Tensor.zeros([0]), -1).item() == .infinity)
    #expect(vectorNorm(Tensor([1, 2] as [Int])).dtype == .float32)
  }

  @Test func `norms neither overflow nor underflow, and tell a NaN`() throws {
    for scale in [1e-300, 1e300] {
      let x = Tensor([3 * scale, 4 * scale], dtype: .float64)
      try expectClose(vectorNorm(x), 5 * scale, relative: 1e-15, absolute: 0)
      try expectClose(vectorNorm(x, 3), pow(91, 1 / 3) * scale, relative: 1e-15, absolute: 0)
    }
    for p in [1, 1.5, 2, .infinity] {
      #expect(vectorNorm(Tensor([.nan, 1]), p).item().isNaN)
      #expect(vectorNorm(Tensor([.infinity, 1]), p).item() == .infinity)
    }
    #expect(vectorNorm(Tensor([0, 2]), -1).item() == 0)
  }

  @Test func `matrix norms are those of NumPy's definitions`() throws {
    let a = Tensor([[1, -2], [3, 4]]).cast(to: .float64)
    try expectClose(matrixNorm(a), 30.0.squareRoot())
    #expect(matrixNorm(a, .one).item() == 6 && matrixNorm(a, .infinity).item() == 7)
    let values = singularValues(a)
    try expectClose(matrixNorm(a, .nuclear), values.sum())
    try expectClose(matrixNorm(a, .spectral), values.maximum())
    for norm in MatrixNorm.allCases {
      #expect(matrixNorm(Tensor.zeros([2, 0, 3]), norm) == Tensor.zeros([2]), "\(norm)")
    }
  }

  @Test(arguments: [Shape([5, 3]), [3, 5], [4, 4], [0, 3]])
  func `the pseudo-inverse meets Penrose's conditions`(shape: Shape) throws {
    var generator = RandomGenerator(seed: 8)
    for rank in 0...min(shape[0], shape[1]) {
      let a = matmul(
        Tensor.randomNormal([2, shape[0], rank], dtype: .float64, using: &generator),
        Tensor.randomNormal([rank, shape[1]], dtype: .float64, using: &generator))
      let p = pseudoInverse(a)
      #expect(p.shape == a.transposed().shape && matrixRank(a) == Tensor([rank, rank]))
      let (ap, pa) = (matmul(a, p), matmul(p, a))
      try expectClose(matmul(ap, a), a, absolute: 1e-11)
      try expectClose(matmul(pa, p), p, absolute: 1e-10)
      try expectClose(ap, ap.transposed(), absolute: 1e-11)
      try expectClose(pa, pa.transposed(), absolute: 1e-11)
    }
    let small = diagonalMatrix(Tensor([4, 2, 1]).cast(to: .float64))
    try expectClose(
      pseudoInverse(small, relativeTolerance: 0.3),
      diagonalMatrix(Tensor([0.25, 0.5, 0]).cast(to: .float64)))
  }
}
