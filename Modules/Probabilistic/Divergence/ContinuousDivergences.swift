import Core

/// Pairs of distributions on the whole line or a part of it.
let continuousDivergences = [
  Divergence { (p: Normal, q: Normal) in
    let (ratio, shift) = (p.deviation / q.deviation, (p.mean - q.mean) / q.deviation)
    return 0.5 * (ratio * ratio + shift * shift - 1) - log(ratio)
  },
  Divergence { (p: LogNormal, q: LogNormal) in klDivergence(p.logarithm, q.logarithm) },
  Divergence { (p: Laplace, q: Laplace) in
    let (ratio, distance) = (p.scale / q.scale, abs(p.location - q.location))
    return ratio * exp(-distance / p.scale) + distance / q.scale - log(ratio) - 1
  },
  Divergence { (p: Cauchy, q: Cauchy) in
    let (sum, shift) = (p.scale + q.scale, p.location - q.location)
    return log(sum * sum + shift * shift) - log(4 * p.scale * q.scale)
  },
  Divergence { (p: Uniform, q: Uniform) in
    let isOutside = (p.low.detached .< q.low.detached) .|| (p.high.detached .> q.high.detached)
    return log(q.width / p.width).filled(with: .infinity, broadcasting: isOutside)
  },
  Divergence { (p: Normal, q: Laplace) in
    // E |x − m| of a normal number.
    let (sigma, shift) = (p.deviation, p.mean - q.location)
    let z = shift / sigma
    let distance = 2 * sigma * normalDensity(z) + shift * erf(z * 0.5.squareRoot())
    return log(2 * q.scale) + distance / q.scale - p.entropy
  },
  Divergence { (p: Laplace, q: Normal) in crossEntropy(p, q) - p.entropy },
  Divergence { (p: Uniform, q: Normal) in crossEntropy(p, q) - p.entropy },
  Divergence { (p: Exponential, q: Normal) in crossEntropy(p, q) - p.entropy },
]

/// −E_p ln q(x), which takes the mean and the variance of p alone.
private func crossEntropy(_ p: some Distribution, _ q: Normal) -> Tensor {
  let shift = p.mean - q.mean
  return log(q.deviation) + 0.5 * (p.variance + shift * shift) / q.variance + halfLogTwoPi
}

extension Tensor {
  /// This tensor with `value` where a mask is true; both broadcast.
  fileprivate func filled(with value: Double, broadcasting mask: Tensor) -> Tensor {
    select(mask, Tensor(value, dtype: dtype), self)
  }
}
