import Core

/// A function as a ``Minimizer`` sees it: it evaluates, and counts.
public protocol Objective: AnyObject {
  /// What an evaluation finds out.
  associatedtype Point: ObjectivePoint

  /// - Parameter function: Of a vector.
  init(_ function: @escaping (Tensor) -> Tensor)

  /// Value and gradient at a position.
  func evaluate(at position: Tensor) -> Point

  /// How often the function was evaluated.
  var evaluations: Int { get }
  /// How many products with a matrix of derivatives were formed; see
  /// ``Minimization/curvatureEvaluations``.
  var curvatureEvaluations: Int { get }
}

/// A point at which an ``Objective`` was evaluated.
public protocol ObjectivePoint {
  /// A vector.
  var position: Tensor { get }
  /// The function's value.
  var value: Double { get }
  /// A vector.
  var gradient: Tensor { get }
  /// The Euclidean norm of the gradient.
  var gradientNorm: Double { get }
}

extension ObjectivePoint {
  /// Whether the value and the whole gradient are finite.
  public var isFinite: Bool { value.isFinite && gradientNorm.isFinite }
}
