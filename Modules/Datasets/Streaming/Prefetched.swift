import Foundation

extension Sequence where Self: Sendable, Element: Sendable {
  /// The elements in the same order, made ahead of time on another thread.
  ///
  /// ```swift
  /// let batches = training.batches(of: 64, using: &generator)
  ///   .augmented(by: [RandomFlip(), RandomShift(by: 2)], using: &generator)
  /// for batch in batches.prefetched() { … }                   // augmenting overlaps with training
  /// ```
  ///
  /// The elements are those of this sequence, bit for bit. Each pass over the result has a thread of
  /// its own, which waits while `depth` elements are ready, and stops when the pass is dropped.
  ///
  /// - Parameter depth: The most elements that wait to be taken.
  public func prefetched(depth: Int = 2) -> PrefetchedSequence<Self> {
    PrefetchedSequence(base: self, depth: depth)
  }
}

/// A sequence whose elements are made ahead of time; see `Sequence.prefetched(depth:)`.
public struct PrefetchedSequence<Base: Sequence & Sendable>: Sequence, Sendable
where Base.Element: Sendable {
  fileprivate let base: Base
  fileprivate let depth: Int

  public var underestimatedCount: Int { base.underestimatedCount }

  public func makeIterator() -> Iterator {
    let base = self.base
    // The iterator is made on the thread that uses it, and at its first use.
    var iterator: Base.Iterator?
    return Iterator(
      stream: Prefetched(depth: depth) { () throws(DataError) in
        if iterator == nil { iterator = base.makeIterator() }
        return iterator?.next()
      })
  }

  /// One pass over the elements.
  public struct Iterator: IteratorProtocol {
    fileprivate let stream: Prefetched<Base.Element>

    public func next() -> Base.Element? {
      do throws(DataError) {
        return try stream.next()
      } catch {
        // A sequence does not throw.
        return nil
      }
    }
  }
}

/// The elements of a stream in their order, made ahead of time on another thread.
///
/// ```swift
/// let batches = Prefetched(try IDXBatches(inputs: images, labels: labels, of: 64))
/// while let batch = try batches.next() { … }                  // reading overlaps with training
/// ```
///
/// One thread makes the elements, one after the other, so that they are bit for bit those of the
/// stream. An error arrives in its place, after the elements before it. The thread waits while
/// `depth` elements are ready. When this object is dropped, the thread makes at most the element that
/// it is at, and ends.
///
/// What is drawn inside `withRandom(seed:_:)`, which belongs to a thread, does not follow the
/// elements there: use a generator. Take the elements on one thread at a time.
public final class Prefetched<Element: Sendable>: DataStream {
  private let queue: PrefetchQueue<Element>

  /// Begins to make elements.
  ///
  /// - Parameters:
  ///   - stream: Where they come from; nobody else may use it any more.
  ///   - depth: The most elements that wait to be taken.
  public convenience init(_ stream: sending some DataStream<Element>, depth: Int = 2) {
    var stream = stream
    self.init(depth: depth) { () throws(DataError) in try stream.next() }
  }

  /// - Parameter make: The next element; nobody else has it, since it moves to the thread.
  fileprivate init(depth: Int, _ make: @escaping () throws(DataError) -> Element?) {
    queue = PrefetchQueue(depth: depth)
    let work = PrefetchWork(queue: queue, make: make)
    let thread = Thread { work.run() }
    thread.name = "prefetch"
    // Foundation's default for threads is small on some platforms.
    thread.stackSize = 1 << 21
    thread.start()
  }

  deinit { queue.cancel() }

  public func next() throws(DataError) -> Element? { try queue.take() }
}

/// What a prefetching thread does.
///
/// `@unchecked Sendable`: made by one thread, run by another, and used by no third.
private struct PrefetchWork<Element: Sendable>: @unchecked Sendable {
  let queue: PrefetchQueue<Element>
  let make: () throws(DataError) -> Element?

  func run() {
    while queue.waitForRoom() {
      do throws(DataError) {
        guard let element = try make() else { return queue.end(.success(nil)) }
        queue.put(element)
      } catch {
        return queue.end(.failure(error))
      }
    }
  }
}
