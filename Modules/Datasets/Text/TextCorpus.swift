import Core
import Foundation

/// Text to learn from, line by line.
///
/// ```swift
/// let genesis = try TextCorpus.genesis()
/// print(genesis.lines[0])        // In the beginning God created the heaven and the earth.
/// let (training, test) = genesis.split(training: 0.9)
/// ```
///
/// For files larger than memory, see ``TextLines``.
public struct TextCorpus: Sendable, Equatable {
  /// The lines, without their ends.
  public var lines: [String]

  /// A corpus of these lines.
  public init(lines: [String]) { self.lines = lines }

  /// Reads the lines of a text file in UTF-8, packed by gzip or not.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - skipsEmptyLines: Whether to leave out lines without any character.
  /// - Throws: ``DataError`` when there is no such file; with the offset of the first byte that is
  ///   not UTF-8.
  public init(_ path: String, skippingEmptyLines skipsEmptyLines: Bool = false) throws(DataError) {
    let source = try TextLines(path, longestLine: .max)
    lines = []
    while let line = try source.next() {
      if !(skipsEmptyLines && line.isEmpty) { lines.append(line) }
    }
  }

  /// The book of Genesis in the King James Version, bundled with the package: 1,533 verses, one a
  /// line, in ASCII.
  ///
  /// - Throws: ``DataError`` when the bundled file was damaged.
  public static func genesis() throws(DataError) -> TextCorpus {
    guard let path = Bundle.module.path(forResource: "genesis", ofType: "txt") else {
      throw DataError(
        .unreadable, file: "genesis.txt", at: .file, expected: "a resource of the module Datasets",
        found: "none in \(Bundle.module.bundlePath)")
    }
    let corpus = try TextCorpus(path)
    guard corpus.lines.count == 1533 else {
      throw DataError(
        .truncated, file: path, at: .file, expected: "1533 verses", found: "\(corpus.lines.count)")
    }
    return corpus
  }

  /// All lines, each ended by a line feed.
  public var text: String { lines.map { $0 + "\n" }.joined() }

  /// Cuts off the first part for training and leaves the rest for tests.
  ///
  /// - Parameter fraction: The share of the training part, from 0 to 1; it gets
  ///   ⌊fraction · lines⌋ lines.
  public func split(training fraction: Double) -> (training: TextCorpus, test: TextCorpus) {
    let boundary = trainingCount(of: lines.count, fraction)
    return (
      TextCorpus(lines: Array(lines[..<boundary])), TextCorpus(lines: Array(lines[boundary...]))
    )
  }
}
