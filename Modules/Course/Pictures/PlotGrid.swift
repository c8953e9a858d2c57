/// Small plots on common axes, row by row: to compare the shapes of many curves.
struct PlotGrid {
  struct Curve {
    var name: String
    /// Connected pieces; a curve that jumps has several.
    var pieces: [[SVGCanvas.Point]]
    /// Single values to mark, such as that of a step right at the jump.
    var marks: [SVGCanvas.Point] = []
  }

  struct Plot {
    var title: String
    var caption: String
    var curves: [Curve]
  }

  var title: String
  var subtitle: String
  var plots: [Plot]
  var x: ClosedRange<Double>
  var y: ClosedRange<Double>
  var columns = 5

  private static let unit = 25.0
  private static let gap = (x: 44.0, y: 74.0)
  private static let top = 126.0
  private static let left = 46.0

  private var plotWidth: Double { (x.upperBound - x.lowerBound) * Self.unit }
  private var plotHeight: Double { (y.upperBound - y.lowerBound) * Self.unit }

  /// The picture as an SVG file.
  func svg() -> String {
    let rows = (plots.count + columns - 1) / columns
    var canvas = SVGCanvas(
      width: Self.left + Double(columns) * (plotWidth + Self.gap.x) - Self.gap.x + 30,
      height: Self.top + Double(rows) * (plotHeight + Self.gap.y) - Self.gap.y + 44,
      title: title)
    canvas.text(title, at: .init(24, 34), size: 20, isBold: true)
    canvas.text(subtitle, at: .init(24, 56), size: 13, color: Palette.faintText)
    drawLegend(on: &canvas)
    for (index, plot) in plots.enumerated() {
      let corner = SVGCanvas.Point(
        Self.left + Double(index % columns) * (plotWidth + Self.gap.x),
        Self.top + Double(index / columns) * (plotHeight + Self.gap.y))
      draw(plot, at: corner, on: &canvas)
    }
    return canvas.text
  }

  private var names: [String] { plots.first?.curves.map(\.name) ?? [] }

  private func drawLegend(on canvas: inout SVGCanvas) {
    var right = canvas.width - 30
    for (index, name) in names.enumerated().reversed() {
      right -= Double(name.count) * 7.2
      canvas.text(name, at: .init(right, 34), size: 13)
      canvas.line(
        from: .init(right - 28, 30), to: .init(right - 8, 30), color: Palette.series[index],
        width: 3)
      right -= 48
    }
  }

  private func draw(_ plot: Plot, at corner: SVGCanvas.Point, on canvas: inout SVGCanvas) {
    func place(_ point: SVGCanvas.Point) -> SVGCanvas.Point {
      .init(
        corner.x + (point.x - x.lowerBound) * Self.unit,
        corner.y + (y.upperBound - point.y) * Self.unit)
    }
    canvas.text(plot.title, at: .init(corner.x, corner.y - 26), size: 14, isBold: true)
    canvas.text(
      plot.caption, at: .init(corner.x, corner.y - 10), size: 11.5, color: Palette.faintText)
    drawGrid(place, on: &canvas)
    // The first curve lies on top of the others.
    for (index, curve) in plot.curves.enumerated().reversed() {
      let color = Palette.series[index % Palette.series.count]
      for piece in curve.pieces.flatMap({ clipped($0, to: y) }) {
        canvas.path(piece.map(place), color: color, width: index == 0 ? 2.4 : 1.8)
      }
      for mark in curve.marks where x.contains(mark.x) && y.contains(mark.y) {
        canvas.disc(at: place(mark), radius: index == 0 ? 3.4 : 2.8, color: color)
      }
    }
  }

  /// A line at each whole number, those through 0 stronger, and a number at every other one.
  private func drawGrid(
    _ place: (SVGCanvas.Point) -> SVGCanvas.Point, on canvas: inout SVGCanvas
  ) {
    func wholes(_ range: ClosedRange<Double>) -> [Double] {
      Array(stride(from: range.lowerBound.rounded(.up), through: range.upperBound, by: 1))
    }
    func color(_ tick: Double) -> String { tick == 0 ? Palette.axis : Palette.grid }
    func label(_ tick: Double) -> String { tick < 0 ? "−\(Int(-tick))" : "\(Int(tick))" }
    // Zero last, so that no faint line crosses it.
    for tick in wholes(x).sorted(by: { abs($0) > abs($1) }) {
      let (low, high) = (place(.init(tick, y.lowerBound)), place(.init(tick, y.upperBound)))
      canvas.line(from: low, to: high, color: color(tick))
      guard tick.truncatingRemainder(dividingBy: 2) == 0 else { continue }
      canvas.text(
        label(tick), at: .init(low.x, low.y + 14), size: 10, color: Palette.faintText,
        anchor: .middle)
    }
    for tick in wholes(y).sorted(by: { abs($0) > abs($1) }) {
      let (left, right) = (place(.init(x.lowerBound, tick)), place(.init(x.upperBound, tick)))
      canvas.line(from: left, to: right, color: color(tick))
      guard tick.truncatingRemainder(dividingBy: 2) == 0 else { continue }
      canvas.text(
        label(tick), at: .init(left.x - 6, left.y + 3.5), size: 10, color: Palette.faintText,
        anchor: .end)
    }
  }
}

/// The parts of a polyline whose ordinates are within a range, cut exactly at its ends.
func clipped(
  _ points: [SVGCanvas.Point], to range: ClosedRange<Double>
) -> [[SVGCanvas.Point]] {
  var runs: [[SVGCanvas.Point]] = []
  var run: [SVGCanvas.Point] = []
  func close() {
    if !run.isEmpty { runs.append(run) }
    run = []
  }
  for (a, b) in zip(points, points.dropFirst()) {
    guard let (start, end) = clipped(from: a, to: b, range) else {
      close()
      continue
    }
    if run.isEmpty { run.append(start) }
    run.append(end)
    if end != b { close() }
  }
  close()
  return runs
}

/// The part of a segment within a range of ordinates; `nil` when there is none.
private func clipped(
  from a: SVGCanvas.Point, to b: SVGCanvas.Point, _ range: ClosedRange<Double>
) -> (SVGCanvas.Point, SVGCanvas.Point)? {
  guard a.x.isFinite, a.y.isFinite, b.x.isFinite, b.y.isFinite else { return nil }
  if range.contains(a.y), range.contains(b.y) { return (a, b) }
  let rise = b.y - a.y
  guard rise != 0 else { return nil }
  let crossings = [(range.lowerBound - a.y) / rise, (range.upperBound - a.y) / rise]
  let (enter, leave) = (max(0, crossings.min()!), min(1, crossings.max()!))
  guard enter < leave else { return nil }
  func point(_ share: Double) -> SVGCanvas.Point {
    share == 0 ? a : share == 1 ? b : .init(a.x + share * (b.x - a.x), a.y + share * rise)
  }
  return (point(enter), point(leave))
}
