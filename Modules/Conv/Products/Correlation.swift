import Core
internal import Kernels

/// A cross-correlation with all its sizes: y = w ⋆ x. It is linear in w and in x, so that the map and
/// its two adjoints are each other's derivatives, to any order.
///
/// ```
/// y[n, f, o] = Σ_c Σ_j w[f, c, j] x[n, c, o · stride + j · dilation − before]
/// ```
struct Correlation: Sendable {
  private let sizes: apus_convolution
  private let rank: Int

  /// - Parameter axes: One to three axes of space.
  init(channels: Int, filters: Int, groups: Int, axes: [WindowAxis], method: ConvolutionMethod) {
    rank = axes.count
    let all = Array(repeating: WindowAxis.single, count: 3 - rank) + axes
    func triple(_ path: KeyPath<WindowAxis, Int>) -> (Int, Int, Int) {
      (all[0][keyPath: path], all[1][keyPath: path], all[2][keyPath: path])
    }
    sizes = apus_convolution(
      batch: 0, channels: channels, filters: filters, groups: groups, size: triple(\.size),
      kernel: triple(\.kernel), output: triple(\.output), stride: triple(\.stride),
      dilation: triple(\.dilation), before: triple(\.before), exact: method == .exact)
  }

  // MARK: The three products

  /// w ⋆ x, the convolution.
  func forward(_ x: Tensor, _ weight: Tensor) -> Tensor {
    let y = forwardKernel(x, weight)
    let (savedX, savedWeight) = (Saved(x), Saved(weight))
    return y.recorded(from: x, weight) { upstream, node, needs in
      Cotangents(
        needs[0] ? inputGradient(upstream, savedWeight.restored(node.second)) : nil,
        needs[1] ? weightGradient(savedX.restored(node.first), upstream) : nil)
    }
  }

  /// wᵀ z, the transposed convolution: the adjoint of ``forward(_:_:)`` in x.
  func inputGradient(_ z: Tensor, _ weight: Tensor) -> Tensor {
    let x = inputGradientKernel(z, weight)
    let (savedZ, savedWeight) = (Saved(z), Saved(weight))
    return x.recorded(from: z, weight) { upstream, node, needs in
      Cotangents(
        needs[0] ? forward(upstream, savedWeight.restored(node.second)) : nil,
        needs[1] ? weightGradient(upstream, savedZ.restored(node.first)) : nil)
    }
  }

  /// The adjoint of ``forward(_:_:)`` in w.
  func weightGradient(_ x: Tensor, _ z: Tensor) -> Tensor {
    let weight = weightGradientKernel(x, z)
    let (savedX, savedZ) = (Saved(x), Saved(z))
    return weight.recorded(from: x, z) { upstream, node, needs in
      Cotangents(
        needs[0] ? inputGradient(savedZ.restored(node.second), upstream) : nil,
        needs[1] ? forward(savedX.restored(node.first), upstream) : nil)
    }
  }

  // MARK: With bias and activation, in one pass

  func forward(
    _ x: Tensor, _ weight: Tensor, bias: Tensor?, activation: Activation
  ) -> Tensor {
    if bias == nil, activation == .identity { return forward(x, weight) }
    let y = forwardKernel(x, weight, bias: bias, activation: activation)
    return finished(y, x, weight, bias, activation) { upstream, x, weight, needs in
      Cotangents(
        needs[0] ? inputGradient(upstream, weight) : nil,
        needs[1] ? weightGradient(x, upstream) : nil)
    }
  }

  func transposed(
    _ z: Tensor, _ weight: Tensor, bias: Tensor?, activation: Activation
  ) -> Tensor {
    if bias == nil, activation == .identity { return inputGradient(z, weight) }
    let x = inputGradientKernel(z, weight, bias: bias, activation: activation)
    return finished(x, z, weight, bias, activation) { upstream, z, weight, needs in
      Cotangents(
        needs[0] ? forward(upstream, weight) : nil,
        needs[1] ? weightGradient(upstream, z) : nil)
    }
  }

