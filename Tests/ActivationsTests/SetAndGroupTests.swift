import Activations
import Core
import LayerTesting
import Testing

@Test(arguments: floatingTypes)
func `indicators of intervals`(_ dtype: DType) {
  let x = Tensor([-.infinity, -1, -0.5, 0, 0.5, 1, .infinity, .nan], dtype: dtype)
  func check(_ y: Tensor, _ expected: [Double]) { #expect(y == Tensor(expected, dtype: dtype)) }
  check(indicator(x, of: -1...1), [0, 1, 1, 1, 1, 1, 0, 0])
  check(indicator(x, of: -1..<1), [0, 1, 1, 1, 1, 0, 0, 0])
  check(indicator(x, of: 0...), [0, 0, 0, 1, 1, 1, 1, 0])
  check(indicator(x, of: ...0), [1, 1, 1, 1, 0, 0, 0, 0])
  check(indicator(x, of: ..<0), [1, 1, 1, 0, 0, 0, 0, 0])
  check(indicator(x) { $0 .> 0 }, [0, 0, 0, 0, 1, 1, 1, 0])
  check(indicator(x .!= x, dtype: dtype), [0, 0, 0, 0, 0, 0, 0, 1])
}

@Test
func `indicators have no gradient and take integers`() {
  let x = Tensor([-1, 0, 2])
  #expect(gradient(at: x) { (indicator($0, of: 0...) * $0).sum() } == Tensor([0, 1, 1]))
  #expect(indicator(Tensor([-1, 0, 2] as [Int]), of: 0...1) == Tensor([0, 1, 0]))
}

@Test
func `maxout takes the greatest of consecutive groups`() {
  let x = Tensor([[1, 5, 2, -1, -3, -2], [0, 0, 9, 9, 1, 2]])
  #expect(maxout(x, pieces: 2) == Tensor([[5, 2, -2], [0, 9, 2]]))
  #expect(maxout(x, pieces: 3) == Tensor([[5, -1], [9, 9]]))
  #expect(maxout(x, pieces: 2, along: 0) == Tensor([[1, 5, 9, 9, 1, 2]]))
  #expect(maxout(x, pieces: 1) == x)
  #expect(maxout(Tensor.zeros([0, 6]), pieces: 3).shape == [0, 2])
}

@Test
func `two pieces make a rectifier and an absolute value`() {
  let x = Tensor([-3, -0.5, 0, 2])
  #expect(maxout(stacked([x, 0 * x], along: -1), pieces: 2).flattened() == relu(x))
  #expect(maxout(stacked([x, -x], along: -1), pieces: 2).flattened() == abs(x))
}

@Test
func `gated units are products of halves`() throws {
  let a = Tensor([[1, -2, 3]])
  let b = Tensor([[0.5, -1, 2]])
  let x = concatenated([a, b], along: 1)
  #expect(glu(x) == a * sigmoid(b))
  #expect(reglu(x) == a * relu(b))
  #expect(geglu(x) == a * gelu(b))
  #expect(geglu(x, approximate: .tanh) == a * gelu(b, approximate: .tanh))
  #expect(swiglu(x) == a * silu(b))
  #expect(glu(concatenated([a, b], along: 0), along: 0) == a * sigmoid(b))
}

@Test
func `the hard functions are their smooth ones' chords`() throws {
  let x = Tensor.linspace(from: -5, to: 5, count: 101, dtype: .float64)
  try expectClose(hardSwish(x), x * hardSigmoid(x))
  try expectClose(hardSigmoid(x), hardTanh(x + 3, in: 0...6) / 6)
  // None is further from its model than 0.16 (hard-swish at ±1.7 or so).
  #expect((abs(hardSigmoid(x) - sigmoid(x)) .< 0.08).all())
  #expect((abs(hardSwish(x) - silu(x)) .< 0.16).all())
}

@Test
func `softplus with a growing sharpness tends to the rectifier`() throws {
  let x = Tensor.linspace(from: -5, to: 5, count: 101, dtype: .float64)
  for beta in [1.0, 10, 1000] {
    let distance = (Softplus(beta: beta)(x) - relu(x)).maximum().item()
    #expect(abs(distance - 0.6931471805599453 / beta) < 1e-12)
  }
}

@Test
func `shapes that do not fit trap`() async {
  await #expect(processExitsWith: .failure) { _ = maxout(Tensor.zeros([2, 5]), pieces: 2) }
  await #expect(processExitsWith: .failure) { _ = glu(Tensor.zeros([2, 5])) }
  await #expect(processExitsWith: .failure) {
    _ = prelu(Tensor.zeros([2, 5]), weight: Tensor.zeros([3]))
  }
  await #expect(processExitsWith: .failure) { _ = indicator(Tensor([1, 2])) }
  await #expect(processExitsWith: .failure) { _ = celu(Tensor([1]), alpha: 0) }
  await #expect(processExitsWith: .failure) { _ = sigmoidJacobian(Tensor(1)) }
}
