import Core

/// Writes text with a language model.
struct TextGeneration<Model: LanguageModel> {
  let model: Model
  let text: LanguageText
  /// What is continued.
  let prompt: [Int]

  init(_ model: Model, _ text: LanguageText, prompt: String) throws {
    self.model = model
    self.text = text
    self.prompt = try text.encode(prompt)
  }

  /// The prompt and what is drawn after it.
  func sample(
    count: Int, _ sampling: TokenSampling, using generator: inout RandomGenerator
  ) -> [String] {
    let (memory, last) = read()
    let tokens = sampleTokens(
      from: memory, after: last, count: count, sampling: sampling, using: &generator, step: step)
    return text.decode(prompt + tokens)
  }

  /// The prompt and its likeliest continuation to the end of the line, with its ln p.
  func likeliest(width: Int, length: Int) -> (lines: [String], logProbability: Double)? {
    let (memory, last) = read()
    // Without a penalty on short lines the likeliest one is the shortest.
    return beamSearch(
      from: memory, after: last, width: width, length: length, ending: text.lineEnd,
      lengthPenalty: 0.7, step: step
    ).first.map { (text.decode(prompt + $0.tokens), $0.logProbability) }
  }

  /// Reads the end of a line before, and the prompt but for its last token.
  private func read() -> (memory: Model.Memory, last: Int) {
    var memory = model.beginning
    let tokens = [text.lineEnd] + prompt
    for token in tokens.dropLast() { memory = model.step(memory, token).state }
    return (memory, tokens[tokens.count - 1])
  }

  /// One step, after which the token for unknown ones is never written.
  private func step(_ memory: Model.Memory, _ token: Int) -> (logits: Tensor, state: Model.Memory) {
    var next = model.step(memory, token)
    if let unknown = text.vocabulary.unknown {
      let index = Tensor(scalars: [unknown], shape: [1])
      next.logits = next.logits.replacing(
        Tensor.full([1], -.infinity, dtype: next.logits.dtype), at: index)
    }
    return next
  }
}
