import Foundation

/// Curves over a common axis, one panel beside the other.
///
/// The learning curve of a training is a chart with a panel for the loss and one for the accuracy.
struct LineChart {
  struct Series {
    var name: String
    var x: [Double]
    var y: [Double]
    /// By default one of the palette, by the place of the name among all names.
    var color: String? = nil
    /// Dashed curves have no name of their own in the legend: a bound beside what it bounds.
    var isDashed = false
  }

  struct Panel {
    var title: String
    var series: [Series]
    /// Whether the vertical axis counts in powers of ten. What is not positive is then a gap.
    var isLogarithmic = false
    /// Places on the horizontal axis to point out.
    var marks: [(x: Double, name: String)] = []
  }

  var title: String
  var subtitle: String
  var xTitle: String
  var panels: [Panel]
  /// Whether only whole numbers make sense on the horizontal axis, such as epochs.
  var isWholeX = true
  /// How marks on the horizontal axis read, if not as the numbers that they are.
  var xText: ((Double) -> String)? = nil

  private static let plotWidth = 340.0
  private static let plotHeight = 250.0
  private static let margin = (left: 62.0, right: 22.0, top: 106.0, bottom: 58.0)

  /// The picture as an SVG file.
  func svg() -> String {
    let panelWidth = Self.margin.left + Self.plotWidth + Self.margin.right
    var canvas = SVGCanvas(
      width: panelWidth * Double(max(panels.count, 1)),
      height: Self.margin.top + Self.plotHeight + Self.margin.bottom, title: title)
    canvas.text(title, at: .init(24, 32), size: 18, isBold: true)
    canvas.text(subtitle, at: .init(24, 52), size: 12, color: Palette.faintText)
    drawLegend(on: &canvas)
    for (index, panel) in panels.enumerated() {
      let corner = SVGCanvas.Point(
        panelWidth * Double(index) + Self.margin.left, Self.margin.top)
      draw(panel, at: corner, on: &canvas)
    }
    return canvas.text
  }

  /// The names of all curves, each once, in the order of their colours.
  private var names: [String] {
    panels.flatMap(\.series).filter { !$0.isDashed }.map(\.name).reduce(into: []) { names, name in
      if !names.contains(name) { names.append(name) }
    }
  }

  private func color(of name: String) -> String {
    let chosen = panels.flatMap(\.series).first { $0.name == name }?.color
    if let chosen { return chosen }
    let index = names.firstIndex(of: name) ?? 0
    return Palette.series[index % Palette.series.count]
  }

  private func drawLegend(on canvas: inout SVGCanvas) {
    // Fonts differ, so a letter is given generous room.
    let letter = 7.2
    let room = canvas.width - Self.margin.right - 48 - Double(title.count) * 10
    let textWidth = names.reduce(0) { $0 + Double($1.count) * letter }
    let isTight = textWidth + 48 * Double(names.count) > room
    let (stroke, gap) = isTight ? (14.0, 10.0) : (20.0, 20.0)
    var x = canvas.width - Self.margin.right
    for name in names.reversed() {
      x -= Double(name.count) * letter
      canvas.text(name, at: .init(x, 32), size: 13)
      canvas.line(
        from: .init(x - 8 - stroke, 28), to: .init(x - 8, 28), color: color(of: name), width: 3)
      x -= 8 + stroke + gap
    }
  }

  private func draw(_ panel: Panel, at corner: SVGCanvas.Point, on canvas: inout SVGCanvas) {
    let xAxis = Axis(covering: panel.series.flatMap(\.x) + panel.marks.map(\.x), isWhole: isWholeX)
    let heights = panel.series.map { $0.y.map { panel.isLogarithmic ? log10($0) : $0 } }
    let yAxis =
      panel.isLogarithmic
      ? Axis(coveringLogarithms: heights.joined()) : Axis(covering: heights.joined())
    func place(_ x: Double, _ y: Double) -> SVGCanvas.Point {
      .init(
        corner.x + xAxis.share(x) * Self.plotWidth,
        corner.y + (1 - yAxis.share(y)) * Self.plotHeight)
    }
    let bottom = corner.y + Self.plotHeight
    canvas.text(panel.title, at: .init(corner.x, corner.y - 14), size: 14, isBold: true)
    for tick in yAxis.ticks {
      let y = place(xAxis.range.lowerBound, tick).y
      canvas.line(
        from: .init(corner.x, y), to: .init(corner.x + Self.plotWidth, y), color: Palette.grid)
      canvas.text(
        yAxis.label(tick), at: .init(corner.x - 8, y + 4), color: Palette.faintText, anchor: .end)
    }
    for tick in xAxis.ticks {
      let x = place(tick, yAxis.range.lowerBound).x
      canvas.line(from: .init(x, bottom), to: .init(x, bottom + 5), color: Palette.axis)
      canvas.text(
        xText?(tick) ?? xAxis.label(tick), at: .init(x, bottom + 20), color: Palette.faintText,
        anchor: .middle)
    }
    canvas.line(
      from: .init(corner.x, bottom), to: .init(corner.x + Self.plotWidth, bottom),
      color: Palette.axis)
    canvas.text(
      xTitle, at: .init(corner.x + Self.plotWidth / 2, bottom + 42), size: 13, anchor: .middle)
    for mark in panel.marks {
      let x = place(mark.x, yAxis.range.lowerBound).x
      canvas.line(from: .init(x, corner.y), to: .init(x, bottom), color: Palette.axis)
      canvas.text(mark.name, at: .init(x + 4, corner.y + 11), color: Palette.faintText)
    }
    for (series, heights) in zip(panel.series, heights) {
      for run in finiteRuns(series.x, heights) {
        let points = run.map { place($0.0, $0.1) }
        if points.count == 1 {
          canvas.disc(at: points[0], radius: 3, color: color(of: series.name))
        } else {
          canvas.path(
            points, color: series.color ?? color(of: series.name),
            width: series.isDashed ? 1.5 : 2, isDashed: series.isDashed)
        }
      }
    }
  }

  /// A curve in pieces, cut where it is not finite.
  private func finiteRuns(_ x: [Double], _ y: [Double]) -> [[(Double, Double)]] {
    zip(x, y).split { !$0.0.isFinite || !$0.1.isFinite }.map(Array.init)
  }
}
