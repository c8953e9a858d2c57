public import Core

/// The Dirichlet distribution of shares that sum to 1.
///
/// ```
/// p(x) = Γ(Σ αₖ) Π xₖ^(αₖ−1) / Γ(αₖ),   x ≥ 0, Σ xₖ = 1
/// ```
public struct Dirichlet: ReparameterizedDistribution, EntropicDistribution {
  /// α, [batch…, classes].
  public let concentration: Tensor

  /// - Parameter concentration: α > 0, [batch…, classes]; others trap.
  public init(concentration: Tensor) {
    self.concentration = floating(concentration)
    require(concentration.rank > 0, "Dirichlet: a concentration of shape [] has no classes")
    requirePositive(self.concentration, "concentration", of: "Dirichlet")
  }

  public var batchShape: Shape { Shape(concentration.shape.dropLast()) }
  public var eventShape: Shape { Shape(concentration.shape.suffix(1)) }
  public var dtype: DType { concentration.dtype }
  public var mean: Tensor { concentration / concentration.sum(along: -1, keepingAxes: true) }
  public var variance: Tensor {
    let sum = concentration.sum(along: -1, keepingAxes: true)
    return concentration * (sum - concentration) / (sum * sum * (sum + 1))
  }

  /// Σ ln Γ(αₖ) − ln Γ(Σ αₖ): [batch…].
  var logNormalizer: Tensor {
    logGamma(concentration).sum(along: -1) - logGamma(concentration.sum(along: -1))
  }

  public var entropy: Tensor {
    let sum = concentration.sum(along: -1)
    return logNormalizer + (sum - Double(eventShape[0])) * digamma(sum)
      - ((concentration - 1) * digamma(concentration)).sum(along: -1)
  }

  /// - Parameter value: […, batch…, classes]; rows whose sum is not 1 (within 10⁻⁶, or 10⁻⁴ in
  ///   float32) are outside the support.
  public func logDensity(_ value: Tensor) -> Tensor {
    let x = asValue(value, dtype)
    require(
      x.rank > 0 && x.shape[x.rank - 1] == eventShape[0],
      "Dirichlet: values of shape \(x.shape) for \(eventShape[0]) classes")
    let tolerance = dtype == .float64 ? 1e-6 : 1e-4
    let isOutside =
      (x.detached .< 0).any(along: -1)
      .|| (abs(x.detached.sum(along: -1) - 1) .> tolerance)
    let rows = isOutside.expandingShape(at: -1)
    let inside = select(rows, Tensor(1, dtype: dtype), x)
    let result =
      timesLogarithm(concentration - 1, log(inside)).sum(along: -1) - logNormalizer
    return select(isOutside, Tensor(-Double.infinity, dtype: dtype), result)
  }

  public func reparameterizedSample(_ shape: Shape, using generator: inout RandomGenerator)
    -> Tensor
  {
    let full = concentration.broadcast(to: sampleShape(shape))
    return softmax(logGammaSample(full, using: &generator)).cast(to: dtype)
  }
}
