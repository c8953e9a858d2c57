import Core
import Datasets
import Embeddings
import Foundation

/// The text that word vectors are learnt from: of `--corpus`, else the bundled Genesis. Words of
/// fewer than five occurrences are left out.
struct WordText: Sendable {
  let vocabulary: Vocabulary
  let sentences: Sentences

  /// Read when a row first asks for it.
  static let shared = load()

  private static func load() -> WordText {
    do {
      let options = try? Options(CommandLine.arguments.dropFirst())
      let corpus = try options?.corpus.map { try TextCorpus($0) } ?? TextCorpus.genesis()
      let words = WordTokenizer()
      let lines = corpus.lines.map { line in
        words.tokens(of: line).filter { $0.first.map { $0.isLetter || $0.isNumber } ?? false }
      }
      let vocabulary = Vocabulary(counting: lines.joined(), minimumCount: 5, unknown: nil)
      guard vocabulary.count > 1 else {
        throw Options.Failure(message: "--corpus: fewer than two words come five times")
      }
      return WordText(
        vocabulary: vocabulary,
        sentences: Sentences(lines.map { $0.compactMap { vocabulary[$0] } }))
    } catch let error as Options.Failure {
      Lines.standardError.write("Benchmarks: \(error.message)")
    } catch {
      Lines.standardError.write("Benchmarks: \(error)")
    }
    exit(2)
  }
}
