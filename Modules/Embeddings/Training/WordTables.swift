import Core

/// The two tables of a word-vector model, their rows padded with zeros to whole vectors of every
/// instruction set.
struct WordTables: Sendable {
  /// [word, width]
  var input: Tensor
  /// [word or inner node, width]
  var output: Tensor
  let dimensions: Int

  /// Inputs even in ±½ / dimensions, outputs 0, as the word2vec program starts.
  init(words: Int, outputs: Int, dimensions: Int, using generator: inout RandomGenerator) {
    self.dimensions = dimensions
    let width = (dimensions + 15) / 16 * 16
    let bound = 0.5 / Double(dimensions)
    let values = Tensor.randomUniform([words, dimensions], in: -bound..<bound, using: &generator)
    input = concatenated([values, .zeros([words, width - dimensions])], along: 1)
    output = .zeros([outputs, width])
  }

  /// Without the padding.
  func trimmed(_ table: Tensor) -> Tensor { table[.all, 0..<dimensions].contiguous() }
}
