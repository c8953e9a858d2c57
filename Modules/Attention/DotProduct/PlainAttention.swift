import Core

// Attention in tensor operations: every weight lies in memory, and derivatives nest to any order.

extension AttentionOperands {
  /// softmax(s Q Kᵀ + mask), [batch…, head, query, key]; rows without any key are 0.
  func plainWeights(_ settings: AttentionSettings) -> Tensor {
    var scores = matmul(settings.scale * query, stretched(key).transposed())
    if scores.count == 0 { return scores }
    let (queries, keys) = (scores.shape[scores.rank - 2], scores.shape[scores.rank - 1])
    var excludes = false
    let never = Tensor.full([], -.infinity, dtype: scores.dtype)
    for mask in settings.masks {
      scores =
        mask.dtype == .bool ? select(mask, scores, never) : scores + mask.cast(to: scores.dtype)
      excludes = true
    }
    if settings.isCausal {
      let mask = causalMask(queries: queries, keys: keys, firstQuery: settings.firstQuery)
      scores = select(mask, scores, never)
      excludes = true
    }
    guard excludes else { return softmax(scores) }
    let isEmpty = scores.detached.maximum(along: -1, keepingAxes: true) .== -.infinity
    guard isEmpty.any() else { return softmax(scores) }
    let zero = Tensor.full([], 0, dtype: scores.dtype)
    return select(isEmpty, zero, softmax(select(isEmpty, zero, scores)))
  }

  func plainAttention(_ settings: AttentionSettings) -> Tensor {
    plainMean(settings.dropped(plainWeights(settings)))
  }

  /// The values' means by given weights.
  func plainMean(_ weights: Tensor) -> Tensor { matmul(weights, stretched(value)) }

  /// Gradients with respect to query, key and value, themselves differentiable.
  ///
  /// ```
  /// ∂V = Pᵀ ∂O,   ∂S = P ⊙ (∂P − rowsum(P ⊙ ∂P)),   ∂P = ∂O Vᵀ,   ∂Q = s ∂S K,   ∂K = s ∂Sᵀ Q
  /// ```
  ///
  /// with dropout's mask on the first P and on ∂P.
  func plainGradients(_ settings: AttentionSettings, _ upstream: Tensor) -> [Tensor] {
    let weights = plainWeights(settings)
    let ofWeights = settings.dropped(matmul(upstream, stretched(value).transposed()))
    let mean = (weights * ofWeights).sum(along: -1, keepingAxes: true)
    let ofScores = settings.scale * (weights * (ofWeights - mean))
    return [
      matmul(ofScores, stretched(key)), summedOverGroups(matmul(ofScores.transposed(), query)),
      summedOverGroups(matmul(settings.dropped(weights).transposed(), upstream)),
    ]
  }

  /// Keys or values with as many heads as the query has.
  private func stretched(_ x: Tensor) -> Tensor {
    if group == 1 { return x }
    var shape = x.shape
    shape[x.rank - 3] *= group
    let grouped = x.expandingShape(at: x.rank - 2)  // […, key–value head, 1, key, feature]
    var whole = grouped.shape
    whole[x.rank - 2] = group
    return grouped.broadcast(to: whole).reshaped(shape)
  }

  private func summedOverGroups(_ x: Tensor) -> Tensor {
    if group == 1 { return x }
    let heads = x.shape[x.rank - 3] / group
    let grouped = Shape(Array(x.shape.dropLast(3)) + [heads, group] + Array(x.shape.suffix(2)))
    return x.reshaped(grouped).sum(along: -3)
  }
}
