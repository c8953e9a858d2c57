internal import Kernels

/// Layer normalisation: each slice over the last axes brought to mean 0 and variance 1.
///
/// ```
/// y = γ (x − μ) / √(σ² + ε) + β
/// ```
///
/// μ and σ² are the mean and the (biased) variance over the last `axes` axes. One pass over memory
/// forward and one backward; the derivative is
///
/// ```
/// ∂x = (h − mean(h) − x̂ mean(h x̂)) / √(σ² + ε),   h = γ ∂y,   x̂ = (x − μ) / √(σ² + ε)
/// ```
///
/// - Parameters:
///   - x: […, features…].
///   - scale: γ, in the shape of the last axes; 1 if `nil`.
///   - shift: β, in the shape of the last axes; 0 if `nil`.
///   - axes: How many axes a slice has; at least one.
///   - epsilon: ε, which keeps the root away from 0.
///
/// [Ba et al. 2016]: https://arxiv.org/abs/1607.06450
public func layerNormalized(
  _ x: Tensor, scale: Tensor? = nil, shift: Tensor? = nil, axes: Int = 1, epsilon: Double = 1e-5
) -> Tensor {
  overLastAxes(x, scale, shift, axes, epsilon, centred: true, in: "layerNormalized")
}

/// Root-mean-square normalisation: y = γ x / √(mean(x²) + ε) over the last axes.
///
/// Layer normalisation without the centring.
///
/// - Parameters:
///   - x: […, features…].
///   - scale: γ, in the shape of the last axes; 1 if `nil`.
///   - axes: How many axes a slice has; at least one.
///   - epsilon: ε, which keeps the root away from 0.
///
/// [Zhang and Sennrich 2019]: https://arxiv.org/abs/1910.07467
public func rootMeanSquareNormalized(
  _ x: Tensor, scale: Tensor? = nil, axes: Int = 1, epsilon: Double = 1e-5
) -> Tensor {
  overLastAxes(
    x, scale, nil, axes, epsilon, centred: false, in: "rootMeanSquareNormalized")
}

private func overLastAxes(
  _ x: Tensor, _ scale: Tensor?, _ shift: Tensor?, _ axes: Int, _ epsilon: Double, centred: Bool,
  in operation: StaticString
) -> Tensor {
  require(
    axes > 0 && axes <= x.rank, "\(operation): \(axes) axes of a tensor of shape \(x.shape)")
  let slice = Shape(x.shape.suffix(axes))
  for affine in [scale, shift] {
    if let affine {
      require(
        affine.shape == slice,
        "\(operation): a scale or shift of shape \(affine.shape) for slices of shape \(slice)")
    }
  }
  let columns = slice.elementCount
  let rows = columns == 0 ? 0 : x.count / columns
  let (x2, scale, shift) = inOneType(x, scale, shift)
  let y = rowsNormalized(
    x2.reshaped([rows, columns]), scale?.reshaped([columns]), shift?.reshaped([columns]),
    epsilon, centred: centred)
  return y.reshaped(x.shape)
}

/// All three in their common floating type.
private func inOneType(
  _ x: Tensor, _ scale: Tensor?, _ shift: Tensor?
) -> (Tensor, Tensor?, Tensor?) {
  let x = floating(x)
  let dtype = max(x.dtype, scale?.dtype ?? x.dtype, shift?.dtype ?? x.dtype)
  return (x.cast(to: dtype), scale?.cast(to: dtype), shift?.cast(to: dtype))
}

// MARK: - Rows

/// The rows of a matrix, all of one type: scale and shift are [columns].
private func rowsNormalized(
  _ x: Tensor, _ scale: Tensor?, _ shift: Tensor?, _ epsilon: Double, centred: Bool
) -> Tensor {
  let (x, scale, shift) = (x.contiguous(), scale?.contiguous(), shift?.contiguous())
  let (rows, columns) = (x.shape[0], x.shape[1])
  let y = Tensor(uninitialized: x.shape, dtype: x.dtype)
  let inverse = Tensor(uninitialized: [rows], dtype: x.dtype)
  let mean = Tensor(uninitialized: centred ? [rows] : [0], dtype: x.dtype)
  apus_normalize_rows(
    x.dtype.kernel, centred, rows, columns, x.pointer, scale?.pointer, shift?.pointer, epsilon,
    y.pointer, mean.pointer, inverse.pointer)
  extendLifetime(x.storage)
  extendLifetime(scale?.storage)
  extendLifetime(shift?.storage)
  guard x.isTracked || scale?.isTracked == true || shift?.isTracked == true else { return y }
  let (savedX, savedScale, savedMean, savedInverse) = (
    Saved(x), scale.map(Saved.init), Saved(mean), Saved(inverse)
  )
  return y.recorded(from: x, scale, shift) { upstream, node, needs in
    if isRecording() {
      return composedGradients(
        savedX.restored(node.first), savedScale?.restored(node.second), upstream, over: [1],
        affine: [0], epsilon, centred: centred)
    }
    let (x, scale) = (savedX.restored(nil), savedScale?.restored(nil))
    let (mean, inverse) = (savedMean.restored(nil), savedInverse.restored(nil))
    let upstream = upstream.contiguous()
    let gradient = Tensor(uninitialized: x.shape, dtype: x.dtype)
    let ofScale = needs[1] ? Tensor(uninitialized: [columns], dtype: x.dtype) : nil
    let ofShift = needs[2] ? Tensor(uninitialized: [columns], dtype: x.dtype) : nil
    apus_normalize_rows_backward(
      x.dtype.kernel, centred, rows, columns, x.pointer, upstream.pointer, scale?.pointer,
      mean.pointer, inverse.pointer, gradient.pointer, ofScale?.pointer, ofShift?.pointer)
    extendLifetime(x.storage)
    extendLifetime(upstream.storage)
    extendLifetime(scale?.storage)
    extendLifetime(mean.storage)
    extendLifetime(inverse.storage)
    return Cotangents(needs[0] ? gradient : nil, ofScale, ofShift)
  }
}

