import Foundation

/// The pictures of `course optimizers`: one plot for each rule, all on the same axes.
enum OptimizerPictures {
  private static let columns = 5
  private static let gap = (x: 52.0, y: 72.0)
  private static let corner = (x: 58.0, y: 118.0)

  /// Paths over contour lines.
  static func paths(_ runs: [SurfaceRun], on surface: Surface) -> String {
    let width = 230.0
    let height =
      width * (surface.y.upperBound - surface.y.lowerBound)
      / (surface.x.upperBound - surface.x.lowerBound)
    var canvas = canvas(
      runs.count, width, height, title: surface.name,
      subtitle: "\(surface.formula); until the value is below \(surface.threshold). "
        + "Each rule with the best of \(RuleEntry.rates.count) rates.")
    let first = frame(0, width, height, surface.x, surface.y)
    canvas.define("contours") { part in
      for level in surface.levels {
        let lines = contourLines(x: surface.x, y: surface.y, cells: 80, level: level) { x, y in
          surface.value(.init([x, y], dtype: .float64)).item()
        }
        part.lines(
          lines.map { (first.place($0.x, $0.y), first.place($1.x, $1.y)) },
          color: Palette.blend(
            [(203, 213, 225), (148, 163, 184)],
            at: Double(surface.levels.firstIndex(of: level)!) / Double(surface.levels.count)))
      }
    }
    for (index, run) in runs.enumerated() {
      let frame = frame(index, width, height, surface.x, surface.y)
      frame.draw(
        title: run.name, caption: caption(run), xTicks: wholes(surface.x),
        yTicks: wholes(surface.y), on: &canvas)
      canvas.use(
        "contours",
        at: .init(frame.corner.x - first.corner.x, frame.corner.y - first.corner.y))
      let color = Palette.series[run.rate == nil ? 1 : 0]
      for piece in clipped(run.path, x: surface.x, y: surface.y) {
        canvas.path(piece.map { frame.place($0.x, $0.y) }, color: color, width: 1.4)
      }
      canvas.disc(
        at: frame.place(surface.start.x, surface.start.y), radius: 3.5, color: Palette.text)
      canvas.disc(
        at: frame.place(surface.minimum.x, surface.minimum.y), radius: 3.5,
        color: Palette.series[2])
    }
    return canvas.text
  }

  /// Training losses, each rule's before those of all others.
  static func losses(_ runs: [RuleRun], subtitle: String) -> String {
    let (width, height) = (230.0, 150.0)
    let last = runs.flatMap(\.updates).max() ?? 1
    let logarithms = runs.map { run in run.losses.map { log10(max($0, 1e-6)) } }
    let axis = Axis(coveringLogarithms: logarithms.joined().map { min($0, 1) }, steps: 4)
    var canvas = canvas(
      runs.count, width, height, title: "Training loss on the digits", subtitle: subtitle)
    func curve(_ index: Int, _ frame: PlotFrame) -> [[SVGCanvas.Point]] {
      let points = zip(runs[index].updates, logarithms[index]).map { SVGCanvas.Point($0, $1) }
      return clipped(points, x: 0...last, y: axis.range).map { piece in
        piece.map { frame.place($0.x, $0.y) }
      }
    }
    let first = frame(0, width, height, 0...last, axis.range)
    canvas.define("all") { part in
      for index in runs.indices {
        for piece in curve(index, first) {
          part.path(piece, color: Palette.grid, width: 1.2)
        }
      }
    }
    for (index, run) in runs.enumerated() {
      let frame = frame(index, width, height, 0...last, axis.range)
      let steps = run.steps.map { "\($0) updates" } ?? "not reached"
      frame.draw(
        title: run.name, caption: "rate \(short(run.rate)), \(steps)", xTicks: [0, last],
        yTicks: axis.ticks, yLabel: axis.label, on: &canvas)
      canvas.use(
        "all", at: .init(frame.corner.x - first.corner.x, frame.corner.y - first.corner.y))
      for piece in curve(index, frame) {
        canvas.path(piece, color: Palette.series[0], width: 2)
      }
    }
    return canvas.text
  }

  // MARK: Layout

  private static func canvas(
    _ count: Int, _ width: Double, _ height: Double, title: String, subtitle: String
  ) -> SVGCanvas {
    let rows = (count + columns - 1) / columns
    var canvas = SVGCanvas(
      width: corner.x + Double(columns) * (width + gap.x) - gap.x + 30,
      height: corner.y + Double(rows) * (height + gap.y) - gap.y + 40, title: title)
    canvas.text(title, at: .init(24, 34), size: 20, isBold: true)
    canvas.text(subtitle, at: .init(24, 56), size: 13, color: Palette.faintText)
    return canvas
  }

  private static func frame(
    _ index: Int, _ width: Double, _ height: Double, _ x: ClosedRange<Double>,
    _ y: ClosedRange<Double>
  ) -> PlotFrame {
    PlotFrame(
      corner: .init(
        corner.x + Double(index % columns) * (width + gap.x),
        corner.y + Double(index / columns) * (height + gap.y)),
      width: width, height: height, x: x, y: y)
  }

  private static func wholes(_ range: ClosedRange<Double>) -> [Double] {
    Array(stride(from: range.lowerBound.rounded(.up), through: range.upperBound, by: 1))
  }

  private static func caption(_ run: SurfaceRun) -> String {
    let steps = run.steps.map { "\($0) steps" } ?? "not reached in \(run.path.count - 1) steps"
    guard let rate = run.rate else { return "\(steps), \(run.gradients) gradients" }
    return "rate \(short(rate)), \(steps)"
  }

  static func short(_ rate: Double) -> String { String(format: "%g", rate) }

  /// The parts of a path within a rectangle.
  private static func clipped(
    _ points: [SVGCanvas.Point], x: ClosedRange<Double>, y: ClosedRange<Double>
  ) -> [[SVGCanvas.Point]] {
    func turned(_ points: [SVGCanvas.Point]) -> [SVGCanvas.Point] {
      points.map { .init($0.y, $0.x) }
    }
    return Course.clipped(points, to: y).flatMap { piece in
      Course.clipped(turned(piece), to: x).map(turned)
    }
  }
}
