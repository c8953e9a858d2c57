import Core

/// A model that says which token comes next, as `course language-model` trains it.
protocol LanguageModel: Layer where Input == Tensor, Output == Tensor {
  /// What it remembers while it reads token by token.
  associatedtype Memory

  /// The vector of each token, [vocabulary, width].
  var vectors: Parameter { get }

  /// The logits of the token after each of a window.
  ///
  /// - Parameters:
  ///   - tokens: [time, batch].
  ///   - carried: What one window leaves to the next, as constants, [part, batch, feature]; without
  ///     a part before the first.
  /// - Returns: [time, batch, vocabulary].
  func logits(_ tokens: Tensor, carrying carried: inout Tensor) -> Tensor

  /// Before the first token.
  var beginning: Memory { get }

  /// The logits of the token after this one, [vocabulary].
  func step(_ memory: Memory, _ token: Int) -> (logits: Tensor, state: Memory)
}

extension LanguageModel {
  /// What is carried to the first window.
  static var nothing: Tensor { .zeros([0, 0, 0]) }

  func callAsFunction(_ tokens: Tensor) -> Tensor {
    var carried = Self.nothing
    return logits(tokens, carrying: &carried)
  }
}
