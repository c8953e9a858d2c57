import Foundation

/// A picture made of lines, rectangles and text, in SVG.
struct SVGCanvas {
  let width: Double
  let height: Double
  private let title: String
  private var body = ""

  /// - Parameter title: What a screen reader calls the picture.
  init(width: Double, height: Double, title: String) {
    self.width = width
    self.height = height
    self.title = title
  }

  /// The whole file.
  var text: String {
    """
    <?xml version="1.0" encoding="UTF-8"?>
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(number(width)) \(number(height))" \
    width="\(number(width))" height="\(number(height))" role="img" \
    font-family="system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif">
    <title>\(escaped(title))</title>
    <rect width="100%" height="100%" fill="#ffffff"/>
    \(body)</svg>

    """
  }

  mutating func line(
    from start: Point, to end: Point, color: String, width: Double = 1
  ) {
    body += """
      <line x1="\(number(start.x))" y1="\(number(start.y))" x2="\(number(end.x))" \
      y2="\(number(end.y))" stroke="\(color)" stroke-width="\(number(width))"/>

      """
  }

  /// A line through points.
  mutating func path(
    _ points: [Point], color: String, width: Double = 2, isDashed: Bool = false
  ) {
    let list = points.map { "\(number($0.x)),\(number($0.y))" }.joined(separator: " ")
    let dashes = isDashed ? " stroke-dasharray=\"2 6\"" : ""
    body += """
      <polyline points="\(list)" fill="none" stroke="\(color)" stroke-width="\(number(width))" \
      stroke-linejoin="round" stroke-linecap="round"\(dashes)/>

      """
  }

  /// Separate lines, as one element.
  mutating func lines(_ segments: [(Point, Point)], color: String, width: Double = 1) {
    guard !segments.isEmpty else { return }
    let steps = segments.map {
      "M\(number($0.x)) \(number($0.y))L\(number($1.x)) \(number($1.y))"
    }
    body += """
      <path d="\(steps.joined())" fill="none" stroke="\(color)" stroke-width="\(number(width))"/>

      """
  }

  /// Draws something once, to be shown by ``use(_:at:)`` as often as wanted.
  mutating func define(_ name: String, _ draw: (inout SVGCanvas) -> Void) {
    var part = SVGCanvas(width: width, height: height, title: name)
    draw(&part)
    body += "<defs><g id=\"\(name)\">\n\(part.body)</g></defs>\n"
  }

  /// Shows what ``define(_:_:)`` drew, moved by an offset.
  mutating func use(_ name: String, at offset: Point) {
    body += "<use href=\"#\(name)\" x=\"\(number(offset.x))\" y=\"\(number(offset.y))\"/>\n"
  }

  mutating func disc(at center: Point, radius: Double, color: String) {
    body += """
      <circle cx="\(number(center.x))" cy="\(number(center.y))" r="\(number(radius))" \
      fill="\(color)"/>

      """
  }

  /// A rectangle, with a text that shows when the pointer rests on it.
  mutating func rectangle(
    at corner: Point, width: Double, height: Double, color: String, rounding: Double = 0,
    hint: String? = nil
  ) {
    // Heat maps have thousands of them: what is default is left out.
    let round = rounding == 0 ? "" : " rx=\"\(number(rounding))\""
    let end = hint.map { "><title>\(escaped($0))</title></rect>" } ?? "/>"
    body += """
      <rect x="\(number(corner.x))" y="\(number(corner.y))" width="\(number(width))" \
      height="\(number(height))"\(round) fill="\(color)"\(end)

      """
  }

  /// One line of text whose base line is at `position`; `turned` text reads upward.
  mutating func text(
    _ text: String, at position: Point, size: Double = 12, color: String = Palette.text,
    anchor: Anchor = .start, isBold: Bool = false, turned: Bool = false
  ) {
    let weight = isBold ? " font-weight=\"600\"" : ""
    let place = "\(number(position.x)) \(number(position.y))"
    let transform = turned ? " transform=\"rotate(-90 \(place))\"" : ""
    // Clicks on a label must reach the hint of the rectangle under it.
    body += """
      <text x="\(number(position.x))" y="\(number(position.y))" font-size="\(number(size))" \
      fill="\(color)" text-anchor="\(anchor.rawValue)" pointer-events="none"\
      \(weight)\(transform)>\(escaped(text))</text>

      """
  }

  enum Anchor: String { case start, middle, end }

  struct Point: Equatable {
    var x: Double
    var y: Double
    init(_ x: Double, _ y: Double) {
      self.x = x
      self.y = y
    }
  }

  /// At most two decimals, which is finer than any screen.
  private func number(_ value: Double) -> String {
    var text = fixed(value, 2)
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text == "-0" ? "0" : text
  }

  private func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;")
  }
}

/// The colours of all pictures. Blue and orange stay apart for colour-blind eyes.
enum Palette {
  static let text = "#1f2937"
  static let faintText = "#6b7280"
  static let axis = "#9ca3af"
  static let grid = "#e5e7eb"
  static let series = ["#2563eb", "#ea580c", "#059669", "#9333ea", "#ca8a04", "#0891b2"]

  /// A colour for each of a sequence of things, from amber over red to deep blue.
  static func ordered(_ index: Int, of count: Int) -> String {
    blend(
      [(245, 158, 11), (225, 29, 72), (124, 58, 237), (30, 58, 138)],
      at: count > 1 ? Double(index) / Double(count - 1) : 1)
  }

  /// The colour at a share of the way through a list of colours (red, green and blue up to 255).
  static func blend(_ stops: [(Double, Double, Double)], at share: Double) -> String {
    func hex(_ value: Double) -> String {
      let text = String(Int(value.rounded()), radix: 16)
      return text.count == 1 ? "0" + text : text
    }
    let color = mixed(stops, at: share)
    return "#" + hex(color.0) + hex(color.1) + hex(color.2)
  }

  /// The same as numbers.
  static func mixed(
    _ stops: [(Double, Double, Double)], at share: Double
  ) -> (Double, Double, Double) {
    let position = min(max(share, 0), 1) * Double(stops.count - 1)
    let index = min(Int(position), stops.count - 2)
    let t = position - Double(index)
    let (a, b) = (stops[index], stops[index + 1])
    return (a.0 + (b.0 - a.0) * t, a.1 + (b.1 - a.1) * t, a.2 + (b.2 - a.2) * t)
  }
}
