import Core

/// Where a ``Minimizer`` ended, and why.
public struct Minimization: Sendable {
  /// In the shape of the start.
  public let position: Tensor
  /// The function there; half the sum of squares for residuals.
  public let value: Double
  /// In the shape of the start.
  public let gradient: Tensor
  /// How many steps were taken.
  public let iterations: Int
  /// How often the function was evaluated, most often with its gradient.
  public let evaluations: Int
  /// How many products of a Hessian and a vector were formed. A whole Hessian counts as one for
  /// each column, a Jacobian as one for each row or column, whichever it was made of.
  public let curvatureEvaluations: Int
  /// Why it ended.
  public let reason: StopReason

  /// The Euclidean norm of the gradient.
  public var gradientNorm: Double { gradient.norm().item() }

  /// Whether a stationary point was found to the tolerances.
  public var isConverged: Bool { reason.isConvergence }
}

/// Why a ``Minimizer`` stopped.
public enum StopReason: String, Hashable, Sendable, CaseIterable {
  /// The norm of the gradient is within its tolerance.
  case gradientVanished
  /// The value has hardly changed for some iterations.
  case valueSettled
  /// The last step was shorter than its tolerance.
  case stepVanished
  /// As many iterations as are allowed.
  case iterationLimit
  /// As many evaluations as are allowed.
  case evaluationLimit
  /// No lower point was found ahead: most often the precision of the element type is reached, else
  /// the gradient is wrong or the function is not smooth.
  case noFurtherDescent
  /// Newton's equations have no solution here.
  case singularHessian
  /// The function or its gradient is not finite at the start, or where an undamped step leads.
  case notFinite
  /// `onIteration` asked for it.
  case stopped

  /// Whether it speaks for a stationary point.
  public var isConvergence: Bool {
    switch self {
    case .gradientVanished, .valueSettled, .stepVanished: true
    default: false
    }
  }
}

/// What a minimisation shows after each iteration.
public struct MinimizerProgress: Sendable {
  /// From 1.
  public let iteration: Int
  /// In the shape of the start.
  public let position: Tensor
  /// The function's value.
  public let value: Double
  /// The Euclidean norm of the gradient.
  public let gradientNorm: Double
  /// So far.
  public let evaluations: Int
  private(set) var isStopped = false

  init(
    iteration: Int, position: Tensor, value: Double, gradientNorm: Double, evaluations: Int
  ) {
    self.iteration = iteration
    self.position = position
    self.value = value
    self.gradientNorm = gradientNorm
    self.evaluations = evaluations
  }

  /// Ends the minimisation here.
  public mutating func stop() { isStopped = true }
}
