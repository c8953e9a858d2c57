import Core

/// Where a training is in its data: passes done, batches done of this one, and the randomness of the
/// pass, from which its order can be drawn again.
///
/// ```swift
/// var position = DataPosition(generator: generator)
/// while position.epoch < epochs {
///   for batch in position.rest(of: { training.batches(of: 32, using: &$0) }) {
///     …
///     position.advance()
///     try checkpoints.save(run)                          // anywhere, even in the middle of a pass
///   }
/// }
/// ```
///
/// Restored, it goes on with the batch after the last one that was counted.
public struct DataPosition: Sendable {
  /// Whole passes done.
  public private(set) var epoch = 0
  /// Batches of this pass done.
  public private(set) var batch = 0
  /// As it was when this pass began.
  private var generator: RandomGenerator
  /// As it will be when the next one begins, and how many batches this one has; known while it runs.
  private var next: RandomGenerator
  private var count = 0

  /// - Parameter generator: Fixes the order in each pass.
  public init(generator: RandomGenerator) {
    self.generator = generator
    next = generator
  }

  /// The batches of this pass that are left.
  ///
  /// A pass without any batch is over at once.
  ///
  /// - Parameter batches: All batches of a pass, drawn from the generator. It is asked once in each
  ///   pass, and again after a restoration; then it must give as many batches as before, or this
  ///   traps.
  public mutating func rest<Batches: Collection>(
    of batches: (inout RandomGenerator) throws -> Batches
  ) rethrows -> Batches.SubSequence {
    var generator = self.generator
    let all = try batches(&generator)
    require(
      batch == 0 || all.count == count,
      "DataPosition: after \(batch) of \(count) batches, the pass has \(all.count)")
    next = generator
    count = all.count
    if count == 0 { endPass() }
    return all.dropFirst(batch)
  }

  /// Counts one batch; after the last of a pass, the next pass begins.
  public mutating func advance() {
    require(batch < count, "DataPosition: no pass has begun; call rest(of:) first")
    batch += 1
    if batch == count { endPass() }
  }

  private mutating func endPass() {
    epoch += 1
    (batch, count, generator) = (0, 0, next)
  }
}

extension DataPosition: TrainingState {
  public mutating func visit(by visitor: inout some StateVisitor) {
    visitor.visit("epoch", &epoch)
    visitor.visit("batch", &batch)
    visitor.visit("count", &count)
    visitor.visit("generator", within: &generator)
    visitor.visit("next", within: &next)
  }
}
