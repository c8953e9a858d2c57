/// SVG elements, one after the other.
struct PictureDrawing {
  private var body = ""

  enum Style: String {
    case frame = ##"fill="#f8fafc" stroke="#94a3b8" stroke-dasharray="4 3""##
    case filled = ##"fill="#dbeafe" stroke="#2563eb""##
    case plain = ##"fill="#ffffff" stroke="#94a3b8""##
  }

  mutating func box(x: Int, y: Int, width: Int, height: Int, style: Style, hint: String) {
    body += """
      <rect x="\(x)" y="\(y)" width="\(width)" height="\(height)" rx="6" \(style.rawValue)>\
      <title>\(PictureText.escaped(hint))</title></rect>

      """
  }

  /// One line of text around `x`, whose base line is at `y`.
  mutating func text(_ text: String, x: Int, y: Int, isBold: Bool = false, isFaint: Bool = false) {
    element(
      text, x: x, y: y,
      "font-size=\"\(isBold ? 13 : 12)\" fill=\"\(isFaint ? "#6b7280" : "#1f2937")\" "
        + "text-anchor=\"middle\"" + (isBold ? " font-weight=\"600\"" : ""))
  }

  /// An arrow downward, with a text to its right.
  mutating func arrow(x: Int, from top: Int, to bottom: Int, label: String) {
    body += """
      <path d="M\(x) \(top)V\(bottom - 2)M\(x - 4) \(bottom - 7)L\(x) \(bottom - 1)L\(x + 4) \
      \(bottom - 7)" fill="none" stroke="#6b7280"/>

      """
    element(
      label, x: x + 10, y: (top + bottom) / 2 + 3, ##"font-size="11" fill="#6b7280""##)
  }

  private mutating func element(_ text: String, x: Int, y: Int, _ attributes: String) {
    body += """
      <text x="\(x)" y="\(y)" \(attributes) pointer-events="none">\(PictureText.escaped(text))\
      </text>

      """
  }

  /// The whole file.
  func document(width: Int, height: Int, title: String) -> String {
    """
    <?xml version="1.0" encoding="UTF-8"?>
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(height)" width="\(width)" \
    height="\(height)" role="img" font-family="system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', \
    Arial, sans-serif">
    <title>\(PictureText.escaped(title))</title>
    <rect width="100%" height="100%" fill="#ffffff"/>
    \(body)</svg>

    """
  }
}

/// Text in a picture.
enum PictureText {
  /// About how wide a line is, in a font that nobody has measured.
  static func width(_ text: String) -> Int { text.count * 37 / 5 }

  static func shapes(_ shapes: [Shape]) -> String {
    shapes.map(\.description).joined(separator: " ")
  }

  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      // XML has no place for these.
      case "\u{0}"..<" ": result += " "
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
