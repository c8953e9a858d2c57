import Core

/// Attention: each query's mean of the values, weighted by how well their keys fit it.
///
/// ```
/// O = softmax(s Q Kᵀ + mask) V
/// ```
///
/// A query that sees no key at all gets 0, and passes no gradient on.
///
/// - Parameters:
///   - query: Q, [batch…, head, query, feature]; the axes before the last two may be absent.
///   - key: K, [batch…, head, key, feature]. Where it has fewer heads than the query, as many
///     neighbouring heads of the query share one of them ([Ainslie et al. 2023]).
///   - value: V, [batch…, head, key, value feature], with as many heads as the key.
///   - mask: Broadcasts to [batch…, head, query, key]. Bool: true where a query may see a key.
///     Floating: added to the scores, and −∞ excludes.
///   - isCausal: Whether a query sees keys no later than itself only; see
///     ``causalMask(queries:keys:firstQuery:)``. Costs no mask in memory.
///   - firstQuery: The place of the first query among the keys, for causality. The default is 0.
///   - scale: s; the default is 1 / √features.
///   - dropout: The probability that a weight is dropped, in any `Mode`; the default is 0. Draws
///     come from the innermost `withRandom(seed:)`; both forms drop the same weights.
///   - form: How it is computed; the default is ``AttentionForm/lean``.
/// - Returns: O, [batch…, head, query, value feature].
///
/// Traps where the shapes do not fit each other.
///
/// [Vaswani et al. 2017]: https://arxiv.org/abs/1706.03762
/// [Ainslie et al. 2023]: https://arxiv.org/abs/2305.13245
public func scaledDotProductAttention(
  _ query: Tensor, _ key: Tensor, _ value: Tensor, mask: Tensor? = nil, isCausal: Bool = false,
  firstQuery: Int = 0, scale: Double? = nil, dropout: Double = 0, form: AttentionForm = .lean
) -> Tensor {
  let operands = AttentionOperands(query, key, value, in: "scaledDotProductAttention")
  let settings = AttentionSettings(
    masks: mask.map { [$0] } ?? [], isCausal: isCausal, firstQuery: firstQuery,
    scale: scale ?? operands.defaultScale, dropping: .init(dropout))
  operands.requireMasks(settings.masks, in: "scaledDotProductAttention")
  return form == .lean ? attention(operands, settings) : operands.plainAttention(settings)
}

/// The weights of attention, softmax(s Q Kᵀ + mask): what
/// ``scaledDotProductAttention(_:_:_:mask:isCausal:firstQuery:scale:dropout:form:)`` takes means with.
///
/// The parameters are the same.
///
/// - Returns: [batch…, head, query, key]; rows sum to 1, or are 0 where a query sees no key.
public func attentionWeights(
  _ query: Tensor, _ key: Tensor, mask: Tensor? = nil, isCausal: Bool = false,
  firstQuery: Int = 0, scale: Double? = nil
) -> Tensor {
  let operands = AttentionOperands(query, key, key, in: "attentionWeights")
  let settings = AttentionSettings(
    masks: mask.map { [$0] } ?? [], isCausal: isCausal, firstQuery: firstQuery,
    scale: scale ?? operands.defaultScale)
  operands.requireMasks(settings.masks, in: "attentionWeights")
  return operands.plainWeights(settings)
}

extension AttentionOperands {
  /// 1 / √features
  var defaultScale: Double { 1 / Double(max(query.shape[query.rank - 1], 1)).squareRoot() }

  func requireMasks(_ masks: [Tensor], in operation: StaticString) {
    for mask in masks {
      require(
        mask.dtype == .bool || mask.dtype.isFloating,
        "\(operation): the mask is \(mask.dtype), neither bool nor floating")
      require(
        Shape.broadcast(mask.shape, weightShape) == weightShape,
        """
        \(operation): a mask of shape \(mask.shape) does not stretch to the weights' \
        \(weightShape), [batch…, head, query, key]
        """)
    }
  }
}
