import Core

/// When a ``Minimizer`` stops: as soon as one of these says so.
///
///     ‖∇f‖ ≤ gradientTolerance
///     |Δf| ≤ valueTolerance · |f|          three times in a row
///     ‖Δx‖ ≤ stepTolerance · ‖x‖
public struct StoppingCriteria: Sendable {
  /// For the Euclidean norm of the gradient.
  public var gradientTolerance: Double
  /// Relative; `nil` stands for two units in the last place of the element type.
  public var valueTolerance: Double?
  /// Relative; 0 switches it off.
  public var stepTolerance: Double
  /// How many iterations at most.
  public var maximumIterations: Int
  /// Looked at between iterations; `nil` for no limit.
  public var maximumEvaluations: Int?

  /// - Parameters:
  ///   - gradientTolerance: 1e-7 unless told otherwise.
  ///   - valueTolerance: `nil` unless told otherwise.
  ///   - stepTolerance: 0 unless told otherwise.
  ///   - maximumIterations: 500 unless told otherwise.
  ///   - maximumEvaluations: `nil` unless told otherwise.
  public init(
    gradientTolerance: Double = 1e-7, valueTolerance: Double? = nil, stepTolerance: Double = 0,
    maximumIterations: Int = 500, maximumEvaluations: Int? = nil
  ) {
    require(
      gradientTolerance >= 0 && valueTolerance ?? 0 >= 0 && stepTolerance >= 0,
      "StoppingCriteria: tolerances must not be negative")
    require(
      maximumIterations >= 0 && maximumEvaluations ?? 0 >= 0,
      "StoppingCriteria: limits must not be negative")
    self.gradientTolerance = gradientTolerance
    self.valueTolerance = valueTolerance
    self.stepTolerance = stepTolerance
    self.maximumIterations = maximumIterations
    self.maximumEvaluations = maximumEvaluations
  }
}

/// Applies the criteria along a path.
struct StoppingWatch {
  private let criteria: StoppingCriteria
  private let valueTolerance: Double
  /// How many of the latest steps hardly changed the value.
  private var settled = 0
  private var stepVanished = false

  init(_ criteria: StoppingCriteria, dtype: DType) {
    self.criteria = criteria
    valueTolerance = criteria.valueTolerance ?? 2 * unitRoundoff(of: dtype)
  }

  mutating func note(from last: some ObjectivePoint, to next: some ObjectivePoint) {
    let scale = max(abs(last.value), abs(next.value))
    settled = abs(next.value - last.value) <= valueTolerance * scale ? settled + 1 : 0
    guard criteria.stepTolerance > 0 else { return }
    let step = (next.position - last.position).norm().item()
    stepVanished = step <= criteria.stepTolerance * next.position.norm().item()
  }

  func reason(
    at point: some ObjectivePoint, _ iterations: Int, _ evaluations: Int
  ) -> StopReason? {
    if point.gradientNorm <= criteria.gradientTolerance { return .gradientVanished }
    if settled >= 3 { return .valueSettled }
    if stepVanished { return .stepVanished }
    if iterations >= criteria.maximumIterations { return .iterationLimit }
    if let limit = criteria.maximumEvaluations, evaluations >= limit { return .evaluationLimit }
    return nil
  }
}

/// The distance from 1 to the next number of a floating type.
func unitRoundoff(of dtype: DType) -> Double {
  dtype == .float32 ? Double(Float.ulpOfOne) : Double.ulpOfOne
}
