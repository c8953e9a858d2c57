import Core
internal import Kernels

extension GaussianEmbedding {
  /// S(Nᵢ, Nⱼ) of pairs of words, without derivatives: fused, in parallel.
  ///
  /// - Parameters:
  ///   - first: The numbers of i.
  ///   - second: The numbers of j, as many; rows of `contexts`.
  ///   - contexts: The table that j are of; this one unless told otherwise.
  ///   - similarity: S.
  /// - Returns: One score for each pair.
  public func scores(
    of first: [Int32], with second: [Int32], in contexts: GaussianEmbedding? = nil,
    by similarity: GaussianSimilarity
  ) -> [Double] {
    let contexts = contexts ?? self
    require(
      first.count == second.count,
      "scores: \(first.count) words with \(second.count) contexts")
    require(
      covariance == contexts.covariance && dimension == contexts.dimension
        && mean.dtype == contexts.mean.dtype,
      "scores: \(covariance) Gaussians in \(dimension) dimensions with \(contexts.covariance) ones "
        + "in \(contexts.dimension)")
    requireRows(first, below: count)
    requireRows(second, below: contexts.count)
    var rule = kernelRule(similarity)
    let tensors = [mean, scale, contexts.mean, contexts.scale].map {
      $0.value.detached.contiguous()
    }
    return withExtendedLifetime(tensors) {
      let own = apus_gaussian_table(
        mean: tensors[0].pointer, scale: tensors[1].pointer, mean_squares: nil, scale_squares: nil)
      let other = apus_gaussian_table(
        mean: tensors[2].pointer, scale: tensors[3].pointer, mean_squares: nil, scale_squares: nil)
      return [Double](unsafeUninitializedCapacity: first.count) { buffer, initialized in
        apus_gaussian_similarities(
          &rule, own, other, first.count, first, second, buffer.baseAddress)
        initialized = first.count
      }
    }
  }

  /// What the kernels have to know of these Gaussians.
  func kernelRule(_ similarity: GaussianSimilarity) -> apus_gaussian_rule {
    var rule = apus_gaussian_rule()
    rule.type = mean.dtype.kernel
    rule.covariance = covariance.kernel
    rule.similarity = similarity.kernel
    rule.dimension = dimension
    return rule
  }
}
