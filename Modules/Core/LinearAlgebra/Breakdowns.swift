internal import Kernels

/// Where kernels report the matrices that they fail on; `nil` in the plain forms, which do not ask.
typealias Breakdowns = UnsafeMutablePointer<apus_breakdown>

/// Computes with a report for each matrix of the batch, and throws the first that is no success.
func checking<Result>(
  _ operation: String, _ reason: LinearAlgebraError.Reason, batch: Shape,
  _ body: (Breakdowns) -> Result
) throws(LinearAlgebraError) -> Result {
  let count = batch.elementCount
  let well = apus_breakdown(row: -1, value: 0)
  var reports = [apus_breakdown](repeating: well, count: max(count, 1))
  let result = reports.withUnsafeMutableBufferPointer { body($0.baseAddress.unsafelyUnwrapped) }
  guard let failed = reports.firstIndex(where: { $0.row >= 0 }) else { return result }
  throw LinearAlgebraError(
    operation: operation, reason: reason, batchIndex: batch.index(ofElement: failed),
    row: reports[failed].row, value: reports[failed].value)
}

extension Shape {
  /// The index of the element that is the `position`th in row-major order.
  fileprivate func index(ofElement position: Int) -> [Int] {
    var rest = position
    var index: [Int] = []
    for extent in reversed() {
      index.append(rest % extent)
      rest /= extent
    }
    return index.reversed()
  }
}
