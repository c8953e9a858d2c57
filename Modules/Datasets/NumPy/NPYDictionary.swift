import Core

/// The dictionary of a `.npy` header, as Python prints it:
///
///     {'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }
struct NPYDictionary {
  private(set) var type = NPYFile.ElementType.float64
  private(set) var isBigEndian = false
  private(set) var isFortranOrdered = false
  private(set) var shape = Shape()

  struct Failure: Error {
    let offset: Int
    let expected: String
    let found: String
    var isUnsupported = false
  }

  private let text: [UInt8]
  private var place = 0

  init(_ text: [UInt8]) throws(Failure) {
    self.text = text
    var left: Set<String> = ["descr", "fortran_order", "shape"]
    try expect("{")
    while !takes("}") {
      let start = place
      let key = try string()
      guard left.remove(key) != nil else {
        throw failure(left.sorted().joined(separator: ", ") + " or the end", "'\(key)'", at: start)
      }
      try expect(":")
      switch key {
      case "descr": try readType()
      case "fortran_order": isFortranOrdered = try truth()
      default: shape = try extents()
      }
      if !takes(",") {
        try expect("}")
        break
      }
    }
    guard left.isEmpty else {
      throw failure(left.sorted().joined(separator: ", "), "the end of the dictionary", at: place)
    }
    skipSpaces()
    if place < text.count { throw failure("spaces up to the end of the header") }
  }

  private mutating func readType() throws(Failure) {
    skipSpaces()
    let start = place
    guard place < text.count, text[place] != UInt8(ascii: "[") else {
      throw Failure(
        offset: start, expected: "elements of one type", found: "a structure", isUnsupported: true)
    }
    let code = try string()
    let order = code.first ?? " "
    guard let type = NPYFile.ElementType(rawValue: String(code.dropFirst())),
      "<>|=".contains(order)
    else {
      let known = NPYFile.ElementType.allCases.map(\.rawValue).joined(separator: ", ")
      throw Failure(
        offset: start, expected: "a type of elements among \(known)", found: "'\(code)'",
        isUnsupported: true)
    }
    self.type = type
    isBigEndian = order == ">"
  }

  private mutating func truth() throws(Failure) -> Bool {
    skipSpaces()
    for (word, value) in [("True", true), ("False", false)]
    where text[place...].starts(with: word.utf8) {
      place += word.utf8.count
      return value
    }
    throw failure("True or False")
  }

  private mutating func extents() throws(Failure) -> Shape {
    try expect("(")
    let start = place
    var extents: [Int] = []
    while !takes(")") {
      extents.append(try number())
      if !takes(",") {
        try expect(")")
        break
      }
    }
    guard extents.count <= Shape.maximumRank else {
      throw Failure(
        offset: start, expected: "at most \(Shape.maximumRank) axes", found: "\(extents.count)",
        isUnsupported: true)
    }
    return Shape(extents)
  }

  private mutating func number() throws(Failure) -> Int {
    skipSpaces()
    let digits = text[place...].prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    guard let number = Int(String(decoding: digits, as: UTF8.self)) else {
      throw failure("an extent that fits 63 bits")
    }
    place += digits.count
    return number
  }

  private mutating func string() throws(Failure) -> String {
    skipSpaces()
    guard place < text.count, text[place] == UInt8(ascii: "'") || text[place] == UInt8(ascii: "\"")
    else { throw failure("a string") }
    let content = text[(place + 1)...].prefix { $0 != text[place] }
    guard content.endIndex < text.count else { throw failure("a string that ends") }
    place = content.endIndex + 1
    return String(decoding: content, as: UTF8.self)
  }

  // MARK: - Characters

  private mutating func skipSpaces() {
    while place < text.count, text[place] == UInt8(ascii: " ") || text[place] == UInt8(ascii: "\n")
    { place += 1 }
  }

  private mutating func takes(_ character: UnicodeScalar) -> Bool {
    skipSpaces()
    guard place < text.count, text[place] == UInt8(ascii: character) else { return false }
    place += 1
    return true
  }

  private mutating func expect(_ character: UnicodeScalar) throws(Failure) {
    guard takes(character) else { throw failure("'\(character)'") }
  }

  private func failure(_ expected: String, _ found: String? = nil, at offset: Int? = nil) -> Failure
  {
    let rest = String(decoding: text[min(place, text.count)...].prefix(20), as: UTF8.self)
    return Failure(
      offset: offset ?? place, expected: expected,
      found: found ?? (rest.isEmpty ? "the end" : "\"\(rest)\""))
  }
}
