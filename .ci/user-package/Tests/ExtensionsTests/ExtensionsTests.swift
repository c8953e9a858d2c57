import Core
import Extensions
import LayerTesting
import Testing

/// The extensions checked by Swift Testing.
@Suite struct ExtensionsTests {
  static var input: Tensor {
    var generator = RandomGenerator(seed: 3)
    return .randomNormal([4, 5], dtype: .float64, using: &generator)
  }

  @Test func `the layer keeps the laws of layers`() throws {
    try checkGradients(of: Swish(), at: Self.input, order: 2)
    try verify(layer: Swish(), at: Self.input)
  }

  @Test func `the optimizer keeps the laws of optimizers`() throws {
    try verify(optimizer: SignDescent())
  }

  /// Swish with a hand-written derivative that forgets a term.
  struct WrongSwish: Layer {
    let beta = Parameter(Tensor(1))
    func callAsFunction(_ x: Tensor) -> Tensor {
      differentiable(
        beta.value * x, value: { x * sigmoid($0) },
        pullback: { z, _, upstream in x * sigmoid(z) * upstream })
    }
  }

  @Test func `a planted mistake is caught and named`() {
    let error = #expect(throws: GradientError.self) {
      try checkGradients(of: WrongSwish(), at: Self.input)
    }
    #expect(error.map { ["beta", "input"].contains($0.variable) } == true)
    print("caught:", error.map(\.description) ?? "nothing")
  }
}
