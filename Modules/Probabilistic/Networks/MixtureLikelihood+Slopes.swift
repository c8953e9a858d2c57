import Core
internal import Kernels

/// The loss of rows of outputs and its derivatives, by the kernel and in tensor operations.
struct MixtureLikelihood: Sendable {
  let layout: MixtureLayout
  /// Log deviations below this count as this.
  let floor: Double

  /// The loss of every row, and its derivatives if they are wanted; dense, nothing recorded.
  func evaluate(_ x: Tensor, _ y: Tensor, wantsSlopes: Bool) -> (losses: Tensor, slopes: Tensor?) {
    let losses = Tensor(uninitialized: [x.shape[0]], dtype: x.dtype)
    let slopes = wantsSlopes ? Tensor(uninitialized: x.shape, dtype: x.dtype) : nil
    apus_gaussian_mixture(
      x.dtype.kernel, x.shape[0], layout.components, layout.targets, layout.couplings > 0, floor,
      x.pointer, y.pointer, 1, losses.pointer, slopes?.pointer)
    extendLifetime(x.storage)
    extendLifetime(y.storage)
    return (losses, slopes)
  }

  /// The same derivatives as functions of outputs and targets that can be differentiated again:
  /// [rows, width].
  func recordableSlopes(_ x: Tensor, _ y: Tensor) -> Tensor {
    let (logits, means, raw, couplings) = layout.split(x)
    let logDeviations = raised(raw)
    // [rows, K, D]
    let residuals = y.expandingShape(at: 1) - means
    let lower = layout.couplings > 0 ? layout.lowerCouplings(couplings) : nil
    let mixed = lower.map { residuals + matmul($0, residuals.column).squeezed(-1) } ?? residuals
    let inverse = exp(-logDeviations)
    let bound = x.dtype == .float32 ? 1e18 : 1e150
    let z = (mixed * inverse).clamped(to: -bound...bound)
    let scaled = z * inverse
    let densities = (-0.5 * (z * z) - logDeviations).sum(along: -1)

    let shares = softmax(logits + densities)  // [rows, K]
    let each = shares.expandingShape(at: -1)
    let pulls =
      lower.map { scaled + matmul($0.transposed(-1, -2), scaled.column).squeezed(-1) } ?? scaled
    let rows = x.shape[0]
    var parts = [
      softmax(logits) - shares,
      (-each * pulls).reshaped([rows, -1]),
      (each * (1 - z * z)).reshaped([rows, -1]),
    ]
    if lower != nil {
      let products = scaled.expandingShape(at: -1) * residuals.expandingShape(at: -2)
      parts.append((each * strictlyLower(products)).reshaped([rows, -1]))
    }
    return concatenated(parts, along: -1)
  }

  /// Log deviations raised to the floor, below which they keep the slope 1.
  private func raised(_ logDeviations: Tensor) -> Tensor {
    let floor = floor
    return differentiable(logDeviations) {
      maximum($0, floor)
    } pullback: { _, _, upstream in
      upstream
    }
  }

  /// The strictly lower triangles, row by row: […, D, D] → […, D (D − 1)/2].
  private func strictlyLower(_ matrices: Tensor) -> Tensor {
    let size = layout.targets
    let places = (0..<size).flatMap { row in (0..<row).map { Int64(row * size + $0) } }
    let flat = matrices.reshaped(Shape(Array(matrices.shape.dropLast(2)) + [size * size]))
    return flat.gathered(at: Tensor(scalars: places, shape: [places.count]), along: -1)
  }
}

extension Tensor {
  /// Vectors as matrices of one column.
  fileprivate var column: Tensor { expandingShape(at: -1) }
}
