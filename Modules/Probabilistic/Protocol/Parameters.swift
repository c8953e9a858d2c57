import Core

/// The parameters of a distribution, in one floating type and broadcast to one shape.
func parameters(_ tensors: Tensor..., of name: String) -> [Tensor] {
  switch tensors.count {
  case 1: aligned(tensors[0], in: name)
  case 2: aligned(tensors[0], tensors[1], in: name)
  default: aligned(tensors[0], tensors[1], tensors[2], in: name)
  }
}

func requirePositive(_ x: Tensor, _ parameter: String, of name: String) {
  require((x.detached .> 0).all(), "\(name): a \(parameter) is not positive: \(x.detached)")
}

func requireFinite(_ x: Tensor, _ parameter: String, of name: String) {
  require(x.detached.isFinite().all(), "\(name): a \(parameter) is not finite: \(x.detached)")
}

/// −∞ where `outside` is true. There `body` sees `inner` in place of the value, so that nothing
/// undefined reaches a gradient.
func within(
  _ x: Tensor, outside: Tensor, inner: Double, _ body: (Tensor) -> Tensor
) -> Tensor {
  if !outside.any() { return body(x) }
  let inside = select(outside, Tensor(inner, dtype: x.dtype), x)
  return select(outside, Tensor(-Double.infinity, dtype: x.dtype), body(inside))
}

/// x · y for a logarithm y, where 0 · (−∞) is 0.
func timesLogarithm(_ x: Tensor, _ y: Tensor) -> Tensor {
  let isVoid = (x.detached .== 0) .&& (y.detached .== -Double.infinity)
  if !isVoid.any() { return x * y }
  return x * select(isVoid, Tensor(0, dtype: y.dtype), y)
}

/// A value in the type of a distribution.
func asValue(_ value: Tensor, _ dtype: DType) -> Tensor {
  value.dtype.isFloating && value.dtype >= dtype ? value : value.cast(to: dtype)
}
