import Apus
import Testing

@Suite struct PyTorchTransformerTests {
  /// `Transformer` of Tests/References/pytorch_models.py.
  private struct Network: Layer {
    let embed = Dense(8, 16)
    let positions = Parameter(.zeros([8, 16]))
    let encoder = TransformerEncoder(
      .init(width: 16, heads: 2, hidden: 32, activation: .gelu), depth: 2)
    let head = Dense(16, 10)

    func callAsFunction(_ x: Tensor) -> Tensor {
      head(encoder(embed(x) + positions.value).mean(along: 1))
    }
  }

  @Test func `a transformer goes to PyTorch and back`() throws {
    try PyTorchReference("transformer").check(Network())
  }
}
