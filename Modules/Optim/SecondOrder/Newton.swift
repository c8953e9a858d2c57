import Core

/// Newton's method on the explicit Hessian: to the stationary point of the second-order Taylor
/// model, again and again.
///
///     x ← x − H⁻¹ g
///
/// Near a minimum with H > 0 the number of right digits doubles at each step. Undamped, that is
/// all: a quadratic takes one step, but so does one without a minimum, for a saddle or a maximum is
/// stationary too, and far from one the step may lead anywhere.
///
/// Damped, it always goes down. Where H is not positive definite, its eigenvalues λᵢ are replaced
/// by max(|λᵢ|, δ maxⱼ |λⱼ|), so that directions of negative curvature are followed downhill; the
/// length is found by ``StrongWolfeSearch``, beginning with 1.
///
/// Each step costs n backward passes for H and about n³/3 operations to solve, 9 n³ where H is not
/// positive definite. For more than a few hundred variables see ``TruncatedNewton``.
///
/// Source: course document 003, question 3.3; [Nocedal and Wright 2006, chapter 3].
public struct Newton: Minimizer, Sendable {
  /// Whether a line search shortens steps.
  public var isDamped: Bool
  /// δ
  public var smallestCurvature: Double
  /// The line search.
  public var search: StrongWolfeSearch
  public var stopping: StoppingCriteria

  /// - Parameters:
  ///   - isDamped: `true` unless told otherwise.
  ///   - smallestCurvature: δ; 1e-8 unless told otherwise. Undamped it is not used.
  ///   - search: For the damped method.
  public init(
    isDamped: Bool = true, smallestCurvature: Double = 1e-8,
    search: StrongWolfeSearch = StrongWolfeSearch(),
    stopping: StoppingCriteria = StoppingCriteria()
  ) {
    require(
      smallestCurvature > 0,
      "Newton: the smallest curvature \(smallestCurvature) is not positive")
    self.isDamped = isDamped
    self.smallestCurvature = smallestCurvature
    self.search = search
    self.stopping = stopping
  }

  public func initialState(at start: ScalarObjective.Point) {}

  public func step(
    from point: ScalarObjective.Point, of problem: ScalarObjective, state: inout Void
  ) -> MinimizerStep<ScalarObjective.Point> {
    let hessian = problem.hessian(at: point.position)
    guard isDamped else {
      guard let step = try? solve(checking: hessian, point.gradient) else {
        return .stuck(.singularHessian)
      }
      return .moved(to: problem.evaluate(at: point.position - step))
    }
    guard let direction = descent(hessian, point.gradient) else { return .stuck(.notFinite) }
    guard let (next, _) = search.search(problem, from: point, along: direction) else {
      return .stuck(.noFurtherDescent)
    }
    return .moved(to: next)
  }

  /// −|H|⁻¹ g; `nil` when H is not finite.
  private func descent(_ hessian: Tensor, _ gradient: Tensor) -> Tensor? {
    if let factor = try? cholesky(checking: hessian) {
      let direction = triangularSolve(factor, triangularSolve(factor, -gradient), transposed: true)
      if direction.norm().item().isFinite { return direction }
    }
    guard let (values, vectors) = try? symmetricEigen(checking: hessian) else { return nil }
    let sizes = abs(values)
    let greatest = sizes.maximum().item()
    // A function that is flat to second order: plain descent.
    guard greatest > 0 else { return -gradient }
    let curvatures = maximum(sizes, smallestCurvature * greatest)
    return -matmul(vectors, matmul(gradient, vectors) / curvatures)
  }
}
