import Core

/// Rows of a tensor in consecutive runs, such as the edges that arrive at one node after the other.
///
/// ```swift
/// let segments = Segments(lengths: [2, 0, 3])        // rows 0–1, none, rows 2–4
/// segments.sum(Tensor([1, 2, 3, 4, 5]))              // [3, 0, 12]
/// ```
///
/// The reductions over segments (``sum(_:)``, ``mean(_:)``, ``maximum(_:)``, ``softmax(_:)``) take
/// tensors of shape [rows, …], and can be differentiated to any order.
public struct Segments: Sendable {
  /// How many runs there are.
  public let count: Int
  /// How many rows all runs have together.
  public let rowCount: Int
  /// Where each run begins, and where the last one ends: `int64`, [count + 1].
  package let offsets: Tensor
  /// The run that each row belongs to: `int64`, [rowCount].
  public let owners: Tensor

  /// Runs of the given lengths.
  public init(lengths: [Int]) {
    require(lengths.allSatisfy { $0 >= 0 }, "Segments: a length of \(lengths.min() ?? 0)")
    var offsets: [Int] = [0]
    var owners: [Int] = []
    offsets.reserveCapacity(lengths.count + 1)
    owners.reserveCapacity(lengths.reduce(0, +))
    for (run, length) in lengths.enumerated() {
      offsets.append(offsets[run] + length)
      for _ in 0..<length { owners.append(run) }
    }
    count = lengths.count
    rowCount = owners.count
    self.offsets = Tensor(scalars: offsets, shape: [offsets.count])
    self.owners = Tensor(scalars: owners, shape: [owners.count])
  }

  /// The length of each run: `int64`, [count].
  public var lengths: Tensor { offsets[1...] - offsets[..<count] }

  /// For each row, the value of its run: [count, …] → [rows, …], the transpose of ``sum(_:)``.
  public func spread(_ values: Tensor) -> Tensor {
    require(
      values.rank >= 1 && values.shape[0] == count,
      "Segments.spread: values of shape \(values.shape) for \(count) segments")
    let result = values.detached.gathered(at: owners)
    let segments = self
    return result.recorded(from: values) { upstream, _ in segments.sum(upstream) }
  }

  /// A tensor of rows as a dense matrix of floating-point numbers.
  func rows(_ x: Tensor, in operation: StaticString) -> Tensor {
    require(
      x.rank >= 1 && x.shape[0] == rowCount,
      "\(operation): a tensor of shape \(x.shape) for segments of \(rowCount) rows in all")
    return floating(x).contiguous()
  }

  /// The shape of a result: one row for each run.
  func resultShape(of x: Tensor) -> Shape { Shape([count] + x.shape.dropFirst()) }
}
