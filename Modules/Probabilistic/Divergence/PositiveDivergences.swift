import Core

/// Pairs of distributions of positive numbers and of shares.
let positiveDivergences = [
  Divergence { (p: Exponential, q: Exponential) in
    let ratio = q.rate / p.rate
    return ratio - 1 - log(ratio)
  },
  Divergence { (p: Gamma, q: Gamma) in
    let ratio = q.rate / p.rate
    return (p.concentration - q.concentration) * digamma(p.concentration)
      - logGamma(p.concentration) + logGamma(q.concentration)
      - q.concentration * log(ratio) + p.concentration * (ratio - 1)
  },
  Divergence { (p: Exponential, q: Gamma) in klDivergence(gamma(p), q) },
  Divergence { (p: Gamma, q: Exponential) in klDivergence(p, gamma(q)) },
  Divergence { (p: Beta, q: Beta) in
    let (alpha, beta) = (p.alpha - q.alpha, p.beta - q.beta)
    return logBeta(q.alpha, q.beta) - logBeta(p.alpha, p.beta) + alpha * digamma(p.alpha)
      + beta * digamma(p.beta) - (alpha + beta) * digamma(p.alpha + p.beta)
  },
  Divergence { (p: Dirichlet, q: Dirichlet) in
    let sum = digamma(p.concentration.sum(along: -1, keepingAxes: true))
    let parts = (p.concentration - q.concentration) * (digamma(p.concentration) - sum)
    return q.logNormalizer - p.logNormalizer + parts.sum(along: -1)
  },
]

/// The exponential distribution is the gamma distribution of concentration 1.
private func gamma(_ exponential: Exponential) -> Gamma {
  Gamma(concentration: Tensor.ones(like: exponential.rate), rate: exponential.rate)
}
