import Core

/// A search along a line for a point that is lower by enough and flatter by enough: the strong
/// Wolfe conditions on φ(t) = f(x + t d).
///
///     φ(t) ≤ φ(0) + c₁ t φ′(0)
///     |φ′(t)| ≤ c₂ |φ′(0)|
///
/// The step is lengthened until a minimum is bracketed, then the bracket shrinks by cubic
/// interpolation, and by halves where that is slow. Where the function is not finite the step was
/// too long, and the search goes back towards the last finite point. Near the precision of the
/// element type a value may be higher by a few units in the last place: the slope then decides.
///
/// Source: [Nocedal and Wright 2006, algorithms 3.5 and 3.6].
public struct StrongWolfeSearch: Sendable {
  /// c₁
  public var decrease: Double
  /// c₂
  public var curvature: Double
  /// How many evaluations at most.
  public var maximumEvaluations: Int

  /// - Parameters:
  ///   - decrease: c₁; 1e-4 unless told otherwise.
  ///   - curvature: c₂; 0.9 unless told otherwise, which suits steps whose length is good already.
  ///   - maximumEvaluations: 30 unless told otherwise.
  public init(decrease: Double = 1e-4, curvature: Double = 0.9, maximumEvaluations: Int = 30) {
    require(
      0 < decrease && decrease < curvature && curvature < 1,
      "StrongWolfeSearch: needs 0 < decrease < curvature < 1, not \(decrease) and \(curvature)")
    require(maximumEvaluations > 0, "StrongWolfeSearch: no evaluation is allowed")
    self.decrease = decrease
    self.curvature = curvature
    self.maximumEvaluations = maximumEvaluations
  }

  /// - Parameters:
  ///   - direction: A vector d with φ′(0) < 0.
  ///   - firstStep: The t that is tried first.
  /// - Returns: The point, and its t; without one that meets both conditions, the lowest that meets
  ///   the first; `nil` when there is none or the direction does not descend.
  public func search(
    _ problem: ScalarObjective, from start: ScalarObjective.Point, along direction: Tensor,
    firstStep: Double = 1
  ) -> (point: ScalarObjective.Point, step: Double)? {
    let slope = dot(start.gradient, direction).item()
    guard slope < 0, slope.isFinite, firstStep > 0, firstStep.isFinite else { return nil }
    let slack = 4 * unitRoundoff(of: start.position.dtype) * abs(start.value)
    var bracket = Bracket(low: Trial(step: 0, value: start.value, slope: slope, point: start))
    var step = firstStep
    for _ in 0..<maximumEvaluations {
      let trial = Trial(problem, start, direction, step)
      if trial.isFinite {
        let isLower = trial.value <= start.value + decrease * step * slope + slack
        if isLower && abs(trial.slope) <= -curvature * slope { return (trial.point, step) }
        if isLower && trial.value < bracket.low.value {
          bracket.lower(to: trial)
        } else {
          bracket.raise(to: trial)
        }
      } else {
        bracket.raise(to: trial)
      }
      guard let next = bracket.nextStep() else { break }
      step = next
    }
    let low = bracket.low
    return low.step > 0 ? (low.point, low.step) : nil
  }
}

/// A point on the line.
private struct Trial {
  let step, value, slope: Double
  let point: ScalarObjective.Point

  init(step: Double, value: Double, slope: Double, point: ScalarObjective.Point) {
    self.step = step
    self.value = value
    self.slope = slope
    self.point = point
  }

  init(
    _ problem: ScalarObjective, _ start: ScalarObjective.Point, _ direction: Tensor,
    _ step: Double
  ) {
    point = problem.evaluate(at: start.position + step * direction)
    value = point.value
    slope = dot(point.gradient, direction).item()
    self.step = step
  }

  var isFinite: Bool { point.isFinite && slope.isFinite }
}

/// The steps between which there is a minimum: from the lowest point down the slope to another one,
/// which may be on either side of it, or not known yet.
private struct Bracket {
  var low: Trial
  private var high: Trial?
  /// The lowest before this one, for extrapolation.
  private var previous: Trial?
  private var widths: [Double] = []

  init(low: Trial) { self.low = low }

  mutating func lower(to trial: Trial) {
    let side = high.map { $0.step - low.step } ?? 1
    if trial.slope * side >= 0 { high = low }
    previous = low
    low = trial
  }

  mutating func raise(to trial: Trial) { high = trial }

  /// Where to look next; `nil` when the bracket is as small as numbers get.
  mutating func nextStep() -> Double? {
    guard let high else {
      // Downhill still: where the cubic turns, but between 2 and 10 times as far.
      let guess = previous.flatMap { cubicMinimum($0, low) } ?? 4 * low.step
      return min(max(guess, 2 * low.step), 10 * low.step)
    }
    let width = abs(high.step - low.step)
    guard width > 4 * Double.ulpOfOne * max(abs(high.step), abs(low.step)) else { return nil }
    widths.append(width)
    guard high.isFinite else { return low.step + 0.25 * (high.step - low.step) }
    let isSlow = widths.count > 2 && width > 0.6 * widths[widths.count - 3]
    let middle = 0.5 * (low.step + high.step)
    guard !isSlow, let guess = cubicMinimum(low, high) else { return middle }
    let margin = 0.1 * width
    let (left, right) = (min(low.step, high.step) + margin, max(low.step, high.step) - margin)
    return min(max(guess, left), right)
  }
}

/// The minimum of the cubic through two values and slopes, if it has one.
private func cubicMinimum(_ a: Trial, _ b: Trial) -> Double? {
  let d = a.slope + b.slope - 3 * (a.value - b.value) / (a.step - b.step)
  let discriminant = d * d - a.slope * b.slope
  guard discriminant >= 0 else { return nil }
  let root = b.step > a.step ? discriminant.squareRoot() : -discriminant.squareRoot()
  let denominator = b.slope - a.slope + 2 * root
  let step = b.step - (b.step - a.step) * (b.slope + root - d) / denominator
  return step.isFinite ? step : nil
}
