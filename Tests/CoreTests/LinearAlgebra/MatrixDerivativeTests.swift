import Core
import LayerTesting
import Testing

/// The formulas at the end of course document 000, each against automatic differentiation and
/// finite differences on random matrices. Docs/matrix-derivatives.md says what their conventions
/// are: a derivative with respect to a matrix has the shape of that matrix, element by element, and
/// the elements are independent of each other.
@Suite struct MatrixDerivativeTests {
  let a, b, x, y, t: Tensor
  /// Matrices with three columns.
  let xs, ys: Tensor

  init() {
    var generator = RandomGenerator(seed: 17)
    func random(_ shape: Shape) -> Tensor {
      Tensor.randomNormal(shape, dtype: .float64, using: &generator)
    }
    // The diagonal keeps A, and A(t) near it, far from singular. The determinant is negative: an
    // exchange of rows makes sure that ln |A| is that of the absolute value.
    let order = Tensor([1, 0, 2, 3] as [Int])
    a = (random([4, 4]) + 6 * Tensor.identity(4, dtype: .float64)).gathered(at: order, along: 0)
    (b, x, y, t) = (random([4, 4]), random([4]), random([4]), random([]))
    (xs, ys) = (random([4, 3]), random([4, 3]))
  }

  /// A matrix whose elements depend on a scalar: A + sin t B + t² C, and its derivative.
  private func moving(_ t: Tensor) -> Tensor { a + sin(t) * b + t * t * outer(x, y) }
  private func slope(_ t: Tensor) -> Tensor { cos(t) * b + 2 * t * outer(x, y) }

  /// The formula against the automatic gradient, that against finite differences, the derivative of
  /// the formula against the automatic second derivative, and that against finite differences.
  private func expect(
    _ formula: (Tensor) -> Tensor, isGradientOf function: (Tensor) -> Tensor, at point: Tensor
  ) throws {
    try expectClose(gradient(at: point, function), formula(point), absolute: 1e-11)
    try checkGradients(of: function, at: point, order: 2)
    let weights = Tensor.range(from: 1, to: Double(point.count) + 1, dtype: .float64)
      .reshaped(point.shape)
    let second = gradient(at: point) { (gradient(at: $0, function) * weights).sum() }
    let expected = gradient(at: point) { (formula($0) * weights).sum() }
    try expectClose(second, expected, absolute: 1e-11)
  }

  /// The same for a function of a scalar whose values are matrices, or scalars.
  private func expect(
    _ formula: (Tensor) -> Tensor, isDerivativeOf function: (Tensor) -> Tensor
  ) throws {
    try expectClose(jacobian(at: t, function), formula(t), absolute: 1e-11)
    try expectClose(jvp(at: t, along: Tensor.ones(like: t), function).tangent, formula(t))
    try checkGradients(of: function, at: t, order: 2)
  }

  // MARK: Trace identities

  @Test func `Tr(A + B) = Tr(A) + Tr(B)`() throws {
    try expectClose(trace(a + b), trace(a) + trace(b))
  }

  @Test func `Tr(AB) = Tr(BA)`() throws {
    try expectClose(trace(matmul(a, b)), trace(matmul(b, a)))
    // The factors need not be square.
    let c = ys.transposed()
    try expectClose(trace(matmul(xs, c)), trace(matmul(c, xs)))
  }

  @Test func `xᵀx = Tr(xxᵀ)`() throws {
    try expectClose(dot(x, x), trace(outer(x, x)))
  }

  /// The document also has Tr(xAxᵀ), which is no product of a column, a square and a row.
  @Test func `xᵀAx = Tr(Axxᵀ)`() throws {
    let form = dot(x, matmul(a, x))
    try expectClose(form, trace(matmul(a, outer(x, x))))
    try expectClose(form, trace(matmul(outer(x, x), a)))
  }

  // MARK: Derivatives of scalars

  @Test func `∂Tr(AB)⁄∂A = Bᵀ`() throws {
    try expect({ _ in b.transposed() }, isGradientOf: { trace(matmul($0, b)) }, at: a)
    // Rectangular factors, so that no transpose goes unnoticed.
    let c = ys.transposed()
    try expect({ _ in c.transposed() }, isGradientOf: { trace(matmul($0, c)) }, at: xs)
  }

  @Test func `∂ln|A|⁄∂A = (A⁻¹)ᵀ = (Aᵀ)⁻¹`() throws {
    #expect(logDeterminant(a).sign.item() == -1)
    try expect({ inverse($0).transposed() }, isGradientOf: { logDeterminant($0).logAbs }, at: a)
    try expectClose(inverse(a).transposed(), inverse(a.transposed()))
  }

  /// Where A is kept symmetric, each pair of elements counts once: 2 A⁻¹ − diag(A⁻¹).
  @Test func `∂ln|A|⁄∂A counts the elements of a symmetric A twice`() throws {
    let symmetric = matmul(a, a.transposed())
    let below = lowerTriangle(symmetric)
    let slope = gradient(at: below) { x in
      let lower = lowerTriangle(x)
      return logDeterminant(lower + lowerTriangle(lower, offset: -1).transposed()).logAbs
    }
    let full = inverse(symmetric)
    let expected = lowerTriangle(2 * full - diagonalMatrix(diagonal(full)))
    try expectClose(slope, expected, absolute: 1e-11)
  }