  /// Records activation(product(input, weight) + bias).
  private func finished(
    _ result: Tensor, _ input: Tensor, _ weight: Tensor, _ bias: Tensor?, _ activation: Activation,
    product: @escaping @Sendable (_ upstream: Tensor, Tensor, Tensor, Needs) -> Cotangents
  ) -> Tensor {
    let (savedInput, savedWeight, savedResult) = (Saved(input), Saved(weight), Saved(result))
    let inputs = bias.map { [input, weight, $0] } ?? [input, weight]
    return result.recorded(from: inputs) { upstream, node, needs in
      let upstream = activation.gradient(upstream, output: savedResult.restored(node))
      var cotangents = product(
        upstream, savedInput.restored(node.first), savedWeight.restored(node.second), needs)
      if needs[2] {
        let space = upstream.shape.elementCount / max(upstream.shape[0] * upstream.shape[1], 1)
        cotangents.third = upstream.reshaped([upstream.shape[0], upstream.shape[1], space])
          .sum(along: [0, 2])
      }
      return cotangents
    }
  }

  // MARK: - Kernels

  private func forwardKernel(
    _ x: Tensor, _ weight: Tensor, bias: Tensor? = nil, activation: Activation = .identity
  ) -> Tensor {
    let y = Tensor(
      uninitialized: shape(x.shape[0], sizes.filters, sizes.output), dtype: x.dtype)
    countMultiplyAdds(y.count * weight.count / sizes.filters)
    withDense(x, weight, bias) { x, weight, bias in
      var sizes = sized(batch: y.shape[0])
      apus_convolution_forward(
        y.dtype.kernel, &sizes, x.pointer, weight.pointer, bias, activation.kernel, y.pointer)
    }
    return y
  }

  private func inputGradientKernel(
    _ z: Tensor, _ weight: Tensor, bias: Tensor? = nil, activation: Activation = .identity
  ) -> Tensor {
    let x = Tensor(uninitialized: shape(z.shape[0], sizes.channels, sizes.size), dtype: z.dtype)
    countMultiplyAdds(z.count * weight.count / sizes.filters)
    withDense(z, weight, bias) { z, weight, bias in
      var sizes = sized(batch: x.shape[0])
      apus_convolution_input_gradient(
        x.dtype.kernel, &sizes, z.pointer, weight.pointer, bias, activation.kernel, x.pointer)
    }
    return x
  }

  private func weightGradientKernel(_ x: Tensor, _ z: Tensor) -> Tensor {
    let channels = sizes.channels / sizes.groups
    let weight = Tensor(
      uninitialized: shape(sizes.filters, channels, sizes.kernel), dtype: x.dtype)
    withDense(x, z, nil) { x, z, _ in
      var sizes = sized(batch: z.shape[0])
      apus_convolution_weight_gradient(
        weight.dtype.kernel, &sizes, x.pointer, z.pointer, weight.pointer)
    }
    return weight
  }

  private func sized(batch: Int) -> apus_convolution {
    var result = sizes
    result.batch = batch
    return result
  }

  private func shape(_ first: Int, _ second: Int, _ space: (Int, Int, Int)) -> Shape {
    var shape: Shape = [first, second]
    if rank > 2 { shape.append(space.0) }
    if rank > 1 { shape.append(space.1) }
    shape.append(space.2)
    return shape
  }
}

/// Calls `body` with the operands' memory, made dense.
private func withDense(
  _ first: Tensor, _ second: Tensor, _ third: Tensor?,
  _ body: (Tensor, Tensor, UnsafeRawPointer?) -> Void
) {
  let (first, second) = (first.detached.contiguous(), second.detached.contiguous())
  let third = third?.detached.contiguous()
  body(first, second, third.map { UnsafeRawPointer($0.pointer) })
  extendLifetime(first.storage)
  extendLifetime(second.storage)
  extendLifetime(third?.storage)
}
