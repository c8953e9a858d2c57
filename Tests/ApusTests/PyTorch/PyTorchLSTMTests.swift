import Apus
import Testing

@Suite struct PyTorchLSTMTests {
  /// `Recurrent` of Tests/References/pytorch_models.py.
  private struct Reader: Layer {
    let lstm = LSTM(8, 12, layers: 2, bidirectional: true)
    let head = Dense(24, 10)

    func callAsFunction(_ x: Tensor) -> Tensor {
      head(lstm(x.permuted([1, 0, 2])).mean(along: 0))
    }
  }

  @Test func `a recurrent network goes to PyTorch and back`() throws {
    try PyTorchReference("lstm").check(Reader())
  }
}
