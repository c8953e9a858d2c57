import Core

/// The second-order Taylor model of a function at a point, and what gradient descent does to it.
///
///     m(d) = f(x₀) + gᵀd + ½ dᵀH d
///     m(−ε g) = f(x₀) − ε gᵀg + ½ ε² gᵀH g
///
/// The second line is a parabola in ε that starts downhill, if g ≠ 0, and
///
/// - if gᵀHg > 0 has its minimum at ε* = gᵀg / gᵀHg, is below f(x₀) exactly for 0 < ε < 2ε*, and
///   falls by (gᵀg)² / (2 gᵀHg) at the best;
/// - if gᵀHg ≤ 0 is lower for every ε > 0, the longer the step the lower: there is no minimum.
///
/// The gradient of m vanishes where H d = −g: one step of Newton's method, ``newtonStep()``.
///
/// ```swift
/// let taylor = TaylorModel(of: model) { softmaxCrossEntropy(logits: model(x), labels: y) }
/// print(taylor.value(afterStep: 0.1), taylor.optimalStep ?? .infinity)
/// ```
///
/// Source: course document 003, questions 3.1–3.3, where a circulated answer gives no condition on ε.
public struct TaylorModel: Sendable {
  /// f(x₀)
  public let value: Double
  /// g, in the shape of x₀; for a model a vector, see ``ParameterVector``.
  public let gradient: Tensor
  /// gᵀg
  public let gradientSquare: Double
  /// gᵀHg
  public let gradientCurvature: Double
  private let product: @Sendable (Tensor) -> Tensor

  /// - Parameters:
  ///   - x: x₀, floating-point.
  ///   - function: A scalar.
  public init(at x: Tensor, _ function: (Tensor) -> Tensor) {
    var value = 0.0
    let (gradient, pullback) = vjp(at: x) { x in
      let (result, gradient) = valueWithGradient(at: x, function)
      value = result.item()
      return gradient
    }
    self.value = value
    self.gradient = gradient
    product = pullback
    let image = pullback(gradient)
    gradientSquare = square(gradient).sum().item()
    gradientCurvature = (gradient * image).sum().item()
  }

  /// The model of a loss over the parameters of a network that are not frozen.
  ///
  /// - Parameter mode: `.inference` unless told otherwise, so that no dropout disturbs.
  public init<Model: Layer>(
    of model: Model, mode: Mode = .inference, _ loss: () -> Tensor
  ) {
    let vector = ParameterVector(of: model)
    self = withoutActuallyEscaping(loss) {
      TaylorModel(at: vector.value, vector.function(mode, $0))
    }
  }

  // MARK: Along the gradient

  /// m(−ε g), the value after a step of gradient descent.
  ///
  /// - Parameter step: ε
  public func value(afterStep step: Double) -> Double {
    value - step * gradientSquare + 0.5 * step * step * gradientCurvature
  }

  /// ε*, the best step; `nil` where gᵀHg is not positive and there is none.
  public var optimalStep: Double? {
    gradientCurvature > 0 ? gradientSquare / gradientCurvature : nil
  }

  /// 2ε*, below which each step lowers the model; ∞ where every step does, 0 where the gradient
  /// is 0 and none does.
  public var descentLimit: Double {
    if gradientSquare == 0 { return 0 }
    return optimalStep.map { 2 * $0 } ?? .infinity
  }

  /// The least value along the gradient; −∞ where there is none.
  public var leastValueAlongGradient: Double {
    if gradientSquare == 0 { return value }
    return optimalStep.map { value - 0.5 * $0 * gradientSquare } ?? -.infinity
  }

  // MARK: In all directions

  /// m(d).
  ///
  /// - Parameter displacement: d, in the shape of x₀.
  public func value(displacedBy displacement: Tensor) -> Double {
    value + (gradient * displacement).sum().item()
      + 0.5 * (displacement * hessianProduct(displacement)).sum().item()
  }

  /// ∇m(d) = g + H d.
  public func gradient(displacedBy displacement: Tensor) -> Tensor {
    gradient + hessianProduct(displacement)
  }

  /// H v, in one backward pass through the recorded gradient.
  public func hessianProduct(_ vector: Tensor) -> Tensor {
    require(
      vector.shape == gradient.shape,
      "TaylorModel: the point has shape \(gradient.shape), the vector \(vector.shape)")
    return product(vector)
  }

  /// H as a matrix, [n, n] for the n elements of x₀.
  public func hessian() -> Tensor {
    let basis = Tensor.identity(gradient.count, dtype: gradient.dtype)
    return stacked(
      (0..<gradient.count).map { product(basis[$0].reshaped(gradient.shape)).flattened() })
  }

  /// Newton's step, the displacement d = −H⁻¹ g at which the model is stationary: its minimum if
  /// H > 0, else a saddle or a maximum.
  ///
  /// - Throws: `LinearAlgebraError` where H is singular.
  public func newtonStep() throws(LinearAlgebraError) -> Tensor {
    try solve(checking: hessian(), -gradient.flattened()).reshaped(gradient.shape)
  }
}
