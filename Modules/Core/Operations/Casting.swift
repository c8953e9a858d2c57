internal import Kernels

extension Tensor {
  /// This tensor in another element type.
  ///
  /// Floating to integer drops the fraction and saturates; to bool is "not 0". Between floating
  /// types it is differentiable.
  public func cast(to dtype: DType) -> Tensor {
    if dtype == self.dtype { return self }
    let source = detached.contiguous()
    let result = Tensor(uninitialized: shape, dtype: dtype)
    apus_convert(
      self.dtype.kernel, dtype.kernel, result.count, source.pointer, result.pointer)
    extendLifetime(source.storage)
    let original = self.dtype
    guard dtype.isFloating, original.isFloating else { return result }
    return result.recorded(from: self) { upstream, _ in upstream.cast(to: original) }
  }
}
