import Core

/// Gauss's method for sums of squares, f(x) = ½ ‖r(x)‖²: the residuals are replaced by their linear
/// model, and the linear least-squares problem is solved.
///
///     d = argmin ‖r + J d‖² = −J⁺ r,    x ← x + t d
///
/// It is Newton's method with JᵀJ in the place of H = JᵀJ + Σᵢ rᵢ ∇²rᵢ: no second derivatives, d
/// always descends, and near a solution with small residuals convergence is as fast. Where J has not
/// full rank d is the shortest of the solutions. t is 1, ½, ¼, … until f has fallen by 10⁻⁴ of what
/// the slope promises; ``LevenbergMarquardt`` is sturdier far from the solution.
public struct GaussNewton: Minimizer, Sendable {
  public var stopping: StoppingCriteria

  /// The method, stopped by these criteria.
  public init(stopping: StoppingCriteria = StoppingCriteria()) { self.stopping = stopping }

  public func initialState(at start: ResidualObjective.Point) {}

  public func step(
    from point: ResidualObjective.Point, of problem: ResidualObjective, state: inout Void
  ) -> MinimizerStep<ResidualObjective.Point> {
    let direction =
      (try? leastSquares(checking: point.jacobian, -point.residuals))
      ?? -matmul(pseudoInverse(point.jacobian), point.residuals)
    let slope = dot(point.gradient, direction).item()
    guard slope < 0 else { return .stuck(.noFurtherDescent) }
    var step = 1.0
    for _ in 0..<60 {
      let position = point.position + step * direction
      let (residuals, value) = problem.residuals(at: position)
      if value < point.value, value <= point.value + 1e-4 * step * slope {
        let next = problem.linearize(at: position, residuals, value)
        if next.isFinite { return .moved(to: next) }
      }
      step *= 0.5
    }
    return .stuck(.noFurtherDescent)
  }
}
