import Core

/// A method that goes down a deterministic function until it finds a minimum.
///
/// Unlike an `Optimizer`, which turns one gradient into one step, a minimiser asks for values,
/// gradients and curvature where it likes, and decides when it is done.
///
/// ```swift
/// let minimum = LBFGS().minimize(from: Tensor([-1.2, 1], dtype: .float64)) { x in
///   square(1 - x[0]) + 100 * square(x[1] - square(x[0]))
/// }
/// print(minimum.position, minimum.value, minimum.reason)
///
/// let fit = LBFGS().minimize(over: model) {
///   softmaxCrossEntropy(logits: model(inputs), labels: labels)
/// }
/// ```
///
/// A minimiser of your own says what it remembers and what one step is; the loop, the stopping
/// criteria and the reports are here.
public protocol Minimizer<Problem> {
  /// What it can ask of the function: ``ScalarObjective``, or ``ResidualObjective`` for sums of
  /// squares.
  associatedtype Problem: Objective
  /// What it remembers from step to step.
  associatedtype State

  /// When it stops.
  var stopping: StoppingCriteria { get }

  /// The memory before the first step.
  func initialState(at start: Problem.Point) -> State

  /// One step, or why there is none. Positions are vectors here, whatever the shape of the start.
  func step(
    from point: Problem.Point, of problem: Problem, state: inout State
  ) -> MinimizerStep<Problem.Point>
}

/// What a step of a ``Minimizer`` gives.
public enum MinimizerStep<Point> {
  /// Where it leads.
  case moved(to: Point)
  /// There is none; the minimisation ends where it is.
  case stuck(StopReason)
}

extension Minimizer {
  /// Minimises a function of a tensor.
  ///
  /// - Parameters:
  ///   - start: Where to begin: floating-point, of any shape. float64 is worth it here.
  ///   - onIteration: Looks at every iteration after it is done, and may ``MinimizerProgress/stop()``.
  ///   - function: A scalar; for ``GaussNewton`` and ``LevenbergMarquardt`` the residuals, of any
  ///     shape. It must give the same for the same argument, so no dropout.
  /// - Returns: The best point that was reached, and why it is the last one.
  public func minimize(
    from start: Tensor, onIteration: (inout MinimizerProgress) -> Void = { _ in },
    _ function: (Tensor) -> Tensor
  ) -> Minimization {
    require(
      start.dtype.isFloating, "minimize: the start is \(start.dtype); cast it to a floating type")
    let shape = start.shape
    return withoutActuallyEscaping(function) { function in
      let problem = Problem { function($0.reshaped(shape)) }
      return run(problem, from: start.detached.flattened(), shape: shape, onIteration)
    }
  }

  /// Minimises a loss over the parameters of a model that are not frozen, and leaves them there.
  ///
  /// - Parameters:
  ///   - model: Its parameters must be of one floating type. They move at each iteration, so
  ///     `onIteration` may evaluate the model.
  ///   - mode: `.inference` unless told otherwise: the loss must be the same at each call.
  ///   - onIteration: As for a function; ``MinimizerProgress/position`` is the ``ParameterVector``.
  ///   - loss: A scalar; for ``GaussNewton`` and ``LevenbergMarquardt`` the residuals.
  @discardableResult
  public func minimize<Model: Layer>(
    over model: Model, mode: Mode = .inference,
    onIteration: (inout MinimizerProgress) -> Void = { _ in }, _ loss: () -> Tensor
  ) -> Minimization {
    let vector = ParameterVector(of: model)
    let start = vector.value
    let minimum = withoutActuallyEscaping(loss) { loss in
      let problem = Problem(vector.function(mode, loss))
      return run(problem, from: start, shape: start.shape) { progress in
        vector.value = progress.position
        onIteration(&progress)
      }
    }
    vector.value = minimum.position
    return minimum
  }

  private func run(
    _ problem: Problem, from start: Tensor, shape: Shape,
    _ onIteration: (inout MinimizerProgress) -> Void
  ) -> Minimization {
    var point = problem.evaluate(at: start)
    var iterations = 0
    func result(_ reason: StopReason) -> Minimization {
      Minimization(
        position: point.position.reshaped(shape), value: point.value,
        gradient: point.gradient.reshaped(shape), iterations: iterations,
        evaluations: problem.evaluations, curvatureEvaluations: problem.curvatureEvaluations,
        reason: reason)
    }
    guard point.isFinite else { return result(.notFinite) }
    var state = initialState(at: point)
    var watch = StoppingWatch(stopping, dtype: start.dtype)
    while true {
      if let reason = watch.reason(at: point, iterations, problem.evaluations) {
        return result(reason)
      }
      let next: Problem.Point
      switch step(from: point, of: problem, state: &state) {
      case .stuck(let reason): return result(reason)
      case .moved(let reached): next = reached
      }
      guard next.isFinite else { return result(.notFinite) }
      watch.note(from: point, to: next)
      point = next
      iterations += 1
      var progress = MinimizerProgress(
        iteration: iterations, position: point.position.reshaped(shape), value: point.value,
        gradientNorm: point.gradientNorm, evaluations: problem.evaluations)
      onIteration(&progress)
      if progress.isStopped { return result(.stopped) }
    }
  }
}
