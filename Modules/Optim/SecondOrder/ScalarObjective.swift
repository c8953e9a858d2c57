import Core

/// A scalar function with its gradient and Hessian.
public final class ScalarObjective: Objective {
  /// A point with the value and the gradient there.
  public struct Point: ObjectivePoint, Sendable {
    public let position: Tensor
    public let value: Double
    public let gradient: Tensor
    public let gradientNorm: Double
  }

  private let function: (Tensor) -> Tensor
  public private(set) var evaluations = 0
  public private(set) var curvatureEvaluations = 0

  public init(_ function: @escaping (Tensor) -> Tensor) { self.function = function }

  public func evaluate(at position: Tensor) -> Point {
    evaluations += 1
    let (value, gradient) = valueWithGradient(at: position, function)
    return Point(
      position: position, value: value.item(), gradient: gradient,
      gradientNorm: gradient.norm().item())
  }

  /// The Hessian, [n, n], in n backward passes through the gradient.
  public func hessian(at position: Tensor) -> Tensor {
    curvatureEvaluations += position.count
    return Core.hessian(at: position, function)
  }

  /// The map v ↦ H v. The gradient is recorded once, and each product is one backward pass.
  public func hessianProduct(at position: Tensor) -> (Tensor) -> Tensor {
    let (_, pullback) = vjp(at: position) { [function] in gradient(at: $0, function) }
    return { [self] vector in
      curvatureEvaluations += 1
      return pullback(vector)
    }
  }
}
