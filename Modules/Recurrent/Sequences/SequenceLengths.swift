import Core

/// How many steps each sequence of a padded batch has.
///
/// ```swift
/// let (outputs, state) = lstm(x, lengths: [5, 2, 3])        // x is [5 or more, 3, feature]
/// ```
///
/// What PyTorch does with a packed sequence: beyond its length the output of a sequence is 0, its
/// final state is the one after its own last step, and the backward direction begins there. The
/// order of the lengths does not matter.
public struct SequenceLengths: ExpressibleByArrayLiteral, Sendable {
  /// One for each sequence of the batch.
  public let values: [Int]

  /// - Parameter values: One length for each sequence of the batch, none negative.
  public init(_ values: [Int]) {
    Core.require(values.allSatisfy { $0 >= 0 }, "SequenceLengths: a negative length in \(values)")
    self.values = values
  }

  public init(arrayLiteral elements: Int...) { self.init(elements) }

  private var tensor: Tensor { Tensor(values.map(Double.init), dtype: .float64) }

  /// Which sequences have a step at `time`, [batch]; `nil` when all do.
  func running(at time: Int) -> Tensor? {
    values.allSatisfy { time < $0 } ? nil : tensor .> Double(time)
  }

  /// [time, batch]: whether a sequence has a step there.
  public func mask(times: Int) -> Tensor {
    let times = Tensor((0..<times).map(Double.init), dtype: .float64)
    return times.expandingShape(at: 1) .< tensor
  }

  func require(fitting x: Tensor, in operation: String) {
    Core.require(
      values.count == x.shape[1] && values.allSatisfy { $0 <= x.shape[0] },
      "\(operation): the lengths \(values) do not fit an input of shape \(x.shape) [time, batch, …]"
    )
  }
}
