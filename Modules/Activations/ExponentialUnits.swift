import Core
internal import Kernels

/// The exponential linear unit.
///
///     elu(x)  = x for x > 0,  α (eˣ − 1) else
///     elu′(x) = 1 for x > 0,  α eˣ else (at 0: α)
///
/// - Parameter alpha: α, minus the limit at −∞; 1 unless told otherwise.
///
/// Source: [Clevert et al. 2016].
public func elu(_ x: Tensor, alpha: Double = 1) -> Tensor {
  exponentialUnit(x, slope: 1, height: alpha, rate: 1)
}

/// The self-normalising exponential linear unit: activations drift toward mean 0 and variance 1.
///
///     selu(x)  = λ x for x > 0,  λ α (eˣ − 1) else
///     selu′(x) = λ for x > 0,    λ α eˣ else (at 0: λ α)
///     α ≈ 1.6733,  λ ≈ 1.0507
///
/// Source: [Klambauer et al. 2017].
public func selu(_ x: Tensor) -> Tensor {
  exponentialUnit(x, slope: seluScale, height: seluScale * seluAlpha, rate: 1)
}

/// The exponential linear unit whose derivative is continuous for every α.
///
///     celu(x)  = x for x > 0,  α (e^(x/α) − 1) else
///     celu′(x) = 1 for x > 0,  e^(x/α) else (at 0: 1)
///
/// - Parameter alpha: α, not 0; 1 unless told otherwise.
///
/// Source: [Barron 2017].
public func celu(_ x: Tensor, alpha: Double = 1) -> Tensor {
  require(alpha != 0, "celu: alpha is 0")
  return exponentialUnit(x, slope: 1, height: alpha, rate: 1 / alpha)
}

private let seluAlpha = 1.6732632423543772848170429916717
private let seluScale = 1.0507009873554804934193349852946

/// slope · x for x > 0, height · (e^(rate x) − 1) else.
///
/// The derivative goes through the input: from the output, height + y, it would cancel.
private func exponentialUnit(
  _ x: Tensor, slope: Double, height: Double, rate: Double
) -> Tensor {
  activationUnit(.exponential, x, (slope, height, rate)) { x, upstream in
    let nonpositive = x.nonpositivePart
    let decaying = exp(rate == 1 ? nonpositive : rate * nonpositive)  // 1 for x > 0
    if slope == 1 && height * rate == 1 { return upstream * decaying }
    return upstream * select(x .> 0, x.constant(slope), (height * rate) * decaying)
  }
}

/// ``elu(_:alpha:)`` as a layer.
public struct ELU: Layer, Sendable {
  /// The limit −α for x → −∞.
  public let alpha: Double

  /// A layer with α, by default 1.
  public init(alpha: Double = 1) { self.alpha = alpha }
  public func callAsFunction(_ x: Tensor) -> Tensor { elu(x, alpha: alpha) }
}

/// ``selu(_:)`` as a layer.
public struct SELU: Layer, Sendable {
  /// A layer of the function.
  public init() {}
  public func callAsFunction(_ x: Tensor) -> Tensor { selu(x) }
}

/// ``celu(_:alpha:)`` as a layer.
public struct CELU: Layer, Sendable {
  /// The limit −α for x → −∞.
  public let alpha: Double

  /// A layer with α, by default 1.
  public init(alpha: Double = 1) { self.alpha = alpha }
  public func callAsFunction(_ x: Tensor) -> Tensor { celu(x, alpha: alpha) }
}
