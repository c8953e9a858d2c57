import Conv
import Core

/// The network that learns clothes:
///
/// ```
/// conv 32 3×3 – ReLU – max-pool – conv 64 3×3 – ReLU – max-pool – dense 128 – ReLU – dense 10
/// ```
struct FashionNetwork: Layer, Sendable {
  let first = Conv2D(1, 32, kernel: 3, padding: .same, activation: .relu, initializer: .heUniform)
  let second = Conv2D(
    32, 64, kernel: 3, padding: .same, activation: .relu, initializer: .heUniform)
  let pool = MaxPool2D(kernel: 2)
  let hidden = Dense(64 * 7 * 7, 128, activation: .relu)
  let output = Dense(128, 10)

  func callAsFunction(_ x: Tensor) -> Tensor {
    let shallow = pool(first(x))  // [batch, 32, 14, 14]
    let deep = pool(second(shallow))  // [batch, 64, 7, 7]
    return output(hidden(deep.flattened(from: 1)))  // [batch, 10]
  }
}
