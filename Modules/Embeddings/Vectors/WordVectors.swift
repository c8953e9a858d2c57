import Core

/// Words and their vectors, to ask and to keep.
///
/// ```swift
/// let vectors = try WordVectors("vectors.txt", format: .word2vecText)
/// for near in try vectors.neighbours(of: "king", count: 5) { print(near.word, near.similarity) }
/// ```
public struct WordVectors: Sendable {
  /// The words, in the order of the rows.
  public let words: [String]
  /// [word, dimension], `float32`.
  public let vectors: Tensor
  /// ‖v‖ of each word, [word], to divide by.
  let lengths: Tensor
  private let indices: [String: Int]

  /// - Parameters:
  ///   - words: Different ones.
  ///   - vectors: [word, dimension] of a floating-point type; kept as `float32`.
  public init(words: [String], vectors: Tensor) {
    require(
      vectors.rank == 2 && vectors.shape[0] == words.count && vectors.dtype.isFloating,
      "WordVectors: \(words.count) words need vectors of shape [\(words.count), dimension], got "
        + "\(vectors.dtype) of shape \(vectors.shape)")
    self.words = words
    self.vectors = stopGradient(vectors).cast(to: .float32).contiguous()
    lengths = safeLengths(self.vectors)
    indices = Dictionary(zip(words, words.indices)) { first, _ in first }
    require(
      indices.count == words.count, "WordVectors: \(words.count) words, \(indices.count) different")
  }

  /// The number of words.
  public var count: Int { words.count }

  /// The length of the vectors.
  public var dimensions: Int { vectors.shape[1] }

  /// The number of a word, if it is known.
  public func index(of word: String) -> Int? { indices[word] }

  /// The vector of a word, [dimension], if it is known.
  public subscript(word: String) -> Tensor? { indices[word].map { vectors[$0] } }

  /// The number of a word that has to be known.
  func known(_ word: String) throws(UnknownWordError) -> Int {
    guard let index = indices[word] else { throw UnknownWordError(word: word) }
    return index
  }
}

/// The lengths of rows, [row]; a zero row's is not quite 0, so that 0 divided by it is 0.
func safeLengths(_ rows: Tensor) -> Tensor {
  maximum(sqrt(square(rows).sum(along: 1)), 1e-30)
}

/// A word without a vector.
public struct UnknownWordError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The word that has no vector.
  public let word: String

  public var description: String { "there is no vector of the word \(String(reflecting: word))" }
}
