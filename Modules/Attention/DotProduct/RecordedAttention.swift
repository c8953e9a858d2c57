import Core

/// Attention by the lean form, recorded; by the plain one where a mask is differentiated with
/// respect to.
func attention(_ operands: AttentionOperands, _ settings: AttentionSettings) -> Tensor {
  if settings.masks.contains(where: \.isTracked) { return operands.plainAttention(settings) }
  let settings = settings.detached
  let (query, key, value) = (operands.query, operands.key, operands.value)
  let lean = LeanAttention(operands, settings)
  let (result, logSums) = lean.forward()
  let whole = result.reshaped(Shape(query.shape.dropLast() + [value.shape[value.rank - 1]]))
  guard query.isTracked || key.isTracked || value.isTracked else { return whole }
  let saved = (Saved(query), Saved(key), Saved(value))
  return whole.recorded(from: [query, key, value]) { upstream, node, needs in
    if isRecording() {
      let operands = AttentionOperands(
        saved.0.restored(node.first), saved.1.restored(node.second),
        saved.2.restored(node.input(2)), in: "scaledDotProductAttention")
      return Cotangents(all: operands.plainGradients(settings, upstream))
    }
    let gradients = lean.gradients(from: upstream, result: result, logSums: logSums, needs)
    return Cotangents(
      gradients.query?.reshaped(saved.0.shape), gradients.key?.reshaped(saved.1.shape),
      gradients.value?.reshaped(saved.2.shape))
  }
}

/// Self-attention of heads that lie side by side, as one product makes them, without copies: the
/// gradient is written as one tensor too.
///
/// - Parameters:
///   - all: [batch…, time, (head + 2 · key–value head) · feature]: queries, keys, values.
///   - heads: Of the query, and of key and value.
/// - Returns: [batch…, time, head · feature].
func sideBySideAttention(
  _ all: Tensor, heads: (query: Int, shared: Int), _ settings: AttentionSettings
) -> Tensor {
  let features = all.shape[all.rank - 1] / (heads.query + 2 * heads.shared)
  let operands = sideBySide(all, heads)
  if settings.masks.contains(where: \.isTracked) {
    return joined(operands.plainAttention(settings))
  }
  let settings = settings.detached
  let lean = LeanAttention(operands, settings)
  let (result, logSums) = lean.forward()
  let whole = result.transposed(1, 2).reshaped(
    Shape(all.shape.dropLast() + [heads.query * features]))
  guard all.isTracked else { return whole }
  let saved = Saved(all)
  return whole.recorded(from: all) { upstream, node in
    let split = upstream.reshaped(Shape(upstream.shape.dropLast() + [heads.query, features]))
      .transposed(-3, -2)
    if isRecording() {
      let operands = sideBySide(saved.restored(node.first), heads)
      return concatenated(operands.plainGradients(settings, split).map(joined), along: -1)
    }
    let gradient = Tensor(uninitialized: saved.shape, dtype: saved.dtype)
    let parts = sideBySide(gradient, heads)
    lean.backward(
      from: split, result: result, logSums: logSums,
      into: (
        LeanAttention.fourAxes(parts.query), LeanAttention.fourAxes(parts.key),
        LeanAttention.fourAxes(parts.value)
      ))
    return gradient
  }
}

/// Views of what lies side by side, each [batch…, head, time, feature].
func sideBySide(_ all: Tensor, _ heads: (query: Int, shared: Int)) -> AttentionOperands {
  let features = all.shape[all.rank - 1] / (heads.query + 2 * heads.shared)
  let each = all.reshaped(
    Shape(all.shape.dropLast() + [heads.query + 2 * heads.shared, features])
  ).transposed(-3, -2)
  return AttentionOperands(
    each.narrowed(-3, from: 0, count: heads.query),
    each.narrowed(-3, from: heads.query, count: heads.shared),
    each.narrowed(-3, from: heads.query + heads.shared, count: heads.shared),
    in: "MultiHeadAttention")
}

/// [batch…, head, time, feature] as [batch…, time, head · feature].
func joined(_ x: Tensor) -> Tensor {
  let shape = x.shape
  let (heads, time, features) = (shape[x.rank - 3], shape[x.rank - 2], shape[x.rank - 1])
  return x.transposed(-3, -2).reshaped(Shape(shape.dropLast(3) + [time, heads * features]))
}
