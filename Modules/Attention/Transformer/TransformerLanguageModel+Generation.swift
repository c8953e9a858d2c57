import Core

extension TransformerLanguageModel {
  /// Tokens that the model writes after a prompt.
  ///
  /// ```swift
  /// let more = model.generate(
  ///   from: prompt, count: 200, sampling: TokenSampling(temperature: 0.8, topK: 20),
  ///   using: &generator)
  /// ```
  ///
  /// Each token costs one place of work, not a new pass over all, until the context is full: then
  /// its second half is read again as the beginning of a new one.
  ///
  /// - Parameters:
  ///   - prompt: At least one token; of a longer one than ``context`` the last count.
  ///   - count: How many to write.
  ///   - sampling: By probability by default.
  /// - Returns: The new tokens alone.
  public func generate(
    from prompt: [Int], count: Int, sampling: TokenSampling = TokenSampling(),
    using generator: inout RandomGenerator
  ) -> [Int] {
    require(!prompt.isEmpty, "TransformerLanguageModel.generate: the prompt is empty")
    var read = Array(prompt.suffix(context))
    var (unread, written): ([Int], [Int]) = (read, [])
    var cache = emptyCache()
    while written.count < count {
      let logits = self(Tensor(scalars: unread, shape: [1, unread.count]), cache: &cache)
      let token = sampling.draw(from: logits[0, -1], using: &generator)
      written.append(token)
      read.append(token)
      unread = [token]
      if cache.count == context {
        read = Array(read.suffix(max(context / 2, 1)))
        unread = read
        cache = emptyCache()
      }
    }
    return written
  }
}
