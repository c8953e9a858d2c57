/// A label of an equation: a letter, or one of the axes that `...` stands for.
struct EinsumLabel: Hashable {
  /// 0–51 for the letters; from 52 for the axes of `...`, counted from the last.
  let index: Int

  static let count = 52 + Shape.maximumRank

  init(index: Int) { self.index = index }

  /// `nil` for what is no letter.
  init?(letter: UInt8) {
    switch letter {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): index = Int(letter - UInt8(ascii: "A"))
    case UInt8(ascii: "a")...UInt8(ascii: "z"): index = 26 + Int(letter - UInt8(ascii: "a"))
    default: return nil
    }
  }

  static func ellipsis(fromEnd place: Int) -> EinsumLabel { EinsumLabel(index: 52 + place) }

  var name: String {
    if index >= 52 { return "..." }
    let first = index < 26 ? UInt8(ascii: "A") : UInt8(ascii: "a") - 26
    return String(UnicodeScalar(first + UInt8(index)))
  }
}

extension [EinsumLabel] {
  /// The labels as a set of bits.
  var labelSet: UInt64 { reduce(0) { $0 | (1 << UInt64($1.index)) } }
}

extension UInt64 {
  func contains(_ label: EinsumLabel) -> Bool { self & (1 << UInt64(label.index)) != 0 }
}

/// An equation resolved against the shapes of its operands.
struct EinsumEquation {
  private(set) var inputs: [[EinsumLabel]] = []
  private(set) var output: [EinsumLabel] = []
  /// The extent of each label, 1 for those that do not occur.
  private(set) var extents = [Int](repeating: 1, count: EinsumLabel.count)

  private let text: String
  private let shapes: [Shape]

  init(_ text: String, shapes: [Shape]) {
    self.text = text
    self.shapes = shapes
    let symbols = Array(text.utf8.filter { $0 != UInt8(ascii: " ") })
    let arrow = EinsumEquation.arrow(in: symbols)
    let sides = symbols[..<(arrow ?? symbols.count)]
      .split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
    check(
      !shapes.isEmpty && sides.count == shapes.count,
      "\(sides.count) operands in the equation, \(shapes.count) given")
    for (side, shape) in zip(sides, shapes) {
      let labels = resolve(side, rank: shape.count)
      for (label, extent) in zip(labels, shape) { meet(label, extent) }
      inputs.append(labels)
    }
    if let arrow {
      output = explicitOutput(symbols[(arrow + 2)...])
    } else {
      output = implicitOutput()
    }
  }

  private static func arrow(in symbols: [UInt8]) -> Int? {
    symbols.indices.dropLast().first {
      symbols[$0] == UInt8(ascii: "-") && symbols[$0 + 1] == UInt8(ascii: ">")
    }
  }

  /// The labels of one operand; `...` stands for the axes that have no letter.
  private func resolve(_ side: ArraySlice<UInt8>, rank: Int) -> [EinsumLabel] {
    let (before, after, hasEllipsis) = letters(side)
    let open = rank - before.count - after.count
    let name = String(decoding: side, as: UTF8.self)
    check(
      hasEllipsis ? open >= 0 : open == 0,
      "the operand '\(name)' names \(rank - open) axes, its tensor has \(rank)")
    return before + (0..<open).reversed().map { .ellipsis(fromEnd: $0) } + after
  }

  private func letters(
    _ side: ArraySlice<UInt8>
  ) -> (before: [EinsumLabel], after: [EinsumLabel], hasEllipsis: Bool) {
    var before: [EinsumLabel] = []
    var after: [EinsumLabel] = []
    var hasEllipsis = false
    var rest = side
    while let symbol = rest.first {
      if rest.starts(with: "...".utf8) {
        check(!hasEllipsis, "'...' occurs twice in one operand")
        hasEllipsis = true
        rest = rest.dropFirst(3)
        continue
      }
      guard let label = EinsumLabel(letter: symbol) else {
        fail("'\(String(decoding: [symbol], as: UTF8.self))' is no label; labels are letters")
      }
      if hasEllipsis { after.append(label) } else { before.append(label) }
      rest = rest.dropFirst()
    }
    return (before, after, hasEllipsis)
  }

  private mutating func meet(_ label: EinsumLabel, _ extent: Int) {
    let known = extents[label.index]
    check(
      known == extent || known == 1 || extent == 1,
      "the label '\(label.name)' has extent \(known) in one place and \(extent) in another")
    if known == 1 { extents[label.index] = extent }
  }

  private func explicitOutput(_ side: ArraySlice<UInt8>) -> [EinsumLabel] {
    let (before, after, hasEllipsis) = letters(side)
    let ellipsis = ellipsisLabels
    check(
      hasEllipsis || ellipsis.isEmpty,
      "the operands have '...' but the result has not; name those axes to sum over them")
    let known = inputs.reduce(0) { $0 | $1.labelSet }
    for (place, label) in (before + after).enumerated() {
      check(known.contains(label), "the label '\(label.name)' of the result is in no operand")
      check(
        !(before + after)[..<place].contains(label),
        "the label '\(label.name)' occurs twice in the result")
    }
    return before + ellipsis + after
  }

  private func implicitOutput() -> [EinsumLabel] {
    var occurrences = [Int](repeating: 0, count: EinsumLabel.count)
    for labels in inputs { for label in labels { occurrences[label.index] += 1 } }
    return ellipsisLabels
      + (0..<52).filter { occurrences[$0] == 1 }.map { EinsumLabel(index: $0) }
  }

  /// The axes of the longest `...`, which the others broadcast to.
  private var ellipsisLabels: [EinsumLabel] {
    let longest = inputs.map { $0.filter { $0.index >= 52 }.count }.max() ?? 0
    return (0..<longest).reversed().map { .ellipsis(fromEnd: $0) }
  }

  private func check(_ condition: Bool, _ message: @autoclosure () -> String) {
    if !condition { fail(message()) }
  }

  private func fail(_ message: String) -> Never {
    let list = shapes.map(\.description).joined(separator: ", ")
    trap("einsum(\"\(text)\"): \(message); the shapes are \(list)")
  }
}
