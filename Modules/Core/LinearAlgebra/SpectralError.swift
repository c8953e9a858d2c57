internal import Kernels

/// A matrix that has no spectral decomposition, thrown by the forms whose first argument is
/// labelled `checking`.
///
/// ```swift
/// do {
///   let (values, vectors) = try symmetricEigen(checking: covariance)
/// } catch {
///   print(error)  // symmetricEigen: matrix [3] is not finite
/// }
/// ```
///
/// The plain forms, `symmetricEigen(a)` and the like, never fail: all that they give for such a
/// matrix is NaN. The number of iterations is bounded, so nothing hangs; that it runs out on finite
/// numbers has not been seen.
public struct SpectralError: Error, Hashable, Sendable {
  /// Why there is no result.
  public enum Reason: String, Hashable, Sendable {
    /// The matrix holds a NaN or an infinity.
    case notFinite = "is not finite"
    /// The iteration ran out of steps.
    case noConvergence = "did not converge"
  }

  /// The name of the operation.
  public let operation: String
  /// What is wrong.
  public let reason: Reason
  /// Which matrix of the batch it is, the first of those that fail; empty for a single one.
  public let batchIndex: [Int]

  /// What went wrong where.
  public init(operation: String, reason: Reason, batchIndex: [Int]) {
    self.operation = operation
    self.reason = reason
    self.batchIndex = batchIndex
  }
}

extension SpectralError: CustomStringConvertible {
  public var description: String {
    let matrix = batchIndex.isEmpty ? "the matrix" : "matrix \(batchIndex)"
    return "\(operation): \(matrix) \(reason.rawValue)"
  }
}

/// How the decompositions of a batch ended.
struct Convergence {
  private var outcomes: [apus_convergence]
  private let batch: Shape

  init(batch: Shape) {
    self.batch = batch
    outcomes = [apus_convergence](repeating: .done, count: batch.elementCount)
  }

  /// Hands the kernel a place for the outcome of each matrix.
  mutating func report(_ body: (UnsafeMutablePointer<apus_convergence>?) -> Void) {
    outcomes.withUnsafeMutableBufferPointer { body($0.baseAddress) }
  }

  /// Throws for the first matrix that failed.
  func check(_ operation: String) throws(SpectralError) {
    guard let failed = outcomes.firstIndex(where: { $0 != .done }) else { return }
    var rest = failed
    var index: [Int] = []
    for extent in batch.reversed() {
      index.append(rest % extent)
      rest /= extent
    }
    throw SpectralError(
      operation: operation,
      reason: outcomes[failed] == .not_finite ? .notFinite : .noConvergence,
      batchIndex: index.reversed())
  }
}
