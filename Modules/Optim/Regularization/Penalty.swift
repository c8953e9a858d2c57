import Core

/// A penalty on the size of a model's parameters, as a term of the loss.
///
///     L1:           λ Σ |θ|
///     L2:           (λ/2) Σ θ²
///     elastic net:  λ (r Σ |θ| + ((1 − r)/2) Σ θ²)
///
/// ```swift
/// let penalty = Penalty.elasticNet(1e-4, ratio: 0.3)
/// let (loss, gradients) = valueWithGradient(of: model) {
///   softmaxCrossEntropy(logits: model(x), labels: y) + penalty(of: model, for: .matrices)
/// }
/// ```
///
/// L2 here has the gradient λ θ, as weight decay does in the rules; |θ| has the gradient sign(θ), 0
/// at 0. With Adam's family a penalty and decoupled decay differ: see ``AdamW``.
public struct Penalty: Sendable {
  /// What multiplies Σ |θ|.
  public var absolute: Double
  /// What multiplies ½ Σ θ².
  public var quadratic: Double

  /// Factors of Σ|θ| and of Σθ²; both 0 by default.
  public init(absolute: Double = 0, quadratic: Double = 0) {
    require(
      absolute >= 0 && quadratic >= 0,
      "Penalty: the factors \(absolute) and \(quadratic) must not be negative")
    self.absolute = absolute
    self.quadratic = quadratic
  }

  /// λ Σ |θ|, which draws elements to exactly 0.
  public static func l1(_ factor: Double) -> Penalty { Penalty(absolute: factor) }

  /// (λ/2) Σ θ²
  public static func l2(_ factor: Double) -> Penalty { Penalty(quadratic: factor) }

  /// λ (r Σ |θ| + ((1 − r)/2) Σ θ²)
  ///
  /// - Parameter ratio: r, within 0...1; 0.5 unless told otherwise.
  ///
  /// Source: [Zou and Hastie 2005].
  public static func elasticNet(_ factor: Double, ratio: Double = 0.5) -> Penalty {
    require(ratio >= 0 && ratio <= 1, "Penalty: the ratio \(ratio) is not within 0...1")
    return Penalty(absolute: factor * ratio, quadratic: factor * (1 - ratio))
  }

  /// The penalty of one tensor, a scalar. Differentiable.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    switch (absolute, quadratic) {
    case (0, 0): .zeros([], dtype: x.dtype)
    case (_, 0): absolute * abs(x).sum()
    case (0, _): (quadratic / 2) * square(x).sum()
    default: absolute * abs(x).sum() + (quadratic / 2) * square(x).sum()
    }
  }

  /// The penalty of the selected parameters of a model together, a scalar. Buffers and frozen
  /// parameters do not count.
  public func callAsFunction(
    of model: some Layer, for selection: ParameterSelection = .all
  ) -> Tensor {
    let terms = model.namedParameters.compactMap { name, parameter in
      parameter.isFrozen || !selection(name, parameter.shape) ? nil : self(parameter.value)
    }
    guard let first = terms.first else { return Tensor(0) }
    return terms.dropFirst().reduce(first, +)
  }
}
