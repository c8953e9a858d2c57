import Core

extension WordVectors {
  /// How a file holds words and vectors.
  public enum FileFormat: String, Sendable, CaseIterable {
    /// A line with the number of words and of dimensions, then a line for each word: it and its
    /// numbers, separated by spaces. GenSim and fastText write it too.
    case word2vecText
    /// The same first line; then for each word its bytes, a space, and its numbers as little-endian
    /// `float32`.
    case word2vecBinary
    /// A line for each word, without a first line of numbers. A word may hold spaces.
    case glove
  }

  /// Reads a file of word vectors.
  ///
  /// What a heading promises is held against the size of the file before any memory is asked for.
  ///
  /// - Throws: ``WordFileError`` with the place of what is wrong: a missing or extra number, one
  ///   that is not finite, a word twice, text that is not UTF-8, fewer or more words than promised.
  public init(_ path: String, format: FileFormat) throws(WordFileError) {
    var reader = try WordVectorReader(path, format)
    switch format {
    case .word2vecBinary: try reader.readBinary()
    case .word2vecText, .glove: try reader.readText()
    }
    self.init(
      words: reader.words,
      vectors: Tensor(scalars: reader.numbers, shape: [reader.words.count, reader.dimensions ?? 0]))
  }
}

private struct WordVectorReader {
  private var file: WordFile
  private var line = 0
  private var promised: Int?
  private(set) var dimensions: Int?
  private(set) var words: [String] = []
  private(set) var numbers: [Float] = []
  private var seen: Set<String> = []

  /// No word or line of a sane file is longer.
  private static let longestWord = 1 << 16
  private static let longestLine = 1 << 26

  init(_ path: String, _ format: WordVectors.FileFormat) throws(WordFileError) {
    file = try WordFile(path)
    if format != .glove { try readHeading(isBinary: format == .word2vecBinary) }
  }

  private func damage(
    _ place: WordFileError.Place, _ expected: String, _ found: String
  ) -> WordFileError {
    WordFileError(path: file.path, place: place, expected: expected, found: found)
  }

  private mutating func readHeading(isBinary: Bool) throws(WordFileError) {
    line = 1
    let bytes = try file.bytes(before: 10, limit: 100, endSeparates: true) ?? []
    let fields = bytes.split(whereSeparator: { $0 == 32 || $0 == 13 || $0 == 9 })
    let values = fields.compactMap { validText($0).flatMap { Int($0) } }
    guard fields.count == 2, values.count == 2, values[0] >= 0, values[1] > 0 else {
      let text = String(decoding: bytes.prefix(40), as: UTF8.self)
      throw damage(
        .line(1), "the number of words and of dimensions", String(reflecting: text))
    }
    // A word of one letter, a space, and the least room for a number: "0 " or four bytes.
    let (row, overflow) = values[1].multipliedReportingOverflow(by: isBinary ? 4 : 2)
    let (total, overflows) = (row &+ 2).multipliedReportingOverflow(by: values[0])
    let left = file.byteCount - file.offset
    guard !overflow, !overflows, total - 1 <= left || values[0] == 0 else {
      throw damage(
        .line(1), "as many words as fit the file's \(left) bytes",
        "a promise of \(values[0]) words of \(values[1]) dimensions")
    }
    (promised, dimensions) = (values[0], values[1])
  }

  // MARK: Text

  mutating func readText() throws(WordFileError) {
    while !file.isAtEnd {
      line += 1
      guard
        let bytes = try file.bytes(before: 10, limit: Self.longestLine, endSeparates: true)
      else {
        throw damage(.line(line), "a line of at most \(Self.longestLine) bytes", "a longer one")
      }
      let fields = bytes.split(whereSeparator: { $0 == 32 || $0 == 9 || $0 == 13 })
      // An empty line may end the file.
      if fields.isEmpty, file.isAtEnd { break }
      try readFields(fields)
    }
    if let promised, words.count != promised {
      throw damage(.file, "\(promised) words", "\(words.count)")
    }
    if words.isEmpty, promised == nil { throw damage(.file, "words and vectors", "none") }
  }

  private mutating func readFields(_ fields: [ArraySlice<UInt8>]) throws(WordFileError) {
    if let promised, words.count == promised {
      throw damage(.line(line), "the end after \(promised) words", "one more line")
    }
    // Without a heading, the first line's numbers count: all at its end but the first field.
    let dimensions =
      self.dimensions ?? fields.dropFirst().reversed().prefix { number($0) != nil }.count
    guard dimensions > 0, fields.count > dimensions else {
      throw damage(
        .line(line), dimensions > 0 ? "\(dimensions) numbers after a word" : "a word and numbers",
        "\(max(fields.count - 1, 0))")
    }
    // GloVe's words may hold spaces; a surplus field elsewhere is a number too many.
    guard promised == nil || fields.count == dimensions + 1 else {
      throw damage(
        .line(line), "\(dimensions) numbers after a word", "\(fields.count - 1)")
    }
    self.dimensions = dimensions
    try add(word: Array(fields.dropLast(dimensions).joined(separator: [32])), at: .line(line))
    for field in fields.suffix(dimensions) {
      guard let number = number(field) else {
        let text = String(decoding: field.prefix(40), as: UTF8.self)
        throw damage(.line(line), "a finite number", String(reflecting: text))
      }
      numbers.append(number)
    }
  }

  private func number(_ field: ArraySlice<UInt8>) -> Float? {
    validText(field).flatMap { Float($0) }.flatMap { $0.isFinite ? $0 : nil }
  }

  // MARK: Binary

  mutating func readBinary() throws(WordFileError) {
    let dimensions = dimensions ?? 0
    for index in 0..<(promised ?? 0) {
      // The word2vec program ends each vector with a line feed, others do not.
      while try file.peek() == 10 { _ = try file.bytes(1) }
      let start = file.offset
      if file.isAtEnd { throw damage(.offset(start), "\(promised ?? 0) words", "\(index)") }
      guard let word = try file.bytes(before: 32, limit: Self.longestWord, endSeparates: false)
      else {
        throw damage(.offset(start), "a word with a space behind it", "none")
      }
      try add(word: word, at: .offset(start))
      let vector = file.offset
      guard let bytes = try file.bytes(4 * dimensions) else {
        throw damage(
          .offset(vector), "\(4 * dimensions) bytes of numbers", "\(file.byteCount - vector)")
      }
      try add(littleEndian: bytes, at: vector)
    }
    while try file.peek() == 10 { _ = try file.bytes(1) }
    if !file.isAtEnd {
      throw damage(.offset(file.offset), "the end after \(promised ?? 0) words", "more bytes")
    }
  }

  private mutating func add(littleEndian bytes: [UInt8], at offset: Int) throws(WordFileError) {
    for start in stride(from: 0, to: bytes.count, by: 4) {
      let bits = bytes[start..<start + 4].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      let number = Float(bitPattern: bits)
      guard number.isFinite else {
        throw damage(.offset(offset + start), "a finite number", "\(number)")
      }
      numbers.append(number)
    }
  }

  // MARK: Words

  private mutating func add(
    word bytes: [UInt8], at place: WordFileError.Place
  ) throws(WordFileError) {
    guard let word = validText(bytes), !word.isEmpty else {
      throw damage(place, "a word in UTF-8", "\(bytes.count) other bytes")
    }
    guard seen.insert(word).inserted else {
      throw damage(place, "a new word", "\(String(reflecting: String(word.prefix(40)))) again")
    }
    words.append(word)
  }
}
