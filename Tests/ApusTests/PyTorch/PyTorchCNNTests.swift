import Apus
import Testing

@Suite struct PyTorchCNNTests {
  /// `CNN` of Tests/References/pytorch_models.py, with names of its own.
  private struct CNN: Layer {
    let first = Conv2D(1, 8, kernel: 3, padding: .same)
    let firstNorm = BatchNormalization(8)
    let second = Conv2D(8, 16, kernel: 3, padding: .same, hasBias: false)
    let secondNorm = BatchNormalization(16)
    let output = Dense(64, 10)

    func callAsFunction(_ x: Tensor) -> Tensor {
      let x = x.expandingShape(at: 1)  // [digit, 1, row, column]
      let half = MaxPool2D(kernel: 2)(relu(firstNorm(first(x))))
      let quarter = AveragePool2D(kernel: 2)(relu(secondNorm(second(half))))
      return output(quarter.flattened(from: 1))
    }
  }

  @Test func `a convolutional network goes to PyTorch and back`() throws {
    try PyTorchReference("cnn").check(
      CNN(),
      rules: [
        .rename("features.0", to: "first"), .rename("features.1", to: "firstNorm"),
        .rename("features.4", to: "second"), .rename("features.5", to: "secondNorm"),
        .rename("classifier", to: "output"),
      ])
  }

  @Test func `in a Sequential, PyTorch's numbers are the same`() throws {
    let model = Sequential {
      Lambda { $0.expandingShape(at: 1) }
      Conv2D(1, 8, kernel: 3, padding: .same)
      BatchNormalization(8)
      ReLU()
      MaxPool2D(kernel: 2)
      Conv2D(8, 16, kernel: 3, padding: .same, hasBias: false)
      BatchNormalization(16)
      ReLU()
      AveragePool2D(kernel: 2)
      Lambda { $0.flattened(from: 1) }
      Dense(64, 10)
    }
    // Lambda stands before the features, and between them and the classifier.
    let reference = try PyTorchReference("cnn")
    let rules: [StateRule] =
      [0, 1, 4, 5].map { .rename("features.\($0)", to: "\($0 + 1)") }
      + [.rename("classifier", to: "10")]
    try model.load(pyTorch: reference.path, rules: rules)
    try expectClose(model(reference.inputs), reference.outputs, relative: 0, absolute: 1e-5)
  }
}
