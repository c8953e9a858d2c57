import Core
import Datasets

/// Passages of Genesis as characters, one vector of zeros and a one for each.
struct CharacterStreams {
  let vocabulary: Vocabulary
  private let numbers: [Int]

  init() throws {
    let tokens = try TextCorpus.genesis().tokens(cutBy: CharacterTokenizer(), lineEnd: "\n")
    vocabulary = Vocabulary(counting: tokens, unknown: nil)
    numbers = try vocabulary.encode(tokens)
  }

  /// The whole text as streams side by side.
  func windows(batch: Int, length: Int) -> TextWindows {
    TextWindows(numbers, batch: batch, length: length)
  }

  /// The vectors of characters, [time, batch] → [time, batch, character].
  func vectors(_ characters: Tensor, dtype: DType = .float32) -> Tensor {
    characters.oneHot(vocabulary.count, dtype: dtype)
  }
}
