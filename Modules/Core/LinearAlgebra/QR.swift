internal import Kernels

/// How many columns of Q to give.
public enum QRMode: Sendable {
  /// k = min(m, n): as many as A needs.
  case reduced
  /// All m: an orthogonal matrix.
  case complete
}

/// The factors of matrices A = Q R.
public struct QRFactors: Sendable {
  /// Q, […, m, k]: QᵀQ = 1.
  public let q: Tensor
  /// R, […, k, n]: upper triangular.
  public let r: Tensor
}

/// The QR factors of matrices, by Householder reflections.
///
/// ```
/// A = Q R,  QᵀQ = 1,  R upper triangular
/// ```
///
/// - Parameters:
///   - a: […, m, n], of any rank.
///   - mode: `.reduced`: Q is […, m, k] and R […, k, n] with k = min(m, n); `.complete`: k = m.
///     Default `.reduced`.
/// - Returns: Q and R. Signs are those of LAPACK: R's diagonal is negative as a rule.
/// - Complexity: 4mn² − 4n³/3 floating-point operations for m ≥ n, Q included.
///
/// With M = R R̄ᵀ − Q̄ᵀ Q, the derivative for m ≥ n is Ā = (Q̄ + Q copyltu(M)) R⁻ᵀ, where copyltu
/// mirrors the lower triangle to the upper
/// ([Walter and Lehmann 2018](https://doi.org/10.1016/j.laa.2011.08.015)); it is finite if the first k columns of A are
/// independent. For m > n the columns of a complete Q past the nth are any basis of what is left, and
/// their gradient is right for all that does not depend on the choice, as the projector Q₂ Q₂ᵀ.
public func qr(_ a: Tensor, mode: QRMode = .reduced) -> QRFactors {
  let a = matrices(a, in: "qr")
  let (m, n) = (a.rowCount, a.columnCount)
  let k = mode == .complete ? m : min(m, n)
  let batch = Array(a.batchShape)
  let dense = a.detached.contiguous()
  func factor(_ q: Tensor, _ qBatch: Int, _ r: UnsafeMutableRawPointer, _ rBatch: Int) {
    apus_qr(
      a.dtype.kernel, Shape(batch).elementCount, m, n, mode == .complete, dense.pointer, q.pointer,
      qBatch, r, rBatch)
    extendLifetime(dense.storage)
  }
  guard a.isTracked else {
    let q = Tensor(uninitialized: Shape(batch + [m, k]), dtype: a.dtype)
    let r = Tensor(uninitialized: Shape(batch + [k, n]), dtype: a.dtype)
    factor(q, m * k, r.pointer, k * n)
    return QRFactors(q: q, r: r)
  }
  // One result that holds both, so that one pull-back sees both gradients.
  let joined = Tensor(uninitialized: Shape(batch + [m * k + k * n]), dtype: a.dtype)
  let size = joined.shape[batch.count]
  factor(joined, size, joined.pointer + m * k * a.dtype.byteCount, size)
  let saved = Saved(joined)
  @Sendable func parts(_ x: Tensor) -> (q: Tensor, r: Tensor) {
    (
      x.narrowed(-1, from: 0, count: m * k).reshaped(Shape(batch + [m, k])),
      x.narrowed(-1, from: m * k, count: k * n).reshaped(Shape(batch + [k, n]))
    )
  }
  let recorded = joined.recorded(from: a) { upstream, node in
    let (q, r) = parts(saved.restored(node))
    let (qBar, rBar) = parts(upstream)
    return pullback(q, r, qBar, rBar)
  }
  let (q, r) = parts(recorded)
  return QRFactors(q: q, r: r)
}

private func pullback(_ q: Tensor, _ r: Tensor, _ qBar: Tensor, _ rBar: Tensor) -> Tensor {
  let (m, n) = (q.rowCount, r.columnCount)
  if m < n {
    // A = [X Y], R = [U V]: X = Q U and V = Qᵀ Y.
    func columns(_ x: Tensor) -> (Tensor, Tensor) {
      (x.narrowed(-1, from: 0, count: m), x.narrowed(-1, from: m, count: n - m))
    }
    let ((u, v), (uBar, vBar)) = (columns(r), columns(rBar))
    let y = matmul(q, v)
    let xBar = pullback(q, u, qBar + matmul(y, vBar.transposed()), uBar)
    return concatenated([xBar, matmul(q, vBar)], along: -1)
  }
  if q.columnCount > n {
    // The basis of the complement turns as its projector does: dQ₂ = −Q₁ (Q₂ᵀ dA R⁻¹)ᵀ.
    func split(_ x: Tensor, _ axis: Int) -> (Tensor, Tensor) {
      (x.narrowed(axis, from: 0, count: n), x.narrowed(axis, from: n, count: m - n))
    }
    let ((q1, q2), (q1Bar, q2Bar)) = (split(q, -1), split(qBar, -1))
    let r1 = split(r, -2).0
    let turned = matmul(q2, matmul(q2Bar.transposed(), q1))
    return pullback(q1, r1, q1Bar - turned, split(rBar, -2).0)
  }
  let inner = matmul(r, rBar.transposed()) - matmul(qBar.transposed(), q)
  let mirrored =
    triangle(.lower, of: inner) + triangle(.lower, of: inner, diagonal: 0).transposed()
  // X R⁻ᵀ = (R⁻¹ Xᵀ)ᵀ
  let right = (qBar + matmul(q, mirrored)).transposed()
  return triangularSolve(r, right, lower: false).transposed()
}
