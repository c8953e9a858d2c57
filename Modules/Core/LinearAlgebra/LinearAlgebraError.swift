/// A matrix that an operation is not defined for, thrown by the forms whose first argument is
/// labelled `checking`.
///
/// ```swift
/// do {
///   let l = try cholesky(checking: covariance)
/// } catch {
///   print(error)  // cholesky: matrix [3] is not positive definite: the pivot of row 2 is -0.5
/// }
/// ```
///
/// Every direct operation comes in two forms. The plain one, `cholesky(a)`, never fails: what it
/// gives for a matrix that has no result is documented with it. The checking one,
/// `try cholesky(checking: a)`, computes the same and throws this error instead.
public struct LinearAlgebraError: Error, Hashable, Sendable {
  /// Why there is no result.
  public enum Reason: String, Hashable, Sendable {
    /// A pivot is not positive.
    case notPositiveDefinite = "not positive definite"
    /// There is no inverse.
    case singular
    /// Columns depend on each other.
    case rankDeficient = "rank-deficient"
  }

  /// The name of the operation.
  public let operation: String
  /// What is wrong.
  public let reason: Reason
  /// Which matrix of the batch it is, the first of those that fail; empty for a single one.
  public let batchIndex: [Int]
  /// The row of the factorisation at which it failed.
  public let row: Int
  /// The pivot found there: what is left of the diagonal element.
  public let value: Double

  /// What went wrong where.
  public init(
    operation: String, reason: Reason, batchIndex: [Int], row: Int, value: Double
  ) {
    self.operation = operation
    self.reason = reason
    self.batchIndex = batchIndex
    self.row = row
    self.value = value
  }
}

extension LinearAlgebraError: CustomStringConvertible {
  public var description: String {
    let matrix = batchIndex.isEmpty ? "the matrix" : "matrix \(batchIndex)"
    return "\(operation): \(matrix) is \(reason.rawValue): the pivot of row \(row) is \(value)"
  }
}
