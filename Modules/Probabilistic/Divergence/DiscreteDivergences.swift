import Core

/// Pairs of distributions of counts and classes.
let discreteDivergences = [
  Divergence { (p: Bernoulli, q: Bernoulli) in p.success.divergence(to: q.success) },
  Divergence { (p: Binomial, q: Binomial) in
    require(
      (p.trials .== q.trials).all(),
      "klDivergence: binomial distributions of different numbers of trials have no closed form")
    return p.trials * p.success.divergence(to: q.success)
  },
  Divergence { (p: Geometric, q: Geometric) in
    p.success.divergence(to: q.success) / p.probability
  },
  Divergence { (p: Poisson, q: Poisson) in
    p.rate * (log(p.rate) - log(q.rate)) - (p.rate - q.rate)
  },
  Divergence { (p: Categorical, q: Categorical) in classes(p, q) },
  Divergence { (p: Multinomial, q: Multinomial) in
    require(
      p.trials == q.trials,
      """
      klDivergence: multinomial distributions of \(p.trials) and of \(q.trials) trials have no \
      closed form
      """)
    return Double(p.trials) * classes(p.draw, q.draw)
  },
]

/// Σ pₖ (ln pₖ − ln qₖ), where classes with pₖ = 0 count nothing.
private func classes(_ p: Categorical, _ q: Categorical) -> Tensor {
  require(
    p.classes == q.classes, "klDivergence: \(p.classes) classes beside \(q.classes)")
  let isVoid = p.logProbabilities.detached .== -Double.infinity
  let zero = Tensor(0, dtype: p.dtype)
  let ratio = select(isVoid, zero, p.logProbabilities) - select(isVoid, zero, q.logProbabilities)
  return (p.probabilities * ratio).sum(along: -1)
}
