import Core

/// Newton's method for many variables: the equations H d = −g are solved by conjugate gradients, on
/// Hessian–vector products, and only as well as it pays.
///
///     ‖H d + g‖ ≤ min(½, √‖g‖) ‖g‖,    x ← x + t d,  t by ``StrongWolfeSearch``
///
/// The tolerance makes the last steps converge faster than linearly. Where a direction of negative
/// curvature turns up, the solution so far is used, and at the very beginning that direction, −g.
/// Either way d descends.
///
/// Each product is one backward pass through the recorded gradient; the matrix is never formed.
///
/// Source: [Nocedal and Wright 2006, algorithm 7.1].
public struct TruncatedNewton: Minimizer, Sendable {
  /// The most products in one step; `nil` for as many as there are variables.
  public var maximumProducts: Int?
  /// The line search.
  public var search: StrongWolfeSearch
  public var stopping: StoppingCriteria

  /// - Parameters:
  ///   - maximumProducts: `nil` unless told otherwise.
  public init(
    maximumProducts: Int? = nil, search: StrongWolfeSearch = StrongWolfeSearch(),
    stopping: StoppingCriteria = StoppingCriteria()
  ) {
    require(
      maximumProducts ?? 1 > 0, "TruncatedNewton: no Hessian–vector product is allowed")
    self.maximumProducts = maximumProducts
    self.search = search
    self.stopping = stopping
  }

  public func initialState(at start: ScalarObjective.Point) {}

  public func step(
    from point: ScalarObjective.Point, of problem: ScalarObjective, state: inout Void
  ) -> MinimizerStep<ScalarObjective.Point> {
    let inner = LinearConjugateGradient(
      problem.hessianProduct(at: point.position), -point.gradient,
      tolerance: min(0.5, point.gradientNorm.squareRoot()),
      maximumIterations: maximumProducts ?? point.position.count)
    let isSteepest = inner.iterations == 0
    let direction = isSteepest ? -point.gradient : inner.solution
    guard
      let (next, _) = search.search(
        problem, from: point, along: direction,
        firstStep: isSteepest ? min(1, 1 / point.gradientNorm) : 1)
    else { return .stuck(.noFurtherDescent) }
    return .moved(to: next)
  }
}
