import Foundation

/// The range of an axis, with marks at round numbers.
struct Axis: Equatable {
  let range: ClosedRange<Double>
  let ticks: [Double]
  /// The decimals of a mark; `nil` where marks are exponents of ten.
  private let decimals: Int?

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

  /// The axis of logarithms to base 10 that holds those of all values, with marks at powers of ten.
  ///
  /// - Parameter logarithms: What to show; those of 0 and of negative numbers are passed over.
  init(coveringLogarithms logarithms: some Sequence<Double>, steps count: Int = 6) {
    let finite = logarithms.filter(\.isFinite)
    let low = (finite.min() ?? 0).rounded(.down)
    let high = max((finite.max() ?? 1).rounded(.up), low + 1)
    let step = max(1, ((high - low) / Double(max(count, 1))).rounded(.up))
    range = low...low + ((high - low) / step).rounded(.up) * step
    ticks = Array(stride(from: low, through: range.upperBound, by: step))
    decimals = nil
  }

  /// 1, 2 or 5 times a power of ten, near `step` from above.
  static func roundStep(_ step: Double) -> Double {
    let power = pow(10, log10(step).rounded(.down))
    let multiple = [1, 2, 5, 10].first { $0 * power >= step * (1 - 1e-9) } ?? 10
    return multiple * power
  }

  /// The text of a mark.
  func label(_ tick: Double) -> String {
    guard let decimals else { return "10" + superscript(Int(tick)) }
    return fixed(tick == 0 ? 0 : tick, decimals)
  }

  /// Where a value is between the ends of the range, from 0 to 1.
  func share(_ value: Double) -> Double {
    (value - range.lowerBound) / (range.upperBound - range.lowerBound)
  }
}
