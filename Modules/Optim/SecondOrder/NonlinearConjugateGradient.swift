import Core

/// Conjugate gradients for functions that are not quadratic.
///
///     d ← −g + β d,    x ← x + t d,  t by ``StrongWolfeSearch``
///
/// with, for the last gradient g′ and y = g − g′, one of
///
///     Fletcher–Reeves    β = gᵀg / g′ᵀg′
///     Polak–Ribière+     β = max(0, gᵀy / g′ᵀg′)
///     Hestenes–Stiefel   β = gᵀy / dᵀy
///
/// On a quadratic with an exact search all three are the linear method, and end after as many
/// steps as the Hessian has different eigenvalues. The direction starts afresh from −g after n
/// steps, where it does not descend, and with Fletcher's and Reeves's formula, which else gets
/// stuck, where two gradients in a row are far from orthogonal.
///
/// The memory is three vectors. ``LBFGS`` mostly needs fewer evaluations.
///
/// Source: [Nocedal and Wright 2006, chapter 5].
public struct NonlinearConjugateGradient: Minimizer, Sendable {
  /// How β is formed.
  public enum Formula: String, Sendable, CaseIterable {
    /// β from the gradients' norms, from their difference, or from its product with the direction.
    case fletcherReeves, polakRibiere, hestenesStiefel
  }

  /// How β is computed.
  public var formula: Formula
  /// The line search.
  public var search: StrongWolfeSearch
  public var stopping: StoppingCriteria

  /// - Parameters:
  ///   - formula: `.polakRibiere` unless told otherwise.
  ///   - search: With a curvature of 0.1 unless told otherwise: conjugacy needs a good minimum
  ///     along the line.
  ///   - stopping: With at most 2000 iterations unless told otherwise.
  public init(
    _ formula: Formula = .polakRibiere,
    search: StrongWolfeSearch = StrongWolfeSearch(curvature: 0.1),
    stopping: StoppingCriteria = StoppingCriteria(maximumIterations: 2000)
  ) {
    self.formula = formula
    self.search = search
    self.stopping = stopping
  }

  /// The last direction, and what came of it.
  public struct State: Sendable {
    var last: (gradient: Tensor, direction: Tensor, slope: Double, step: Double)?
    var stepsSinceRestart = 0
  }

  public func initialState(at start: ScalarObjective.Point) -> State { State() }

  public func step(
    from point: ScalarObjective.Point, of problem: ScalarObjective, state: inout State
  ) -> MinimizerStep<ScalarObjective.Point> {
    let steepest = -point.gradient
    let conjugate = direction(at: point, steepest, &state)
    for direction in [conjugate, steepest] {
      let slope = dot(point.gradient, direction).item()
      // The last step's decrease, to first order, is expected again.
      let guess = state.last.map { $0.step * $0.slope / slope } ?? 1 / point.gradientNorm
      let firstStep = min(guess, 10 / direction.norm().item())
      if let (next, step) = search.search(
        problem, from: point, along: direction, firstStep: firstStep)
      {
        state.last = (point.gradient, direction, slope, step)
        state.stepsSinceRestart += 1
        return .moved(to: next)
      }
      state = State()
    }
    return .stuck(.noFurtherDescent)
  }

  private func direction(
    at point: ScalarObjective.Point, _ steepest: Tensor, _ state: inout State
  ) -> Tensor {
    guard let last = state.last, state.stepsSinceRestart < point.position.count else {
      state.stepsSinceRestart = 0
      return steepest
    }
    let g = point.gradient
    let (now, before) = (dot(g, g).item(), dot(last.gradient, last.gradient).item())
    let overlap = dot(g, last.gradient).item()
    let beta =
      switch formula {
      case .fletcherReeves: now / before
      case .polakRibiere: max(0, (now - overlap) / before)
      case .hestenesStiefel: (now - overlap) / dot(last.direction, g - last.gradient).item()
      }
    let direction = steepest + beta * last.direction
    let slope = dot(g, direction).item()
    guard abs(overlap) < 0.2 * now || formula != .fletcherReeves, slope < -1e-10 * now else {
      state.stepsSinceRestart = 0
      return steepest
    }
    return direction
  }
}
