internal import Kernels

extension Tensor {
  /// The elements for which a mask is true, in row-major order.
  ///
  /// - Parameter mask: A bool tensor in this tensor's shape, or in that of its leading axes: then
  ///   whole slices are selected.
  /// - Returns: [number of true elements, remaining axes…]. The gradient of what is not selected
  ///   is 0.
  public func selected(where mask: Tensor) -> Tensor {
    requireMask(mask, in: "selected")
    require(
      mask.rank <= rank && mask.shape.elementsEqual(shape.prefix(mask.rank)),
      "selected: the mask has shape \(mask.shape), the tensor \(shape)")
    let rest = Array(shape.dropFirst(mask.rank))
    return reshaped(Shape([mask.count] + rest)).gathered(at: mask.truePositions())
  }

  /// This tensor with `value` where a mask is true; the mask broadcasts.
  public func filled(with value: Double, where mask: Tensor) -> Tensor {
    requireMask(mask, in: "filled")
    require(
      Shape.broadcast(mask.shape, shape) == shape,
      "filled: a mask of shape \(mask.shape) does not stretch to \(shape)")
    return select(mask, Tensor.full([], value, dtype: dtype), self)
  }

  /// This tensor with the given values, in order, where a mask is true: what
  /// ``selected(where:)`` of the same mask then returns.
  ///
  /// - Parameters:
  ///   - values: One for each true element of the mask, in a vector.
  ///   - mask: A bool tensor in this tensor's shape.
  public func replacing(where mask: Tensor, with values: Tensor) -> Tensor {
    requireMask(mask, in: "replacing")
    require(
      mask.shape == shape, "replacing: the mask has shape \(mask.shape), the tensor \(shape)")
    let positions = mask.truePositions()
    require(
      values.shape == positions.shape,
      "replacing: \(positions.count) elements to replace need as many values, got \(values.shape)")
    return flattened().replacing(values, at: positions).reshaped(layout.shape)
  }

  /// The indices of the elements that are not 0, one row for each: `int64`, [number, rank], in
  /// row-major order.
  public func nonzeroIndices() -> Tensor {
    var rest = (dtype == .bool ? detached : detached .!= 0).truePositions()
    var columns: [Tensor] = []
    for extent in shape.reversed() {
      let wide = Tensor.full([], Double(max(extent, 1)), dtype: .int64)
      columns.append(rest % wide)
      rest = rest.quotients(by: extent)
    }
    return columns.isEmpty
      ? Tensor.zeros([rest.count, 0], dtype: .int64) : stacked(columns.reversed(), along: 1)
  }

  /// The row-major positions of the true elements of a bool tensor, as `int64`.
  func truePositions() -> Tensor {
    let mask = detached.contiguous()
    let found = apus_count_true(mask.count, mask.pointer)
    let result = Tensor(uninitialized: [found], dtype: .int64)
    apus_true_positions(
      mask.count, mask.pointer, result.pointer.assumingMemoryBound(to: Int64.self))
    extendLifetime(mask.storage)
    return result
  }

  /// Whole quotients of int64 numbers, none negative.
  private func quotients(by divisor: Int) -> Tensor {
    var result = self
    result.withMutableScalars(as: Int64.self) { values in
      for index in values.indices { values[index] /= Int64(max(divisor, 1)) }
    }
    return result
  }

  private func requireMask(_ mask: Tensor, in operation: StaticString) {
    require(mask.dtype == .bool, "\(operation): the mask is \(mask.dtype), not bool")
  }
}
