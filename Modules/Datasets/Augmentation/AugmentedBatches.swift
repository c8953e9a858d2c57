import Core

extension Batches {
  /// The same batches with their inputs, [batch, channel, height, width], changed at random.
  ///
  /// ```swift
  /// for batch in training.batches(of: 64, using: &generator)
  ///   .augmented(by: [RandomFlip(), RandomShift(by: 2)], using: &generator) { … }
  /// ```
  ///
  /// Each batch draws from a stream of its own, so that it is the same whenever and on whatever
  /// thread it is made.
  public func augmented(
    by augmentation: [any Augmentation], using generator: inout RandomGenerator
  ) -> AugmentedBatches {
    AugmentedBatches(
      base: self, augmentation: augmentation,
      generators: indices.map { _ in generator.split() })
  }
}

/// The batches of a dataset with their inputs changed at random, each made when it is asked for.
public struct AugmentedBatches: RandomAccessCollection, Sendable {
  fileprivate let base: Batches
  fileprivate let augmentation: [any Augmentation]
  fileprivate let generators: [RandomGenerator]

  public var startIndex: Int { base.startIndex }
  public var endIndex: Int { base.endIndex }

  public subscript(position: Int) -> Dataset {
    let batch = base[position]
    var generator = generators[position]
    return batch.mappingInputs { augmentation($0, using: &generator) }
  }
}

extension DataStream where Element == Dataset {
  /// The same batches with their inputs, [batch, channel, height, width], changed at random.
  ///
  /// - Parameters:
  ///   - augmentation: The changes, in order.
  ///   - generator: Fixes the changes.
  public consuming func augmented(
    by augmentation: [any Augmentation], using generator: inout RandomGenerator
  ) -> AugmentedStream<Self> {
    AugmentedStream(base: self, augmentation: augmentation, generator: generator.split())
  }
}

/// A stream of batches with their inputs changed at random.
public struct AugmentedStream<Base: DataStream>: DataStream where Base.Element == Dataset {
  fileprivate var base: Base
  fileprivate let augmentation: [any Augmentation]
  fileprivate var generator: RandomGenerator

  public mutating func next() throws(DataError) -> Dataset? {
    guard let batch = try base.next() else { return nil }
    return batch.mappingInputs { augmentation($0, using: &generator) }
  }
}
