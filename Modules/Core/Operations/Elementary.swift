package import Kernels

// Elementary functions. Integer tensors are taken as `float32`, except where the function makes
// sense on integers (abs, sign, square).

/// eˣ.
public func exp(_ x: Tensor) -> Tensor {
  fromOutput(.exp, floating(x)) { y, upstream in upstream * y }
}

/// eˣ − 1, exact near 0 too.
public func expm1(_ x: Tensor) -> Tensor {
  fromOutput(.expm1, floating(x)) { y, upstream in upstream * (y + 1) }
}

/// The natural logarithm.
public func log(_ x: Tensor) -> Tensor {
  fromInput(.log, floating(x)) { x, upstream in upstream / x }
}

/// ln(1 + x), exact near 0 too.
public func log1p(_ x: Tensor) -> Tensor {
  fromInput(.log1p, floating(x)) { x, upstream in upstream / (1 + x) }
}

/// The square root.
public func sqrt(_ x: Tensor) -> Tensor {
  fromOutput(.sqrt, floating(x)) { y, upstream in 0.5 * upstream / y }
}

/// 1 / √x.
public func rsqrt(_ x: Tensor) -> Tensor {
  fromOutput(.rsqrt, floating(x)) { y, upstream in -0.5 * upstream * (y * y * y) }
}

/// 1 / x.
public func reciprocal(_ x: Tensor) -> Tensor {
  fromOutput(.reciprocal, floating(x)) { y, upstream in -upstream * (y * y) }
}

/// x².
public func square(_ x: Tensor) -> Tensor {
  fromInput(.square, x) { x, upstream in 2 * x * upstream }
}

/// |x|; the derivative at 0 is 0.
public func abs(_ x: Tensor) -> Tensor {
  fromInput(.abs, x) { x, upstream in upstream * sign(x) }
}

/// +1, 0 or −1: the sign of each element. Its derivative is 0 everywhere.
///
/// In indicator functions, sign(x) = 𝟏{x > 0} − 𝟏{x < 0} (course document 001, question 1(a)).
public func sign(_ x: Tensor) -> Tensor { apply(.sign, x) }

/// Heaviside's step: 1 for x > 0, 0 for x < 0 and ½ at 0. Its derivative is taken as 0.
public func heaviside(_ x: Tensor) -> Tensor { apply(.heaviside, floating(x)) }

/// The sine of each element.
public func sin(_ x: Tensor) -> Tensor {
  fromInput(.sin, floating(x)) { x, upstream in upstream * cos(x) }
}

/// The cosine of each element.
public func cos(_ x: Tensor) -> Tensor {
  fromInput(.cos, floating(x)) { x, upstream in -upstream * sin(x) }
}

/// The tangent of each element.
public func tan(_ x: Tensor) -> Tensor {
  fromOutput(.tan, floating(x)) { y, upstream in upstream * (1 + y * y) }
}

/// The inverse of the tangent, between −π/2 and π/2.
public func atan(_ x: Tensor) -> Tensor {
  fromInput(.atan, floating(x)) { x, upstream in upstream / (1 + x * x) }
}

/// The error function, 2/√π ∫₀ˣ e^(−t²) dt.
public func erf(_ x: Tensor) -> Tensor {
  fromInput(.erf, floating(x)) { x, upstream in
    upstream * ((2 / Double.pi.squareRoot()) * exp(-(x * x)))
  }
}

/// The greatest integer not above each element. Its derivative is 0.
public func floor(_ x: Tensor) -> Tensor { apply(.floor, floating(x)) }

/// The least integer not below each element. Its derivative is 0.
public func ceil(_ x: Tensor) -> Tensor { apply(.ceil, floating(x)) }

/// The nearest integer, ties to the even one. Its derivative is 0.
public func round(_ x: Tensor) -> Tensor { apply(.round, floating(x)) }

/// Each element without its fraction. Its derivative is 0.
public func truncate(_ x: Tensor) -> Tensor { apply(.trunc, floating(x)) }

// MARK: - Shared by the topics

