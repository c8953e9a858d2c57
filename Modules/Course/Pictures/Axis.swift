import Foundation

/// The range of an axis, with marks at round numbers.
struct Axis: Equatable {
  let range: ClosedRange<Double>
  let ticks: [Double]
  private let decimals: Int

  /// The smallest axis with round ends that holds all values.
  ///
  /// - Parameters:
  ///   - values: What to show; infinities and NaN are passed over.
  ///   - count: About how many steps between marks.
  ///   - isWhole: Whether only whole numbers make sense as marks.
  init(
    covering values: some Sequence<Double>, steps count: Int = 5, isWhole: Bool = false
  ) {
    let finite = values.filter(\.isFinite)
    var low = finite.min() ?? 0
    var high = finite.max() ?? 1
    if low == high {
      let margin = isWhole ? 1 : max(abs(low) * 0.1, 1e-3)
      (low, high) = (low - margin, high + margin)
    }
    var step = Axis.roundStep((high - low) / Double(max(count, 1)))
    if isWhole { step = max(1, step.rounded()) }
    // Without the tolerance 0.3 / 0.1 would open one more, empty step.
    let first = (low / step + 1e-9).rounded(.down)
    let last = (high / step - 1e-9).rounded(.up)
    range = first * step...last * step
    ticks = stride(from: first, through: last, by: 1).map { $0 * step }
    decimals = max(0, Int(-log10(step * 1.001).rounded(.down)))
  }

  /// 1, 2 or 5 times a power of ten, near `step` from above.
  static func roundStep(_ step: Double) -> Double {
    let power = pow(10, log10(step).rounded(.down))
    let multiple = [1, 2, 5, 10].first { $0 * power >= step * (1 - 1e-9) } ?? 10
    return multiple * power
  }

  /// The text of a mark.
  func label(_ tick: Double) -> String { fixed(tick == 0 ? 0 : tick, decimals) }

  /// Where a value is between the ends of the range, from 0 to 1.
  func share(_ value: Double) -> Double {
    (value - range.lowerBound) / (range.upperBound - range.lowerBound)
  }
}
