import Core

/// Levenberg's and Marquardt's method for sums of squares, f(x) = ½ ‖r(x)‖²: Gauss–Newton with a
/// damping that follows how well the linear model of the residuals did.
///
///     (JᵀJ + λ D) d = −Jᵀ r
///     ρ = (f(x) − f(x + d)) / (½ dᵀ(λ D d − Jᵀ r))
///     ρ > 0:  x ← x + d,  λ ← λ max(⅓, 1 − (2ρ − 1)³),  ν ← 2
///     else:   λ ← ν λ,  ν ← 2ν
///
/// ρ, the gain ratio, is the decrease beside what the linear model promised. Small λ is the step of
/// ``GaussNewton``; large λ a short step against the gradient. A trial point that is not finite
/// counts as one that did not go down.
///
/// The equations are solved as the least-squares problem of J over √(λ D), so that the condition
/// of J is not squared.
///
/// ```swift
/// let fit = LevenbergMarquardt().minimize(from: Tensor([1, 1], dtype: .float64)) { p in
///   p[0] * exp(p[1] * times) - observations                  // the residuals
/// }
/// ```
///
/// Source: [Marquardt 1963]; the damping by [Nielsen 1999].
public struct LevenbergMarquardt: Minimizer, Sendable {
  /// λ at the start; relative to the largest element of diag(JᵀJ) unless ``isScaled``.
  public var initialDamping: Double
  /// Whether D is diag(JᵀJ), which makes the steps independent of the unknowns' units, in place of
  /// the identity.
  public var isScaled: Bool
  public var stopping: StoppingCriteria

  /// - Parameters:
  ///   - initialDamping: 1e-3 unless told otherwise.
  ///   - isScaled: `false` unless told otherwise.
  public init(
    initialDamping: Double = 1e-3, isScaled: Bool = false,
    stopping: StoppingCriteria = StoppingCriteria()
  ) {
    require(
      initialDamping > 0,
      "LevenbergMarquardt: the initial damping \(initialDamping) is not positive")
    self.initialDamping = initialDamping
    self.isScaled = isScaled
    self.stopping = stopping
  }

  /// The damping.
  public struct State: Sendable {
    /// λ
    public internal(set) var damping: Double
    /// ν
    var growth = 2.0
    /// The diagonal of D. It never falls, so that an unknown that once counted keeps its scale.
    var scale: Tensor
  }

  public func initialState(at start: ResidualObjective.Point) -> State {
    let diagonal = square(start.jacobian).sum(along: 0)
    let greatest = diagonal.count > 0 ? diagonal.maximum().item() : 0
    return State(
      damping: isScaled || greatest == 0 ? initialDamping : initialDamping * greatest,
      scale: isScaled ? diagonal : .ones(like: diagonal))
  }

  public func step(
    from point: ResidualObjective.Point, of problem: ResidualObjective, state: inout State
  ) -> MinimizerStep<ResidualObjective.Point> {
    if isScaled {
      state.scale = maximum(state.scale, square(point.jacobian).sum(along: 0))
    }
    // An unknown that never counted may have any scale.
    let scale = state.scale.filled(with: 1, where: state.scale .== 0)
    let roundoff = unitRoundoff(of: point.position.dtype)
    for _ in 0..<60 {
      let weights = state.damping * scale
      let direction = leastSquares(
        concatenated([point.jacobian, diagonalMatrix(sqrt(weights))]),
        concatenated([-point.residuals, .zeros(like: weights)]))
      let length = direction.norm().item()
      guard length.isFinite, length > roundoff * roundoff else { break }
      let promised = 0.5 * dot(direction, weights * direction - point.gradient).item()
      let position = point.position + direction
      let (residuals, value) = problem.residuals(at: position)
      let gain = (point.value - value) / promised
      if gain > 0 {
        let next = problem.linearize(at: position, residuals, value)
        if next.isFinite {
          let distance = 2 * gain - 1
          state.damping *= max(1.0 / 3, 1 - distance * distance * distance)
          state.growth = 2
          return .moved(to: next)
        }
      }
      // Neither the model nor the function can tell the points apart any more.
      if promised <= roundoff * point.value, abs(value - point.value) <= promised { break }
      state.damping *= state.growth
      state.growth *= 2
    }
    return .stuck(.noFurtherDescent)
  }
}
