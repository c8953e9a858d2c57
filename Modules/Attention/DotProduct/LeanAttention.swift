import Core
internal import Kernels

/// The tiled kernel on operands of four axes, without a derivative.
struct LeanAttention: Sendable {
  private let query, key, value: Tensor
  private let masks: [Tensor]
  private let settings: AttentionSettings

  init(_ operands: AttentionOperands, _ settings: AttentionSettings) {
    query = LeanAttention.fourAxes(operands.query)
    key = LeanAttention.fourAxes(operands.key)
    value = LeanAttention.fourAxes(operands.value)
    let dtype = query.dtype
    masks = settings.masks.map { mask in
      let mask = mask.dtype == .bool ? mask.detached : mask.detached.cast(to: dtype)
      return LeanAttention.fourAxes(mask.broadcast(to: operands.weightShape), isMask: true)
    }
    self.settings = settings
  }

  /// [batch, head, row, feature]: a view where the strides allow it.
  static func fourAxes(_ x: Tensor, isMask: Bool = false) -> Tensor {
    let shape = x.shape
    let lead = shape.dropLast(3).reduce(1, *)
    let heads = x.rank > 2 ? shape[x.rank - 3] : 1
    let result = x.detached.reshaped(Shape([lead, heads] + Array(shape.suffix(2))))
    let isReadable = isMask || result.stride(of: 3) == 1 || result.shape[3] <= 1
    return isReadable ? result : result.contiguous()
  }

  /// A tensor of four axes for a gradient or result that lies as `model` does: heads inside of rows
  /// where its heads are nearer to each other.
  static func uninitialized(_ shape: Shape, like model: Tensor) -> Tensor {
    if model.stride(of: 1) < model.stride(of: 2) {
      return Tensor(
        uninitialized: [shape[0], shape[2], shape[1], shape[3]], dtype: model.dtype
      ).transposed(1, 2)
    }
    return Tensor(uninitialized: shape, dtype: model.dtype)
  }

  /// O, [batch, head, query, value feature], and the logarithms of the rows' sums.
  func forward() -> (result: Tensor, logSums: Tensor) {
    let shape = query.shape
    let result = LeanAttention.uninitialized(
      [shape[0], shape[1], shape[2], value.shape[3]], like: query)
    let logSums = Tensor(uninitialized: Shape(shape.dropLast()), dtype: query.dtype)
    countMultiplyAdds(shape.dropLast().reduce(1, *) * key.shape[2] * (shape[3] + value.shape[3]))
    withProblem { problem in
      var (q, k, v, o) = (query.heads, key.heads, value.heads, result.heads)
      apus_attention_forward(&problem, &q, &k, &v, &o, logSums.pointer)
    }
    return (result, logSums)
  }

  /// Writes the gradients that are wanted, each into a tensor of its operand's four axes.
  func backward(
    from upstream: Tensor, result: Tensor, logSums: Tensor,
    into gradients: (query: Tensor?, key: Tensor?, value: Tensor?)
  ) {
    let upstream = LeanAttention.fourAxes(upstream)
    withProblem { problem in
      var (q, k, v, o, u) = (query.heads, key.heads, value.heads, result.heads, upstream.heads)
      var ofQuery = gradients.query?.heads ?? apus_heads()
      var ofKey = gradients.key?.heads ?? apus_heads()
      var ofValue = gradients.value?.heads ?? apus_heads()
      apus_attention_backward(
        &problem, &q, &k, &v, &o, logSums.pointer, &u, &ofQuery, &ofKey, &ofValue)
    }
    extendLifetime(upstream)
    extendLifetime(result)
    extendLifetime(logSums)
  }

  /// The same in fresh tensors.
  func gradients(
    from upstream: Tensor, result: Tensor, logSums: Tensor, _ needs: Needs
  ) -> (query: Tensor?, key: Tensor?, value: Tensor?) {
    let gradients = (
      query: needs[0] ? LeanAttention.uninitialized(query.shape, like: query) : nil,
      key: needs[1] ? LeanAttention.uninitialized(key.shape, like: key) : nil,
      value: needs[2] ? LeanAttention.uninitialized(value.shape, like: value) : nil
    )
    backward(from: upstream, result: result, logSums: logSums, into: gradients)
    return gradients
  }

  private func withProblem(_ body: (inout apus_attention) -> Void) {
    let kernelMasks = masks.map { mask in
      apus_attention_mask(
        data: mask.pointer, is_bool: mask.dtype == .bool, batch: mask.stride(of: 0),
        head: mask.stride(of: 1), query: mask.stride(of: 2), key: mask.stride(of: 3))
    }
    kernelMasks.withUnsafeBufferPointer { masks in
      var problem = apus_attention(
        type: query.dtype.kernel, batch: query.shape[0], heads: query.shape[1],
        shared: key.shape[1], queries: query.shape[2], keys: key.shape[2],
        features: query.shape[3], value_features: value.shape[3], scale: settings.scale,
        causal: settings.isCausal, first_query: settings.firstQuery,
        mask_count: Int32(masks.count), masks: masks.baseAddress,
        keep: 1 - (settings.dropping?.probability ?? 0),
        generator: settings.dropping?.generator.kernel ?? apus_random())
      body(&problem)
    }
    extendLifetime(self)
  }
}

extension Tensor {
  /// These four axes, for the kernel.
  fileprivate var heads: apus_heads {
    apus_heads(data: pointer, batch: stride(of: 0), head: stride(of: 1), row: stride(of: 2))
  }
}