// MARK: - Channels

/// The mean and (biased) variance of each channel.
package struct ChannelStatistics {
  package let mean, variance: Tensor

  package init(mean: Tensor, variance: Tensor) {
    self.mean = mean
    self.variance = variance
  }
}

/// Batch normalisation of a [batch, channels, inner], y = γ (x − μ) / √(σ² + ε) + β for each
/// channel.
///
/// - Parameter statistics: What to take for μ and σ², as constants; those of the batch if `nil`.
/// - Returns: The result, and the statistics that it was made with, as constants.
package func channelsNormalized(
  _ x: Tensor, scale: Tensor?, shift: Tensor?, epsilon: Double,
  statistics: ChannelStatistics? = nil
) -> (result: Tensor, statistics: ChannelStatistics) {
  let (x, scale, shift) = inOneType(x, scale, shift)
  return sameTypeChannelsNormalized(
    x.contiguous(), scale?.contiguous(), shift?.contiguous(), epsilon, statistics)
}

private func sameTypeChannelsNormalized(
  _ x: Tensor, _ scale: Tensor?, _ shift: Tensor?, _ epsilon: Double,
  _ statistics: ChannelStatistics?
) -> (Tensor, ChannelStatistics) {
  let (outer, channels, inner) = (x.shape[0], x.shape[1], x.shape[2])
  let given = statistics != nil
  let y = Tensor(uninitialized: x.shape, dtype: x.dtype)
  func constant(_ tensor: Tensor?) -> Tensor {
    tensor?.detached.cast(to: x.dtype).contiguous()
      ?? Tensor(uninitialized: [channels], dtype: x.dtype)
  }
  let (mean, variance) = (constant(statistics?.mean), constant(statistics?.variance))
  apus_normalize_channels(
    x.dtype.kernel, given, outer, channels, inner, x.pointer, scale?.pointer, shift?.pointer,
    epsilon, y.pointer, mean.pointer, variance.pointer)
  extendLifetime(x.storage)
  extendLifetime(scale?.storage)
  extendLifetime(shift?.storage)
  let used = ChannelStatistics(mean: mean, variance: variance)
  guard x.isTracked || scale?.isTracked == true || shift?.isTracked == true else {
    return (y, used)
  }
  let (savedX, savedScale) = (Saved(x), scale.map(Saved.init))
  let (savedMean, savedVariance) = (Saved(mean), Saved(variance))
  let result = y.recorded(from: x, scale, shift) { upstream, node, needs in
    let (mean, variance) = (savedMean.restored(nil), savedVariance.restored(nil))
    if isRecording() {
      let constants = given ? ChannelStatistics(mean: mean, variance: variance) : nil
      return composedGradients(
        savedX.restored(node.first), savedScale?.restored(node.second), upstream, over: [0, 2],
        affine: [0, 2], epsilon, centred: true, statistics: constants)
    }
    let (x, scale, upstream) = (
      savedX.restored(nil), savedScale?.restored(nil), upstream.contiguous()
    )
    let gradient = Tensor(uninitialized: x.shape, dtype: x.dtype)
    let ofScale = Tensor(uninitialized: [channels], dtype: x.dtype)
    let ofShift = Tensor(uninitialized: [channels], dtype: x.dtype)
    apus_normalize_channels_backward(
      x.dtype.kernel, given, outer, channels, inner, x.pointer, upstream.pointer, scale?.pointer,
      mean.pointer, variance.pointer, epsilon, gradient.pointer, ofScale.pointer,
      ofShift.pointer)
    extendLifetime(x.storage)
    extendLifetime(upstream.storage)
    extendLifetime(scale?.storage)
    extendLifetime(mean.storage)
    extendLifetime(variance.storage)
    return Cotangents(
      needs[0] ? gradient : nil, needs[1] ? ofScale : nil, needs[2] ? ofShift : nil)
  }
  return (result, used)
}

// MARK: - The derivative in tensor operations

/// The gradients with respect to x, scale and shift, recordable.
///
/// - Parameters:
///   - axes: Those that the statistics are taken over.
///   - affine: Those along which scale and shift are stretched.
private func composedGradients(
  _ x: Tensor, _ scale: Tensor?, _ upstream: Tensor, over axes: [Int], affine: [Int],
  _ epsilon: Double, centred: Bool, statistics: ChannelStatistics? = nil
) -> Cotangents {
  var stretched = x.shape
  for axis in affine { stretched[axis] = 1 }
  func spread(_ tensor: Tensor) -> Tensor { tensor.reshaped(stretched) }
  func mean(_ tensor: Tensor) -> Tensor { tensor.mean(along: axes, keepingAxes: true) }
  let h = scale.map { upstream * spread($0) } ?? upstream
  let gradient: Tensor
  let normalized: Tensor
  if let statistics {
    let inverse = rsqrt(spread(statistics.variance) + epsilon)
    normalized = (x - spread(statistics.mean)) * inverse
    gradient = h * inverse
  } else {
    let deviation = centred ? x - mean(x) : x
    let inverse = rsqrt(mean(square(deviation)) + epsilon)
    normalized = deviation * inverse
    let along = h - normalized * mean(h * normalized)
    gradient = inverse * (centred ? along - mean(h) : along)
  }
  return Cotangents(
    gradient, scale == nil ? nil : (upstream * normalized).sum(along: affine),
    upstream.sum(along: affine))
}
