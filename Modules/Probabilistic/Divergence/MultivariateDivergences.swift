import Core

/// Multivariate normal distributions, whatever the forms of their covariances.
let multivariateDivergences = [
  Divergence { (p: MultivariateNormal, q: MultivariateNormal) in
    require(
      p.dimension == q.dimension,
      "klDivergence: normal distributions of dimensions \(p.dimension) and \(q.dimension)")
    // tr(Σq⁻¹ A Aᵀ) is the sum over the columns of the root A of Σp.
    let spread = q.scale.squaredLengths(p.scale.root).sum(along: -1)
    return 0.5
      * (spread + q.squaredDistance(p.mean) - Double(p.dimension) + q.scale.logDeterminant
        - p.scale.logDeterminant)
  }
]
