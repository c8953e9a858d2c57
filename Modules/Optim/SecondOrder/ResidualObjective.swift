import Core

/// Half a sum of squares, f(x) = ½ ‖r(x)‖², with the Jacobian of its residuals.
public final class ResidualObjective: Objective {
  /// A point with the residuals and their Jacobian there; the gradient is Jᵀ r.
  public struct Point: ObjectivePoint, Sendable {
    public let position: Tensor
    /// r, [m].
    public let residuals: Tensor
    /// J, [m, n].
    public let jacobian: Tensor
    public let value: Double
    public let gradient: Tensor
    public let gradientNorm: Double
  }

  private let function: (Tensor) -> Tensor
  public private(set) var evaluations = 0
  public private(set) var curvatureEvaluations = 0

  /// - Parameter function: The residuals, in any shape.
  public init(_ function: @escaping (Tensor) -> Tensor) {
    self.function = { function($0).flattened() }
  }

  /// r and ½ ‖r‖², without derivatives.
  public func residuals(at position: Tensor) -> (residuals: Tensor, value: Double) {
    evaluations += 1
    let residuals = function(position)
    return (residuals, 0.5 * square(residuals).sum().item())
  }

  public func evaluate(at position: Tensor) -> Point {
    let (residuals, value) = residuals(at: position)
    return linearize(at: position, residuals, value)
  }

  /// The point at which residuals are known already.
  func linearize(at position: Tensor, _ residuals: Tensor, _ value: Double) -> Point {
    let jacobian = jacobian(at: position, rows: residuals.count)
    let gradient = matmul(residuals, jacobian)
    return Point(
      position: position, residuals: residuals, jacobian: jacobian, value: value,
      gradient: gradient, gradientNorm: gradient.norm().item())
  }

  /// Row by row, one backward pass each; or column by column, at about thrice the price each, where
  /// there are many more residuals than unknowns.
  private func jacobian(at position: Tensor, rows: Int) -> Tensor {
    let columns = position.count
    guard rows > 3 * columns, columns > 0 else {
      curvatureEvaluations += rows
      return Core.jacobian(at: position, function)
    }
    curvatureEvaluations += columns
    let basis = Tensor.identity(columns, dtype: position.dtype)
    return stacked(
      (0..<columns).map { jvp(at: position, along: basis[$0], function).tangent }, along: 1)
  }
}
