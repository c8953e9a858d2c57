/// Curves over a common axis, one panel beside the other.
///
/// The learning curve of a training is a chart with a panel for the loss and one for the accuracy.
struct LineChart {
  struct Series {
    var name: String
    var x: [Double]
    var y: [Double]
  }

  struct Panel {
    var title: String
    var series: [Series]
  }

  var title: String
  var subtitle: String
  var xTitle: String
  var panels: [Panel]
  /// Whether only whole numbers make sense on the horizontal axis, such as epochs.
  var isWholeX = true

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
    panels.flatMap(\.series).map(\.name).reduce(into: []) { names, name in
      if !names.contains(name) { names.append(name) }
    }
  }

  private func color(of name: String) -> String {
    let index = names.firstIndex(of: name) ?? 0
    return Palette.series[index % Palette.series.count]
  }

  private func drawLegend(on canvas: inout SVGCanvas) {
    // Fonts differ, so a letter is given generous room.
    let letter = 7.2
    var x = canvas.width - Self.margin.right
    for name in names.reversed() {
      x -= Double(name.count) * letter
      canvas.text(name, at: .init(x, 32), size: 13)
      canvas.line(from: .init(x - 28, 28), to: .init(x - 8, 28), color: color(of: name), width: 3)
      x -= 28 + 20
    }
  }

  private func draw(_ panel: Panel, at corner: SVGCanvas.Point, on canvas: inout SVGCanvas) {
    let xAxis = Axis(covering: panel.series.flatMap(\.x), isWhole: isWholeX)
    let yAxis = Axis(covering: panel.series.flatMap(\.y))
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
        xAxis.label(tick), at: .init(x, bottom + 20), color: Palette.faintText, anchor: .middle)
    }
    canvas.line(
      from: .init(corner.x, bottom), to: .init(corner.x + Self.plotWidth, bottom),
      color: Palette.axis)
    canvas.text(
      xTitle, at: .init(corner.x + Self.plotWidth / 2, bottom + 42), size: 13, anchor: .middle)
    for series in panel.series {
      for run in finiteRuns(of: series) {
        let points = run.map { place($0.0, $0.1) }
        if points.count == 1 {
          canvas.disc(at: points[0], radius: 3, color: color(of: series.name))
        } else {
          canvas.path(points, color: color(of: series.name))
        }
      }
    }
  }

  /// A curve in pieces, cut where it is not finite.
  private func finiteRuns(of series: Series) -> [[(Double, Double)]] {
    zip(series.x, series.y).split { !$0.0.isFinite || !$0.1.isFinite }.map(Array.init)
  }
}
