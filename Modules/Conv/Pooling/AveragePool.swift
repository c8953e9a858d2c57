import Core

/// The mean of each window.
///
/// ```
/// y[n, c, o] = 1 / divisor(o) · Σ_j x[n, c, o · stride + j − before]
/// ```
///
/// ```swift
/// let y = averagePool(x, kernel: 3, stride: 2, padding: 1)
/// ```
///
/// - Parameters:
///   - x: [batch, channels, space…] with one, two or three axes of space; or without the batch,
///     where `kernel` lists a number for each axis of space and so tells how many there are.
///   - stride: From one window to the next; by default the kernel, so that windows lie side by
///     side.
///   - roundsUp: Whether a last window that the border cuts off counts too.
///   - countsPadding: Whether the zeros of the padding count in the divisor. What lies beyond the
///     padding never does.
///   - divisor: Takes the place of the number of elements.
/// - Returns: [batch, channels, output…].
///
/// Traps when the kernel is larger than the padded input, or a window would see padding alone.
public func averagePool(
  _ x: Tensor, kernel: PerAxis, stride: PerAxis? = nil, padding: Padding = .valid,
  roundsUp: Bool = false, countsPadding: Bool = true, divisor: Double? = nil
) -> Tensor {
  averagePool(
    x, rank: kernel.rank, kernel: kernel, Windows(stride: stride ?? kernel, padding: padding),
    roundsUp: roundsUp, countsPadding: countsPadding, divisor: divisor, in: "averagePool")
}

func averagePool(
  _ x: Tensor, rank: Int?, kernel: PerAxis, _ windows: Windows, roundsUp: Bool,
  countsPadding: Bool, divisor: Double?, in operation: String
) -> Tensor {
  let (_, axes) = pooling(
    x, rank: rank, kernel: kernel, windows, roundsUp: roundsUp, in: operation)
  guard let divisor else {
    return AxisMaps(
      axes.map { axis in
        axis.map { Double(countsPadding ? axis.paddedTaps(of: $0) : axis.taps(of: $0).count) }
      }
    ).apply(x)
  }
  require(divisor != 0, "\(operation): the divisor is 0")
  var maps = axes.map { axis in axis.map { _ in 1 } }
  maps[maps.count - 1] = maps[maps.count - 1].scaled(by: 1 / divisor)
  return AxisMaps(maps).apply(x)
}

extension WindowAxis {
  /// The sum of each window, divided.
  func map(_ divisor: (_ window: Int) -> Double) -> AxisMap {
    AxisMap(size: size, output: output) { window in
      let (first, weight) = (first(window), 1 / divisor(window))
      return taps(of: window).map { (first + $0 * dilation, weight) }
    }
  }
}
