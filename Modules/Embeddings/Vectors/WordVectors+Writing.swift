import Core

extension WordVectors {
  /// Writes the vectors to a file, which appears under its name only when it is complete.
  ///
  /// Numbers in text are the shortest that read back as the same `float32`.
  ///
  /// - Throws: ``WordFileError`` when the file cannot be written, or a word cannot stand in this
  ///   format: an empty one, one with white space (but inner spaces in GloVe's), or a number that is
  ///   not finite.
  public func write(to path: String, format: FileFormat) throws(WordFileError) {
    try requireWritable(path, format)
    do throws(StateFileError) {
      let file = try AtomicFile(path)
      var bytes: [UInt8] = []
      if format != .glove { bytes += Array("\(count) \(dimensions)\n".utf8) }
      let numbers = vectors.scalars(as: Float.self)
      for (index, word) in words.enumerated() {
        bytes += Array(word.utf8)
        if format == .word2vecBinary { bytes.append(32) }
        for number in numbers[(index * dimensions)..<((index + 1) * dimensions)] {
          if format == .word2vecBinary {
            withUnsafeBytes(of: number.bitPattern.littleEndian) { bytes += Array($0) }
          } else {
            bytes.append(32)
            bytes += Array(number.description.utf8)
          }
        }
        bytes.append(10)
        if bytes.count >= 1 << 18 {
          try file.write(bytes)
          bytes.removeAll(keepingCapacity: true)
        }
      }
      try file.write(bytes)
      try file.commit()
    } catch { throw WordFile.translated(error, path, "a place to write a file") }
  }

  private func requireWritable(_ path: String, _ format: FileFormat) throws(WordFileError) {
    let parts: (String) -> [Substring] = {
      $0.split(omittingEmptySubsequences: false, whereSeparator: { $0.isWhitespace || $0 == "\0" })
    }
    for word in words {
      let isPlain = parts(word).count == 1 && !word.isEmpty
      let isSpaced =
        format == .glove && parts(word).allSatisfy { !$0.isEmpty }
        && word.allSatisfy { !$0.isWhitespace || $0 == " " }
      guard isPlain || isSpaced else {
        throw WordFileError(
          path: path, place: .file, expected: "words without white space",
          found: String(reflecting: word))
      }
    }
    guard vectors.isFinite().all() else {
      throw WordFileError(
        path: path, place: .file, expected: "finite numbers", found: "another in the vectors")
    }
  }
}
