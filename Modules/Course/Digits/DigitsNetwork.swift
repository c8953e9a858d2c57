import Conv
import Core

/// A small convolutional network on pictures given as rows of pixels:
///
/// ```
/// conv 32 3×3 – ReLU – conv 64 3×3 – ReLU – max-pool 2×2 – dense – ReLU – dense
/// ```
///
/// The convolutions keep the picture's size, so that even the rim of an 8×8 digit counts.
struct DigitsNetwork: Layer, Sendable {
  let mean: Buffer
  let deviation: Buffer
  let first: Conv2D
  let second: Conv2D
  let pool = MaxPool2D(kernel: 2)
  let hidden: Dense
  let output: Dense
  private let size: [Int]

  /// - Parameters:
  ///   - size: Height and width of the pictures.
  ///   - pixels: Pictures to learn from; their mean and deviation become 0 and 1.
  init(size: [Int], hidden width: Int, classes: Int, pixels: Tensor) {
    self.size = size
    // One scale for all pixels: filters see every place alike.
    mean = Buffer(pixels.mean())
    deviation = Buffer(maximum(sqrt(pixels.variance()), Tensor(0.05)))
    first = Conv2D(
      1, 32, kernel: 3, padding: .same, activation: .relu, initializer: .heUniform)
    second = Conv2D(
      32, 64, kernel: 3, padding: .same, activation: .relu, initializer: .heUniform)
    hidden = Dense(64 * (size[0] / 2) * (size[1] / 2), width, activation: .relu)
    output = Dense(width, classes)
  }

  func callAsFunction(_ x: Tensor) -> Tensor {  // [batch, pixel] → [batch, class]
    let pictures = ((x - mean.value) / deviation.value).reshaped([x.shape[0], 1, size[0], size[1]])
    let features = pool(second(first(pictures)))  // [batch, 64, height / 2, width / 2]
    return output(hidden(features.flattened(from: 1)))
  }
}

/// The networks that `--model` names.
enum DigitsModelName: String, CaseIterable {
  case perceptron, cnn
}
