import Core

/// A derivative that finite differences do not confirm.
public struct GradientError: Error, Sendable, CustomStringConvertible {
  /// The parameter by its name in the layer, or `input` (`input.0`, `input.1` where there are
  /// several).
  public let variable: String
  /// Which derivative: 1 or 2.
  public let order: Int
  /// The element of the variable; `nil` when all were moved together, in a random direction.
  public let position: [Int]?
  /// The derivative by automatic differentiation and by finite differences.
  public let analytic, numeric: Double
  /// How far apart they may be.
  public let allowed: Double
  /// How many of the positions that were looked at are wrong.
  public let count, positions: Int
  /// The mode in which the gradients were taken.
  public let mode: Mode

  public var description: String {
    let what = order == 1 ? "gradient" : "second derivative"
    let place = position.map { "at \($0)" } ?? "in a random direction"
    let modeName = mode == .training ? "training" : "inference"
    return """
      checkGradients: the \(what) with respect to \(variable) is wrong \(place) \
      (\(count) of \(positions) positions are, in \(modeName) mode): automatic \(analytic), \
      finite differences \(numeric), \(abs(analytic - numeric)) apart, allowed \(allowed)
      """
  }
}

/// A function whose derivatives finite differences cannot judge.
public enum UncheckableError: Error, Sendable, CustomStringConvertible {
  /// Two calls with the same input gave different results.
  case nondeterministic
  /// The result was float32 though inputs and parameters were float64.
  case singlePrecision

  public var description: String {
    switch self {
    case .nondeterministic:
      """
      checkGradients: two calls with the same input differ; draw random numbers from \
      RandomGenerator.split(), and keep no state but in buffers
      """
    case .singlePrecision:
      """
      checkGradients: the result is float32 though input and parameters are float64; give \
      constants the type of the input
      """
    }
  }
}
