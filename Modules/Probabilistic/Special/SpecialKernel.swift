import Core
internal import Kernels

/// One of the kernels of probabilistic.h over operands of one shape and floating type; no derivative.
func special(_ function: apus_special, _ a: Tensor, _ b: Tensor? = nil, _ c: Tensor? = nil)
  -> Tensor
{
  let a = a.detached.contiguous()
  let (b, c) = (b?.detached.contiguous(), c?.detached.contiguous())
  let result = Tensor(uninitialized: a.shape, dtype: a.dtype)
  apus_apply_special(
    function, a.dtype.kernel, a.count, a.pointer, b?.pointer, c?.pointer, result.pointer)
  extendLifetime(a.storage)
  if let b { extendLifetime(b.storage) }
  if let c { extendLifetime(c.storage) }
  return result
}

/// Tensors in their common floating type and shape.
func aligned(_ tensors: Tensor..., in operation: String) -> [Tensor] {
  let dtype = tensors.map { floating($0).dtype }.max() ?? .float32
  var shape = Shape()
  for tensor in tensors {
    guard let joined = Shape.broadcast(shape, tensor.shape) else {
      trap(
        """
        \(operation): the shapes \(tensors.map { "\($0.shape)" }.joined(separator: ", ")) do not \
        broadcast
        """)
    }
    shape = joined
  }
  return tensors.map { tensor in
    let cast = tensor.dtype == dtype ? tensor : tensor.cast(to: dtype)
    return cast.shape == shape ? cast : cast.broadcast(to: shape)
  }
}

/// A derivative that is known as a number only: it is a factor like any other, but differentiating
/// it again, with respect to `source`, traps.
func onceOnly(_ derivative: Tensor, of source: Tensor, in operation: StaticString) -> Tensor {
  derivative.recorded(from: source) { _, _ in
    trap("\(operation): the second derivative with respect to this parameter is not implemented")
  }
}
