import Core
internal import Kernels

// Exact samplers of counts by inversion: one uniform number of 53 bits a value, about one standard
// deviation's worth of steps from the mode.

/// Binomial numbers, one for each element; `trials` and `probabilities` have the result's shape.
func randomBinomial(
  trials: Tensor, probabilities: Tensor, using generator: inout RandomGenerator
) -> Tensor {
  let n = trials.detached.cast(to: .float64).contiguous()
  let p = probabilities.detached.cast(to: .float64).contiguous()
  var result = Tensor.randomUniform(n.shape, dtype: .float64, using: &generator)
  n.withScalars(as: Double.self) { n in
    p.withScalars(as: Double.self) { p in
      result.withMutableScalars(as: Double.self) { u in
        guard let address = u.baseAddress else { return }
        apus_binomial_from_uniform(u.count, n.baseAddress, p.baseAddress, address, address)
      }
    }
  }
  return result
}

/// Poisson numbers, one for each element of `rates`.
func randomPoisson(rates: Tensor, using generator: inout RandomGenerator) -> Tensor {
  let rates = rates.detached.cast(to: .float64).contiguous()
  var result = Tensor.randomUniform(rates.shape, dtype: .float64, using: &generator)
  rates.withScalars(as: Double.self) { rates in
    result.withMutableScalars(as: Double.self) { u in
      guard let address = u.baseAddress else { return }
      apus_poisson_from_uniform(u.count, rates.baseAddress, address, address)
    }
  }
  return result
}

/// −Σₖ p(k) ln p(k) over k = 0...last: one more axis in front of the batch's while it is summed.
func enumeratedEntropy(_ distribution: some Distribution, last: Int) -> Tensor {
  let ones = Shape(repeatElement(1, count: distribution.batchShape.count))
  let counts = Tensor.range(0..<(last + 1)).cast(to: distribution.dtype)
    .reshaped(Shape([last + 1] + Array(ones)))
  let logarithms = distribution.logDensity(counts)
  return -timesLogarithm(exp(logarithms), logarithms).sum(along: 0)
}
