/// A matrix of counts, such as a confusion matrix: the counts in cells whose colour is their share
/// of the row.
struct MatrixMap {
  var title: String
  var subtitle: String
  var rowTitle: String
  var columnTitle: String
  var rowNames: [String]
  var columnNames: [String]
  /// The counts, row by row.
  var counts: [[Int]]

  private static let cell = 42.0
  private static let gap = 2.0
  private static let left = 78.0
  private static let top = 118.0

  /// The picture as an SVG file.
  func svg() -> String {
    let plotWidth = Self.cell * Double(columnNames.count)
    let plotHeight = Self.cell * Double(rowNames.count)
    // The title asks for some room, however few columns there are; on the right is the scale.
    var canvas = SVGCanvas(
      width: max(Self.left + plotWidth + 110, 420), height: Self.top + plotHeight + 28,
      title: title)
    canvas.text(title, at: .init(24, 32), size: 18, isBold: true)
    canvas.text(subtitle, at: .init(24, 52), size: 12, color: Palette.faintText)
    canvas.text(
      columnTitle, at: .init(Self.left + plotWidth / 2, Self.top - 28), size: 13, anchor: .middle)
    canvas.text(
      rowTitle, at: .init(34, Self.top + plotHeight / 2), size: 13, anchor: .middle, turned: true)
    for (column, name) in columnNames.enumerated() {
      let x = Self.left + (Double(column) + 0.5) * Self.cell
      canvas.text(
        name, at: .init(x, Self.top - 9), size: 13, color: Palette.faintText, anchor: .middle)
    }
    for (row, name) in rowNames.enumerated() {
      let y = Self.top + (Double(row) + 0.5) * Self.cell + 4.5
      canvas.text(
        name, at: .init(Self.left - 11, y), size: 13, color: Palette.faintText, anchor: .end)
      drawRow(row, on: &canvas)
    }
    drawScale(x: Self.left + plotWidth + 28, height: plotHeight, on: &canvas)
    return canvas.text
  }

  private func drawRow(_ row: Int, on canvas: inout SVGCanvas) {
    let total = counts[row].reduce(0, +)
    for (column, count) in counts[row].enumerated() {
      let share = total > 0 ? Double(count) / Double(total) : 0
      let corner = SVGCanvas.Point(
        Self.left + Double(column) * Self.cell + Self.gap / 2,
        Self.top + Double(row) * Self.cell + Self.gap / 2)
      let percent = fixed(100 * share, 1)
      canvas.rectangle(
        at: corner, width: Self.cell - Self.gap, height: Self.cell - Self.gap,
        color: Self.color(share), rounding: 3,
        hint: "\(rowTitle) \(rowNames[row]), \(columnTitle) \(columnNames[column]): "
          + "\(count) (\(percent) %)")
      guard count > 0 else { continue }
      canvas.text(
        "\(count)", at: .init(corner.x + Self.cell / 2 - 1, corner.y + Self.cell / 2 + 4), size: 13,
        color: share > 0.4 ? "#ffffff" : Palette.text, anchor: .middle)
    }
  }

  /// A strip of the colours, from the share 0 to 1.
  private func drawScale(x: Double, height: Double, on canvas: inout SVGCanvas) {
    let steps = 40
    for step in 0..<steps {
      let share = 1 - (Double(step) + 0.5) / Double(steps)
      canvas.rectangle(
        at: .init(x, Self.top + height * Double(step) / Double(steps)), width: 12,
        height: height / Double(steps) + 0.5, color: Self.color(share))
    }
    for share in [0, 0.25, 0.5, 0.75, 1] {
      let y = Self.top + height * (1 - share) + 4
      canvas.text("\(Int(share * 100)) %", at: .init(x + 18, y), size: 11, color: Palette.faintText)
    }
    canvas.text("of row", at: .init(x - 2, Self.top - 11), size: 11, color: Palette.faintText)
  }

  /// From nearly white to deep blue. The root lets single mistakes stand out from no mistake.
  static func color(_ share: Double) -> String {
    let stops: [(Double, Double, Double)] = [
      (243, 244, 246), (191, 219, 254), (96, 165, 250), (37, 99, 235), (30, 58, 138),
    ]
    return Palette.blend(stops, at: min(max(share, 0), 1).squareRoot())
  }
}
