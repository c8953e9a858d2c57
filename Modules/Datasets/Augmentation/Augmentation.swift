import Core

/// A random change of pictures that leaves what they show the same, so that a model learns from more
/// of them.
///
/// ```swift
/// let augmentation: [any Augmentation] = [RandomFlip(), RandomShift(by: 2), RandomNoise(0.05)]
/// let changed = augmentation(images, using: &generator)
/// ```
///
/// An array of augmentations is one: it makes the changes in its order. The state of the generator
/// fixes the result to the last bit, whatever the number of threads. What comes out is data:
/// derivatives do not pass through.
public protocol Augmentation: Sendable {
  /// The pictures of a batch, each changed by itself.
  ///
  /// - Parameters:
  ///   - images: [batch, channel, height, width], of a floating type.
  ///   - generator: Where the changes are drawn from.
  /// - Returns: [batch, channel, height, width]; only crops have another height and width.
  func callAsFunction(_ images: Tensor, using generator: inout RandomGenerator) -> Tensor
}

extension Array: Augmentation where Element == any Augmentation {
  public func callAsFunction(_ images: Tensor, using generator: inout RandomGenerator) -> Tensor {
    reduce(images) { $1($0, using: &generator) }
  }
}

/// Traps unless `images` is a batch of pictures.
func requireImages(_ images: Tensor, in name: StaticString) {
  require(
    images.rank == 4 && images.dtype.isFloating,
    "\(name): pictures are [batch, channel, height, width] of a floating type; these are "
      + "\(images.dtype) \(images.shape)")
}

/// Traps unless `probability` is one.
func requireProbability(_ probability: Double, in name: StaticString) {
  require((0...1).contains(probability), "\(name): \(probability) is no probability")
}
