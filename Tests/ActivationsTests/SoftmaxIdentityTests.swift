import Activations
import Core
import LayerTesting
import Testing

// Course document 001, questions 1(h) to 1(m).

private func logits(_ shape: Shape, _ dtype: DType, seed: UInt64 = 3) -> Tensor {
  var generator = RandomGenerator(seed: seed)
  return Tensor.randomNormal(shape, deviation: 2, dtype: dtype, using: &generator)
}

@Test(arguments: floatingTypes)
func `1h: softmax is invariant under translation`(_ dtype: DType) {
  // Integers, so that x + c is exact.
  let x = round(8 * logits([50, 7], dtype))
  let s = softmax(x)
  for c in [1.0, -3, 1000, -4096, 1_048_576] {
    #expect(softmax(x + c) == s)
    #expect(logSoftmax(x + c) == logSoftmax(x))
  }
  // One constant for each row.
  let rows = round(100 * logits([50, 1], dtype, seed: 4))
  #expect(softmax(x + rows) == s)
  // At the ends of the range.
  let greatest =
    dtype == .float32 ? Double(Float.greatestFiniteMagnitude) : .greatestFiniteMagnitude
  for c in [greatest, -greatest] {
    #expect(softmax(Tensor.full([4], c, dtype: dtype)) == Tensor.full([4], 0.25, dtype: dtype))
  }
  #expect(
    softmax(Tensor([greatest, -greatest, greatest], dtype: dtype))
      == Tensor([0.5, 0, 0.5], dtype: dtype))
}

@Test(arguments: floatingTypes)
func `1i: scaling sharpens or flattens softmax`(_ dtype: DType) throws {
  let x = logits([50, 7], dtype)
  func peak(_ scale: Double) -> Tensor { softmax(scale * x).maximum(along: 1) }
  func entropy(_ scale: Double) -> Tensor {
    -(softmax(scale * x) * logSoftmax(scale * x)).sum(along: 1)
  }
  let slack = 8 * roundingError(dtype)
  // More than 1: more certain of the same class; less than 1: less certain.
  let scales = [0, 0.1, 0.5, 1, 2, 10, 100]
  for (smaller, greater) in zip(scales, scales.dropFirst()) {
    #expect((peak(greater) .>= peak(smaller) - slack).all())
    #expect((entropy(greater) .<= entropy(smaller) + slack).all())
    #expect(
      softmax(greater * x).argmax(along: 1) == x.argmax(along: 1), "scaled by \(greater)")
  }
  // The limits: the uniform law, and certainty.
  try expectClose(softmax(0 * x), Tensor.full(x.shape, 1.0 / 7, dtype: dtype))
  let certain = x.argmax(along: 1).oneHot(7, dtype: dtype)
  try expectClose(softmax(1e6 * x), certain)
  // A negative factor turns the order round.
  #expect(softmax(-1 * x).argmax(along: 1) == x.argmin(along: 1))
}

@Test(arguments: floatingTypes)
func `1j: the partial derivatives of softmax are Sᵢ (δᵢⱼ − Sⱼ)`(_ dtype: DType) throws {
  let x = logits([6], dtype)
  let s = softmax(x).scalars(as: Double.self)
  let matrix = jacobian(at: x) { softmax($0) }
  for i in s.indices {
    for j in s.indices { try expectClose(matrix[i, j], s[i] * ((i == j ? 1 : 0) - s[j])) }
  }
}

@Test(arguments: floatingTypes)
func `1k: the Jacobian of softmax is diag(S) − S Sᵀ`(_ dtype: DType) throws {
  let x = logits([6], dtype)
  let s = softmax(x)
  let matrix = softmaxJacobian(x)
  try expectClose(matrix, jacobian(at: x) { softmax($0) })
  try expectClose(matrix, Tensor.identity(6, dtype: dtype) * s - outer(s, s))
  // Symmetric, and blind to translation.
  #expect(matrix == matrix.transposed())
  try expectClose(matrix.sum(along: 1), 0 * s)
  // One matrix for each row of a batch.
  let batch = logits([2, 3, 4], dtype)
  #expect(softmaxJacobian(batch).shape == [2, 3, 4, 4])
  #expect(softmaxJacobian(batch)[1, 2] == softmaxJacobian(batch[1, 2]))
}

@Test(arguments: floatingTypes)
func `1l: ∇ᵤ log S is ∇xᵢ minus its mean under S`(_ dtype: DType) throws {
  let weight = logits([5, 3], dtype)
  func x(_ u: Tensor) -> Tensor { tanh(matmul(weight, u)) * 3 }
  let u = logits([3], dtype, seed: 5)
  let s = softmax(x(u))
  let inner = jacobian(at: u) { x($0) }  // [class, u]
  let mean = matmul(s, inner)
  let actual = jacobian(at: u) { logSoftmax(x($0)) }
  for i in 0..<5 { try expectClose(actual[i], inner[i] - mean) }
  try expectClose(actual, matmul(logSoftmaxJacobian(x(u)), inner))
  try expectClose(logSoftmaxJacobian(x(u)), jacobian(at: x(u)) { logSoftmax($0) })
}

@Test(arguments: floatingTypes)
func `1m: the gradient of the cross-entropy is S − c`(_ dtype: DType) throws {
  let x = logits([8, 5], dtype)
  let c = Tensor.range(0..<8).cast(to: .int64) % 5
  let oneHot = c.oneHot(5, dtype: dtype)
  func loss(_ x: Tensor) -> Tensor { -(oneHot * logSoftmax(x)).sum() }
  try expectClose(gradient(at: x, loss), softmax(x) - oneHot)
  // Through x(u) it is Σᵢ (Sᵢ − cᵢ) ∇xᵢ.
  let weight = logits([4, 5], dtype, seed: 6)
  let u = logits([8, 4], dtype, seed: 7)
  let outerGradient = gradient(at: u) { loss(matmul($0, weight)) }
  try expectClose(
    outerGradient, matmul(softmax(matmul(u, weight)) - oneHot, weight.transposed()),
    relative: dtype == .float32 ? 1e-4 : nil)
  // Where the right class is all but excluded the gradient is still finite, and −1.
  let extreme = Tensor([-1e30, 0, 1], dtype: dtype)
  let pulled = gradient(at: extreme) { -logSoftmax($0)[0] }
  try expectClose(pulled[0], -1)
  #expect(pulled.isFinite().all())
}

@Test(arguments: floatingTypes)
func `softmax with an infinite logit`(_ dtype: DType) {
  #expect(
    softmax(Tensor([-.infinity, 0, 0], dtype: dtype)) == Tensor([0, 0.5, 0.5], dtype: dtype))
  #expect(softmax(Tensor([.nan, 0], dtype: dtype)).isNaN().all())
}
