import Conv
import Core

/// The network of `course digits --model cnn`, smaller, with a normalisation in both convolutions:
///
/// ```
/// conv 3×3 – normalisation – ReLU – conv 3×3 – normalisation – ReLU – max-pool 2×2 – dense
/// ```
struct NormalizedNetwork: Layer {
  let mean: Buffer
  let deviation: Buffer
  let first: any Layer<Tensor, Tensor>
  let second: any Layer<Tensor, Tensor>
  let output: Dense
  private let pool = MaxPool2D(kernel: 2)
  private let size: [Int]

  init(_ normalization: NormalizationName, filters: Int, for digits: DigitsData) {
    size = digits.size
    mean = Buffer(digits.training.inputs.mean())
    deviation = Buffer(maximum(sqrt(digits.training.inputs.variance()), Tensor(0.05)))
    // All weights are drawn before a normalisation may draw, so that all networks start alike.
    let (shallow, deep) = (
      Conv2D(1, filters, kernel: 3, padding: .same, initializer: .heUniform),
      Conv2D(filters, 2 * filters, kernel: 3, padding: .same, initializer: .heUniform)
    )
    output = Dense(2 * filters * (size[0] / 2) * (size[1] / 2), digits.classCount)
    first = normalization.block(shallow, channels: filters, size: size)
    second = normalization.block(deep, channels: 2 * filters, size: size)
  }

  func callAsFunction(_ x: Tensor) -> Tensor {  // [batch, pixel] → [batch, class]
    let pictures = ((x - mean.value) / deviation.value).reshaped([x.shape[0], 1, size[0], size[1]])
    let shallow = maximum(first(pictures), 0)  // [batch, filter, height, width]
    let deep = pool(maximum(second(shallow), 0))  // [batch, 2 filter, height / 2, width / 2]
    return output(deep.flattened(from: 1))
  }
}
