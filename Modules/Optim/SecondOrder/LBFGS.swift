import Core

/// The limited-memory method of Broyden, Fletcher, Goldfarb and Shanno: Newton's method with an
/// inverse Hessian guessed from the last few steps.
///
///     s = xₖ₊₁ − xₖ,  y = gₖ₊₁ − gₖ
///     d = −B g,  B the inverse that the last m pairs (s, y) make of (sᵀy / yᵀy) I
///     xₖ₊₁ = xₖ + t d,  t by ``StrongWolfeSearch``
///
/// Each step costs 4 m n operations beside the evaluations, and the memory is 2 m vectors. The
/// method of choice for smooth functions of many variables.
///
/// Source: [Liu and Nocedal 1989].
public struct LBFGS: Minimizer, Sendable {
  /// m
  public var memory: Int
  /// The line search.
  public var search: StrongWolfeSearch
  public var stopping: StoppingCriteria

  /// - Parameters:
  ///   - memory: m; 10 unless told otherwise.
  public init(
    memory: Int = 10, search: StrongWolfeSearch = StrongWolfeSearch(),
    stopping: StoppingCriteria = StoppingCriteria()
  ) {
    require(memory > 0, "LBFGS: the memory \(memory) is not positive")
    self.memory = memory
    self.search = search
    self.stopping = stopping
  }

  /// What the last steps tell of the curvature.
  public struct State: Sendable {
    var pairs: [(step: Tensor, change: Tensor, product: Double)] = []
    /// sᵀy / yᵀy of the last pair.
    var scale = 1.0
  }

  public func initialState(at start: ScalarObjective.Point) -> State { State() }

  public func step(
    from point: ScalarObjective.Point, of problem: ScalarObjective, state: inout State
  ) -> MinimizerStep<ScalarObjective.Point> {
    // A step that fails may be the fault of old pairs: once more without them.
    for attempt in 0..<(state.pairs.isEmpty ? 1 : 2) {
      if attempt == 1 { state = State() }
      let direction = -state.inverseProduct(point.gradient)
      let firstStep = state.pairs.isEmpty ? min(1, 1 / point.gradientNorm) : 1
      if let (next, _) = search.search(
        problem, from: point, along: direction, firstStep: firstStep)
      {
        state.remember(point, next, atMost: memory)
        return .moved(to: next)
      }
    }
    return .stuck(.noFurtherDescent)
  }
}

extension LBFGS.State {
  /// B g, by the two loops of Nocedal.
  func inverseProduct(_ gradient: Tensor) -> Tensor {
    var q = gradient
    var weights: [Double] = []
    for (step, change, product) in pairs.reversed() {
      let weight = dot(step, q).item() / product
      weights.append(weight)
      q -= weight * change
    }
    q *= scale
    for ((step, change, product), weight) in zip(pairs, weights.reversed()) {
      q += (weight - dot(change, q).item() / product) * step
    }
    return q
  }

  /// A pair without positive curvature would make B indefinite; it is left out.
  mutating func remember(
    _ last: ScalarObjective.Point, _ next: ScalarObjective.Point, atMost limit: Int
  ) {
    let (step, change) = (next.position - last.position, next.gradient - last.gradient)
    let product = dot(step, change).item()
    let square = dot(change, change).item()
    guard product > unitRoundoff(of: step.dtype) * square, square > 0 else { return }
    if pairs.count == limit { pairs.removeFirst() }
    pairs.append((step, change, product))
    scale = product / square
  }
}
