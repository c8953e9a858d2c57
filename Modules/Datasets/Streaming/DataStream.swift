import Core

/// Elements that come one after the other and may fail to, such as batches read from a file.
///
/// ```swift
/// let batches = try IDXBatches(inputs: "images.gz", labels: "labels.gz", of: 64)
/// while let batch = try batches.next() { … }
/// ```
///
/// After an error, or the end, a stream must not be asked again; what it then does is up to it.
public protocol DataStream<Element> {
  /// What comes one after the other.
  associatedtype Element: Sendable

  /// The next element; `nil` at the end.
  mutating func next() throws(DataError) -> Element?
}

extension DataStream {
  /// The stream of what `transform` makes of each element, when that is asked for.
  public consuming func map<Result: Sendable>(
    _ transform: @escaping @Sendable (Element) -> Result
  ) -> MappedStream<Self, Result> {
    MappedStream(base: self, transform: transform)
  }

  /// The stream after its first elements, or after all if it has fewer: to go on where a training
  /// stopped. They are made and let go, so that what comes after is the same to the bit.
  public consuming func dropFirst(_ count: Int) throws(DataError) -> Self {
    require(count >= 0, "dropFirst: the count \(count) is negative")
    var stream = self
    for _ in 0..<count {
      guard try stream.next() != nil else { break }
    }
    return stream
  }

  /// All elements that are left.
  public mutating func collect() throws(DataError) -> [Element] {
    var result: [Element] = []
    while let element = try next() { result.append(element) }
    return result
  }
}

/// A stream whose elements were transformed.
public struct MappedStream<Base: DataStream, Element: Sendable>: DataStream {
  fileprivate var base: Base
  fileprivate let transform: @Sendable (Base.Element) -> Element

  public mutating func next() throws(DataError) -> Element? {
    guard let element = try base.next() else { return nil }
    return transform(element)
  }
}
