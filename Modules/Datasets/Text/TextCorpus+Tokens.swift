extension TextCorpus {
  /// The tokens of all lines, one after the other.
  ///
  /// - Parameters:
  ///   - tokenizer: Cuts each line.
  ///   - lineEnd: A token put after each line; none unless told otherwise. A line feed for
  ///     characters keeps the text as it is.
  public func tokens(cutBy tokenizer: some Tokenizer, lineEnd: String? = nil) -> [String] {
    var result: [String] = []
    for line in lines {
      result += tokenizer.tokens(of: line)
      if let lineEnd { result.append(lineEnd) }
    }
    return result
  }
}