/// The logistic function, σ(x) = 1 / (1 + e⁻ˣ), without overflow for any x.
///
/// Its derivative is σ(1 − σ) (course document 001, question 1(e)).
public func sigmoid(_ x: Tensor) -> Tensor {
  fromOutput(.sigmoid, floating(x), fused: .sigmoid_from_output) { y, upstream in
    upstream * (y * (1 - y))
  }
}

/// The hyperbolic tangent, with derivative 1 − tanh².
public func tanh(_ x: Tensor) -> Tensor {
  fromOutput(.tanh, floating(x), fused: .tanh_from_output) { y, upstream in
    upstream * (1 - y * y)
  }
}

/// ln(1 + eˣ), without overflow for any x; its derivative is the logistic function.
public func softplus(_ x: Tensor) -> Tensor {
  fromInput(.softplus, floating(x), fused: .softplus_from_input) { x, upstream in
    upstream * sigmoid(x)
  }
}

// MARK: - Derivatives in terms of the input or of the output

/// A function whose derivative is easiest in terms of its input.
///
/// - Parameters:
///   - fused: A kernel for the whole pull-back, used where nothing is recorded.
///   - pullback: From the input and the upstream gradient, the gradient.
@inline(__always)
package func fromInput(
  _ operation: apus_unary, _ x: Tensor, fused: apus_binary? = nil,
  as name: StaticString = #function,
  pullback: @escaping @Sendable (_ x: Tensor, _ upstream: Tensor) -> Tensor
) -> Tensor {
  let y = apply(operation, x)
  guard x.isTracked else { return y }
  let saved = Saved(x)
  return y.recorded(from: x, as: name) { upstream, node in
    if let fused, !isRecording() {
      return apply(fused, upstream, saved.restored(nil), named: "pull-back")
    }
    return pullback(saved.restored(node.first), upstream)
  }
}

/// A function whose derivative is easiest in terms of its output.
@inline(__always)
package func fromOutput(
  _ operation: apus_unary, _ x: Tensor, fused: apus_binary? = nil,
  as name: StaticString = #function,
  pullback: @escaping @Sendable (_ y: Tensor, _ upstream: Tensor) -> Tensor
) -> Tensor {
  let y = apply(operation, x)
  guard x.isTracked else { return y }
  let saved = Saved(y)
  return y.recorded(from: x, as: name) { upstream, node in
    if let fused, !isRecording() {
      return apply(fused, upstream, saved.restored(nil), named: "pull-back")
    }
    return pullback(saved.restored(node), upstream)
  }
}

// MARK: - Units with constants

/// An activation function that has a kernel of its own, and one for its derivative.
///
/// - Parameters:
///   - constants: What the kernel calls p0, p1 and p2.
///   - pullback: From the input and the upstream gradient, the gradient, made of operations that
///     can be recorded; it is used where they are.
package func activationUnit(
  _ unit: apus_unit, _ x: Tensor, _ constants: (Double, Double, Double) = (0, 0, 0),
  as name: StaticString = #function,
  pullback: @escaping @Sendable (_ x: Tensor, _ upstream: Tensor) -> Tensor
) -> Tensor {
  let constants = [constants.0, constants.1, constants.2]
  return differentiable(floating(x), as: name) { x in
    let result = Tensor(uninitialized: x.layout.shape, dtype: x.dtype)
    withBroadcast(x, x, to: x.layout.shape) { rank, shape, strides, _ in
      apus_apply_unit(
        unit, constants, x.dtype.kernel, rank, shape, x.pointer, strides, result.pointer)
    }
    return result
  } pullback: { x, _, upstream in
    if isRecording() { return pullback(x, upstream) }
    let result = Tensor(uninitialized: x.layout.shape, dtype: x.dtype)
    withBroadcast(upstream, x, to: x.layout.shape) { rank, shape, upstreamStrides, strides in
      apus_apply_unit_slope(
        unit, constants, x.dtype.kernel, rank, shape, upstream.pointer, upstreamStrides,
        x.pointer, strides, result.pointer)
    }
    return result
  }
}
