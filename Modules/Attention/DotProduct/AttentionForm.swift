/// How ``scaledDotProductAttention(_:_:_:mask:isCausal:firstQuery:scale:dropout:form:)`` is computed.
/// The results agree to rounding.
public enum AttentionForm: Sendable {
  /// A tile of weights at a time, in the cache: memory in proportion to the number of queries and
  /// keys, forward and backward. The backward pass computes the weights again. Where a mask is
  /// differentiated with respect to, and for derivatives of derivatives, ``plain`` takes over.
  case lean
  /// Matrix products and a softmax in tensor operations: every weight lies in memory.
  case plain
}
