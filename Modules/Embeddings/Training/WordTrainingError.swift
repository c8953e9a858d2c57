/// Why a corpus cannot be learnt from.
public enum WordTrainingError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The vocabulary has no word.
  case emptyVocabulary
  /// The vocabulary has one word alone, which predicts itself without fail.
  case singleWord
  /// No word was counted.
  case emptyCorpus

  public var description: String {
    switch self {
    case .emptyVocabulary:
      "the vocabulary is empty: the corpus has no word that comes often enough; lower the minimum "
        + "count"
    case .singleWord:
      "the vocabulary has one word alone, from which nothing can be learnt; lower the minimum count"
    case .emptyCorpus: "the corpus is empty: all words have a count of 0"
    }
  }
}
