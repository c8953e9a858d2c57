import Core

/// Group normalisation: each example's channels in groups, each group brought to mean 0 and
/// variance 1 over its channels and all axes of space, then scaled and shifted by channel.
///
/// ```
/// y = γ (x − μ) / √(σ² + ε) + β
/// ```
///
/// The input is [batch, channels, space…]. One group is layer normalisation over all but the batch,
/// a group for each channel is instance normalisation. The same in both modes.
///
/// [Wu and He 2018]: https://arxiv.org/abs/1803.08494
public struct GroupNormalization: Layer, Sendable {
  /// γ, [channels], 1 at first; `nil` where not affine.
  public let scale: Parameter?
  /// β, [channels], 0 at first; `nil` where not affine.
  public let shift: Parameter?
  /// How many groups the channels form.
  public let groups: Int
  /// How many channels inputs have.
  public let channels: Int
  /// ε, which keeps the root away from 0.
  public let epsilon: Double

  /// - Parameters:
  ///   - groups: How many groups the channels make; they must divide them.
  ///   - epsilon: The default is 10⁻⁵.
  ///   - isAffine: Whether scale and shift are there; the default is that they are.
  public init(groups: Int, _ channels: Int, epsilon: Double = 1e-5, isAffine: Bool = true) {
    require(
      groups > 0 && channels > 0 && channels % groups == 0,
      "GroupNormalization: \(groups) groups do not divide \(channels) channels")
    scale = isAffine ? Parameter(.ones([channels])) : nil
    shift = isAffine ? Parameter(.zeros([channels])) : nil
    self.groups = groups
    self.channels = channels
    self.epsilon = epsilon
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    groupNormalized(
      x, groups: groups, channels: channels, scale: scale?.value, shift: shift?.value, epsilon,
      in: "GroupNormalization")
  }
}

/// Instance normalisation: each channel of each example brought to mean 0 and variance 1 over the
/// axes of space.
///
/// The input is [batch, channels, space…]. The same in both modes: no running statistics.
///
/// [Ulyanov et al. 2016]: https://arxiv.org/abs/1607.08022
public struct InstanceNormalization: Layer, Sendable {
  /// γ, [channels], 1 at first; `nil` where not affine.
  public let scale: Parameter?
  /// β, [channels], 0 at first; `nil` where not affine.
  public let shift: Parameter?
  /// How many channels inputs have.
  public let channels: Int
  /// ε, which keeps the root away from 0.
  public let epsilon: Double

  /// - Parameters:
  ///   - epsilon: The default is 10⁻⁵.
  ///   - isAffine: Whether scale and shift are there; the default is that they are not, as in
  ///     PyTorch.
  public init(_ channels: Int, epsilon: Double = 1e-5, isAffine: Bool = false) {
    require(channels > 0, "InstanceNormalization: \(channels) channels")
    scale = isAffine ? Parameter(.ones([channels])) : nil
    shift = isAffine ? Parameter(.zeros([channels])) : nil
    self.channels = channels
    self.epsilon = epsilon
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    groupNormalized(
      x, groups: channels, channels: channels, scale: scale?.value, shift: shift?.value, epsilon,
      in: "InstanceNormalization")
  }
}

/// Rows of whole groups, then scale and shift by channel.
private func groupNormalized(
  _ x: Tensor, groups: Int, channels: Int, scale: Tensor?, shift: Tensor?, _ epsilon: Double,
  in operation: String
) -> Tensor {
  require(
    x.rank >= 2 && x.shape[1] == channels,
    "\(operation): an input of shape \(x.shape) is not [batch, \(channels), space…]")
  let elements = channels / groups * x.shape.dropFirst(2).reduce(1, *)
  let rows = x.reshaped([x.shape[0] * groups, elements])  // [batch · groups, group's elements]
  var y = layerNormalized(rows, epsilon: epsilon).reshaped(x.shape)
  let perChannel = Shape([channels] + [Int](repeating: 1, count: x.rank - 2))
  if let scale { y = y * scale.reshaped(perChannel) }
  if let shift { y = y + shift.reshaped(perChannel) }
  return y
}
