internal import Kernels

extension Tensor {
  /// Independent numbers, uniform in a range: `float32` from 24 random bits, `float64` from 53.
  ///
  /// Traps when the ends are not finite or `dtype` is no floating type.
  public static func randomUniform(
    _ shape: Shape, in range: Range<Double> = 0..<1, dtype: DType = .float32,
    using generator: inout RandomGenerator
  ) -> Tensor {
    requireFloating(dtype, in: "randomUniform")
    require(
      (range.upperBound - range.lowerBound).isFinite,
      "randomUniform: the range \(range) is not finite")
    return generator.fill(shape, dtype) {
      apus_random_uniform($0, $1, $2, $3, range.lowerBound, range.upperBound, $4)
    }
  }

  /// Independent normal numbers.
  public static func randomNormal(
    _ shape: Shape, mean: Double = 0, deviation: Double = 1, dtype: DType = .float32,
    using generator: inout RandomGenerator
  ) -> Tensor {
    requireFloating(dtype, in: "randomNormal")
    require(deviation >= 0, "randomNormal: the deviation \(deviation) is negative")
    return generator.fill(shape, dtype) { apus_random_normal($0, $1, $2, $3, mean, deviation, $4) }
  }

  /// Independent normal numbers, given that they lie in a range.
  ///
  /// Exact in the tails too, however unlikely the range: uniform, normal or exponential proposals
  /// are accepted with the right probability.
  ///
  /// - Parameters:
  ///   - mean: The mean of the normal distribution before truncation.
  ///   - deviation: Its standard deviation, positive.
  ///   - range: Where the numbers may lie; the ends may be infinite. Not in units of the deviation.
  ///
  /// Source: Robert 1995, "Simulation of truncated normal variables".
  public static func randomTruncatedNormal(
    _ shape: Shape, mean: Double = 0, deviation: Double = 1, in range: ClosedRange<Double> = -2...2,
    dtype: DType = .float32, using generator: inout RandomGenerator
  ) -> Tensor {
    requireFloating(dtype, in: "randomTruncatedNormal")
    require(
      deviation > 0 && deviation.isFinite && mean.isFinite,
      "randomTruncatedNormal: no normal distribution has mean \(mean) and deviation \(deviation)")
    require(
      range.lowerBound < range.upperBound,
      "randomTruncatedNormal: the range \(range) is a single point")
    require(
      range.lowerBound < .infinity && range.upperBound > -.infinity,
      "randomTruncatedNormal: the range \(range) holds no number")
    return generator.fillFromSplit(shape, dtype) {
      apus_random_truncated_normal(
        $0, $1, $2, mean, deviation, range.lowerBound, range.upperBound, $3)
    }
  }

  /// Independent exponential numbers, with density λe^(−λx) for the given rate λ.
  public static func randomExponential(
    _ shape: Shape, rate: Double = 1, dtype: DType = .float32,
    using generator: inout RandomGenerator
  ) -> Tensor {
    requireFloating(dtype, in: "randomExponential")
    require(rate > 0, "randomExponential: the rate \(rate) is not positive")
    return generator.fill(shape, dtype) { apus_random_exponential($0, $1, $2, $3, rate, $4) }
  }

  /// Independent Gumbel numbers: location − scale · ln(−ln u) for a uniform u.
  public static func randomGumbel(
    _ shape: Shape, location: Double = 0, scale: Double = 1, dtype: DType = .float32,
    using generator: inout RandomGenerator
  ) -> Tensor {
    requireFloating(dtype, in: "randomGumbel")
    require(scale > 0, "randomGumbel: the scale \(scale) is not positive")
    return generator.fill(shape, dtype) { apus_random_gumbel($0, $1, $2, $3, location, scale, $4) }
  }

  /// Independent gamma numbers, with density proportional to x^(α−1) e^(−x/θ).
  ///
  /// The mean is αθ, the variance αθ². Below α = 1 numbers crowd at 0, and may be 0 when the type
  /// has no smaller ones.
  ///
  /// - Parameters:
  ///   - concentration: α > 0, also called the shape parameter.
  ///   - scale: θ > 0.
  ///
  /// Source: Marsaglia and Tsang 2000, "A simple method for generating gamma variables".
  public static func randomGamma(
    _ shape: Shape, concentration: Double, scale: Double = 1, dtype: DType = .float32,
    using generator: inout RandomGenerator
  ) -> Tensor {
    requireFloating(dtype, in: "randomGamma")
    requireGamma(concentration > 0 && concentration.isFinite, "\(concentration)", scale)
    return generator.fillFromSplit(shape, dtype) { type, stream, count, out in
      withUnsafePointer(to: concentration) {
        apus_random_gamma(type, stream, count, $0, 0, scale, out)
      }
    }
  }

  /// Independent gamma numbers, one for each element of `concentration`, in its shape and type.
  public static func randomGamma(
    concentration: Tensor, scale: Double = 1, using generator: inout RandomGenerator
  ) -> Tensor {
    requireFloating(concentration.dtype, in: "randomGamma")
    let parameters = concentration.detached.cast(to: .float64).contiguous()
    requireGamma(
      ((parameters .> 0) .&& parameters.isFinite()).all(), "\(concentration)", scale)
    let result = generator.fillFromSplit(concentration.shape, concentration.dtype) {
      type, stream, count, out in
      apus_random_gamma(
        type, stream, count, parameters.pointer.assumingMemoryBound(to: Double.self), 1, scale, out)
    }
    extendLifetime(parameters.storage)
    return result
  }

  private static func requireGamma(
    _ isPositive: Bool, _ concentration: @autoclosure () -> String, _ scale: Double
  ) {
    require(
      isPositive, "randomGamma: a concentration is not positive and finite: \(concentration())")
    require(scale > 0, "randomGamma: the scale \(scale) is not positive")
  }

  static func requireFloating(_ dtype: DType, in operation: StaticString) {
    require(dtype.isFloating, "\(operation): \(dtype) is no floating type")
  }
}
