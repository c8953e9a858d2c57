public import Core

/// Student's t distribution: a normal number over the root of an independent mean of ν squares.
///
/// ```
/// p(x) = (1 + z²/ν)^(−(ν+1)/2) / (σ √ν B(½, ν/2)),   z = (x − μ)/σ
/// ```
///
/// The mean exists for ν > 1, the variance for ν > 2 (∞ for 1 < ν ≤ 2).
public struct StudentT: ReparameterizedDistribution, EntropicDistribution, CumulativeDistribution {
  /// ν.
  public let degreesOfFreedom: Tensor
  /// μ.
  public let location: Tensor
  /// σ, which is not the standard deviation.
  public let scale: Tensor

  /// - Parameters:
  ///   - degreesOfFreedom: ν > 0.
  ///   - location: μ.
  ///   - scale: σ > 0. Others trap. Shapes broadcast.
  public init(degreesOfFreedom: Tensor, location: Tensor = Tensor(0), scale: Tensor = Tensor(1)) {
    let all = parameters(degreesOfFreedom, location, scale, of: "StudentT")
    (self.degreesOfFreedom, self.location, self.scale) = (all[0], all[1], all[2])
    requirePositive(all[0], "number of degrees of freedom", of: "StudentT")
    requirePositive(all[2], "scale", of: "StudentT")
  }

  public var batchShape: Shape { location.shape }
  public var eventShape: Shape { [] }
  public var dtype: DType { location.dtype }

  public var mean: Tensor {
    location.filled(with: .nan, where: degreesOfFreedom.detached .<= 1)
  }

  public var variance: Tensor {
    let nu = degreesOfFreedom
    let exists = nu.detached .> 2
    let safe = select(exists, nu, Tensor(3, dtype: dtype))
    return (scale * scale * (safe / (safe - 2)))
      .filled(with: .infinity, where: !exists)
      .filled(with: .nan, where: nu.detached .<= 1)
  }

  public var entropy: Tensor {
    let (nu, half) = (degreesOfFreedom, 0.5 * (degreesOfFreedom + 1))
    return log(scale) + half * (digamma(half) - digamma(0.5 * nu)) + 0.5 * log(nu)
      + logBeta(0.5 * nu, Tensor(0.5, dtype: dtype))
  }

  public func logDensity(_ value: Tensor) -> Tensor {
    let (nu, z) = (degreesOfFreedom, (asValue(value, dtype) - location) / scale)
    let constant =
      logBeta(0.5 * nu, Tensor(0.5, dtype: dtype)) + 0.5 * log(nu) + log(scale)
    return -0.5 * (nu + 1) * log1p(z * z / nu) - constant
  }

  public func cumulative(_ value: Tensor) -> Tensor {
    let (nu, z) = (degreesOfFreedom, (asValue(value, dtype) - location) / scale)
    let tail = 0.5 * incompleteBeta(0.5 * nu, Tensor(0.5, dtype: dtype), nu / (nu + z * z))
    return select(z .> 0, 1 - tail, tail)
  }

  public func reparameterizedSample(_ shape: Shape, using generator: inout RandomGenerator)
    -> Tensor
  {
    let full = sampleShape(shape)
    let half = (0.5 * degreesOfFreedom).broadcast(to: full)
    let noise = Tensor.randomNormal(full, dtype: .float64, using: &generator)
    let logarithm = logGammaSample(half, using: &generator)
    let stretch = exp(0.5 * (log(half.cast(to: .float64)) - logarithm))
    return location + scale * (noise * stretch).cast(to: dtype)
  }
}
