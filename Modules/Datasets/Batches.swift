import Core

extension Dataset {
  /// The examples in batches, in their order. The batches are views.
  ///
  /// - Parameters:
  ///   - size: Examples in a batch; the last batch has what is left.
  ///   - dropLast: Whether to leave out the last batch when it is smaller.
  public func batches(of size: Int, dropLast: Bool = false) -> Batches {
    Batches(self, size: size, dropLast: dropLast, order: nil)
  }

  /// The examples in batches, in a random order drawn anew by each call.
  ///
  /// ```swift
  /// for epoch in 0..<epochs {
  ///   for batch in training.batches(of: 32, using: &generator) { … }   // another order each epoch
  /// }
  /// ```
  ///
  /// - Parameters:
  ///   - size: Examples in a batch; the last batch has what is left.
  ///   - dropLast: Whether to leave out the last batch when it is smaller.
  ///   - generator: Its state fixes the order.
  public func batches(
    of size: Int, dropLast: Bool = false, using generator: inout RandomGenerator
  ) -> Batches {
    Batches(
      self, size: size, dropLast: dropLast, order: (0..<count).shuffled(using: &generator))
  }
}

/// The batches of a dataset, each gathered when it is asked for.
public struct Batches: RandomAccessCollection, Sendable {
  private let dataset: Dataset
  private let size: Int
  private let order: [Int]?
  public let endIndex: Int

  public var startIndex: Int { 0 }

  init(_ dataset: Dataset, size: Int, dropLast: Bool, order: [Int]?) {
    require(size > 0, "batches: the size \(size) is not positive")
    self.dataset = dataset
    self.size = size
    self.order = order
    let whole = dataset.count / size
    endIndex = dropLast || dataset.count == whole * size ? whole : whole + 1
  }

  public subscript(position: Int) -> Dataset {
    require(
      position >= 0 && position < endIndex, "batches: no batch \(position) among \(endIndex)")
    let range = position * size..<Swift.min((position + 1) * size, dataset.count)
    guard let order else { return dataset[range] }
    return dataset.selecting(Array(order[range]))
  }
}
