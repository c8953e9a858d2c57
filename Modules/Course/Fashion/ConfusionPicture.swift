/// A confusion matrix of classes with names, as shares of each row in percent.
struct ConfusionPicture {
  let title: String
  let subtitle: String
  let names: [String]
  /// How often each class (row) was taken for each class (column).
  let counts: [[Int]]

  private static let cell = 46.0
  private static let left = 116.0
  private static let top = 176.0

  /// The picture as an SVG file.
  func svg() -> String {
    let side = Self.cell * Double(names.count)
    var canvas = SVGCanvas(
      width: Self.left + side + 30, height: Self.top + side + 24, title: title)
    canvas.text(title, at: .init(24, 34), size: 20, isBold: true)
    canvas.text(subtitle, at: .init(24, 56), size: 13, color: Palette.faintText)
    canvas.text(
      "taken for", at: .init(Self.left, 84), size: 12, color: Palette.faintText)
    canvas.text(
      "shown", at: .init(Self.left - 12, Self.top - 10), size: 12, color: Palette.faintText,
      anchor: .end)
    for (index, name) in names.enumerated() {
      let middle = (Double(index) + 0.5) * Self.cell
      canvas.text(
        name, at: .init(Self.left + middle + 4, Self.top - 10), size: 13, turned: true)
      canvas.text(
        name, at: .init(Self.left - 12, Self.top + middle + 4), size: 13, anchor: .end)
      drawRow(index, on: &canvas)
    }
    return canvas.text
  }

  private func drawRow(_ row: Int, on canvas: inout SVGCanvas) {
    let total = counts[row].reduce(0, +)
    for (column, count) in counts[row].enumerated() {
      let share = total > 0 ? Double(count) / Double(total) : 0
      let corner = SVGCanvas.Point(
        Self.left + Double(column) * Self.cell + 1, Self.top + Double(row) * Self.cell + 1)
      canvas.rectangle(
        at: corner, width: Self.cell - 2, height: Self.cell - 2, color: MatrixMap.color(share),
        rounding: 3, hint: "\(names[row]) taken for \(names[column]): \(count) of \(total)")
      guard count > 0 else { continue }
      canvas.text(
        share < 0.0995 ? fixed(100 * share, 1) : fixed(100 * share, 0),
        at: .init(corner.x + Self.cell / 2 - 1, corner.y + Self.cell / 2 + 4), size: 12.5,
        color: share > 0.4 ? "#ffffff" : Palette.text, anchor: .middle)
    }
  }
}
