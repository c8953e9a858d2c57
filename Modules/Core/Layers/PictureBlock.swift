/// A call in a picture: a box, or a frame around the boxes of its calls.
struct PictureBlock {
  private let title: String
  private let note: String
  private let hint: String
  private let hasParameters: Bool
  private let output: String
  private let children: [PictureBlock]
  let width, height: Int

  /// Between boxes, for an arrow.
  static let gap = 30
  private static let padding = 16
  private static let headHeight = 46

  /// - Parameter path: That of the call around it.
  init(_ part: ModelSummary.Part, within path: String, times: Int = 1, last: String = "") {
    let isWithin = !path.isEmpty && part.name.hasPrefix(path + ".")
    var name = isWithin ? String(part.name.dropFirst(path.count + 1)) : part.name
    if times > 1, !last.isEmpty, last != part.name {
      name += " … " + (isWithin ? String(last.dropFirst(path.count + 1)) : last)
    }
    title = part.kind + (times > 1 ? "  × \(times)" : "")
    var notes = name.isEmpty ? [] : [name]
    if part.parameterCount > 0 { notes.append("\(grouped(part.parameterCount)) parameters") }
    if part.sharedCount > 0 { notes.append("\(grouped(part.sharedCount)) shared") }
    note = notes.joined(separator: ", ")
    hint =
      "\(PictureText.shapes(part.inputs)) → \(PictureText.shapes(part.outputs)), "
      + "\(grouped(part.multiplyAdds)) multiply-adds"
    hasParameters = part.parameterCount + part.sharedCount > 0
    output = PictureText.shapes(part.outputs)
    children = Self.runs(part.parts).map { run in
      PictureBlock(
        run[0], within: part.name.isEmpty ? path : part.name, times: run.count,
        last: run[run.count - 1].name)
    }
    let text = max(PictureText.width(title), PictureText.width(note)) + 2 * Self.padding
    // Labels stand to the right of the middle.
    let labels = children.dropLast().map { 2 * (PictureText.width($0.output) + 10) }
    let inner = (children.map(\.width) + labels).max() ?? 0
    width = max(text, children.isEmpty ? 120 : inner + 2 * Self.padding)
    let stack = children.reduce(0) { $0 + $1.height } + Self.gap * max(0, children.count - 1)
    height = Self.headHeight + (children.isEmpty ? 0 : stack + Self.padding)
  }

  /// Calls that follow each other and are equal but for their names.
  private static func runs(_ parts: [ModelSummary.Part]) -> [[ModelSummary.Part]] {
    var runs: [[ModelSummary.Part]] = []
    for part in parts {
      if let last = runs.last?.last, isEqual(last, part) {
        runs[runs.count - 1].append(part)
      } else {
        runs.append([part])
      }
    }
    return runs
  }

  private static func isEqual(_ a: ModelSummary.Part, _ b: ModelSummary.Part) -> Bool {
    a.kind == b.kind && a.inputs == b.inputs && a.outputs == b.outputs
      && a.parameterCount == b.parameterCount && a.sharedCount == b.sharedCount
      && a.multiplyAdds == b.multiplyAdds && a.parts.count == b.parts.count
      && zip(a.parts, b.parts).allSatisfy(isEqual)
  }

  func draw(x: Int, y: Int, into drawing: inout PictureDrawing) {
    let middle = x + width / 2
    drawing.box(
      x: x, y: y, width: width, height: height,
      style: children.isEmpty ? hasParameters ? .filled : .plain : .frame, hint: hint)
    drawing.text(title, x: middle, y: y + (note.isEmpty ? 28 : 20), isBold: true)
    if !note.isEmpty { drawing.text(note, x: middle, y: y + 37, isFaint: true) }
    var top = y + Self.headHeight
    for (index, child) in children.enumerated() {
      child.draw(x: middle - child.width / 2, y: top, into: &drawing)
      top += child.height
      guard index < children.count - 1 else { break }
      drawing.arrow(x: middle, from: top, to: top + Self.gap, label: child.output)
      top += Self.gap
    }
  }
}