  @Test func `∂ln|A|⁄∂x = Tr(A⁻¹ ∂A⁄∂x)`() throws {
    try expect(
      { trace(matmul(inverse(moving($0)), slope($0))) },
      isDerivativeOf: { logDeterminant(moving($0)).logAbs })
  }

  @Test func `∂Tr(A)⁄∂x = Tr(∂A⁄∂x)`() throws {
    try expect({ trace(slope($0)) }, isDerivativeOf: { trace(moving($0)) })
  }

  @Test func `∂xᵀAx⁄∂x = (A + Aᵀ)x`() throws {
    try expect(
      { matmul(a + a.transposed(), $0) }, isGradientOf: { dot($0, matmul(a, $0)) }, at: x)
    let symmetric = a + a.transposed()
    try expect(
      { 2 * matmul(symmetric, $0) }, isGradientOf: { dot($0, matmul(symmetric, $0)) }, at: x)
  }

  @Test func `∂aᵀx⁄∂x = ∂xᵀa⁄∂x = a`() throws {
    try expect({ _ in y }, isGradientOf: { dot(y, $0) }, at: x)
    try expect({ _ in y }, isGradientOf: { dot($0, y) }, at: x)
  }

  @Test func `∂xᵀA⁻¹y⁄∂A = −(A⁻¹)ᵀ xyᵀ (A⁻¹)ᵀ`() throws {
    func formula(_ a: Tensor) -> Tensor {
      let left = inverse(a).transposed()
      return -matmul(matmul(left, outer(x, y)), left)
    }
    try expect(formula, isGradientOf: { dot(x, matmul(inverse($0), y)) }, at: a)
    try expect(formula, isGradientOf: { dot(x, solve($0, y)) }, at: a)
  }

  @Test func `∂Tr(XᵀA⁻¹Y)⁄∂A = −(A⁻¹YXᵀA⁻¹)ᵀ`() throws {
    func formula(_ a: Tensor) -> Tensor {
      let inverse = inverse(a)
      let inner = matmul(matmul(inverse, ys), matmul(xs.transposed(), inverse))
      return -inner.transposed()
    }
    try expect(
      formula, isGradientOf: { trace(matmul(xs.transposed(), matmul(inverse($0), ys))) }, at: a)
    try expect(
      formula, isGradientOf: { trace(matmul(xs.transposed(), solve($0, ys))) }, at: a)
  }

  // MARK: Derivatives of matrices with respect to a scalar

  @Test func `∂A⁻¹⁄∂x = −A⁻¹ ∂A⁄∂x A⁻¹`() throws {
    try expect(
      { t in
        let inverse = inverse(moving(t))
        return -matmul(matmul(inverse, slope(t)), inverse)
      },
      isDerivativeOf: { inverse(moving($0)) })
  }

  @Test func `∂AB⁄∂x = ∂A⁄∂x B + A ∂B⁄∂x`() throws {
    func other(_ t: Tensor) -> Tensor { exp(t) * xs + ys }
    try expect(
      { matmul(slope($0), other($0)) + matmul(moving($0), exp($0) * xs) },
      isDerivativeOf: { matmul(moving($0), other($0)) })
  }

  // MARK: Expectation and trace

  /// An expectation over finitely many outcomes, by their probabilities.
  private func expectation(_ outcomes: Tensor, _ probabilities: Tensor) -> Tensor {
    let weights = probabilities.reshaped(
      Shape([probabilities.count] + outcomes.shape.dropFirst().map { _ in 1 }))
    return (weights * outcomes).sum(along: 0)
  }

  @Test func `E[Ax] = A E[x]`() throws {
    var generator = RandomGenerator(seed: 5)
    let outcomes = Tensor.randomNormal([50, 4], dtype: .float64, using: &generator)
    let probabilities = softmax(Tensor.randomNormal([50], dtype: .float64, using: &generator))
    let images = matmul(outcomes, a.transposed())
    try expectClose(
      expectation(images, probabilities), matmul(a, expectation(outcomes, probabilities)),
      absolute: 1e-12)
    // The mean of samples is an expectation too, that of the empirical distribution.
    try expectClose(images.mean(along: 0), matmul(a, outcomes.mean(along: 0)), absolute: 1e-12)
  }

  /// Ax must be a square matrix to have a trace, so x is a matrix here.
  @Test func `E[Tr(Ax)] = Tr(A E[x])`() throws {
    var generator = RandomGenerator(seed: 6)
    let outcomes = Tensor.randomNormal([50, 4, 4], dtype: .float64, using: &generator)
    let probabilities = softmax(Tensor.randomNormal([50], dtype: .float64, using: &generator))
    try expectClose(
      expectation(trace(matmul(a, outcomes)), probabilities),
      trace(matmul(a, expectation(outcomes, probabilities))), absolute: 1e-12)
    // With A = 1 and x = zzᵀ: E[zᵀz] = Tr E[zzᵀ].
    let z = Tensor.randomNormal([50, 4], dtype: .float64, using: &generator)
    let products = z.expandingShape(at: 2) * z.expandingShape(at: 1)
    try expectClose(
      expectation(square(z).sum(along: 1), probabilities),
      trace(expectation(products, probabilities)), absolute: 1e-12)
  }
}
