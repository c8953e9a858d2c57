/// A rectangle of a picture with axes: where the points of a plot go.
struct PlotFrame {
  let corner: SVGCanvas.Point
  let width: Double
  let height: Double
  let x: ClosedRange<Double>
  let y: ClosedRange<Double>

  func place(_ x: Double, _ y: Double) -> SVGCanvas.Point {
    .init(
      corner.x + (x - self.x.lowerBound) / (self.x.upperBound - self.x.lowerBound) * width,
      corner.y + (self.y.upperBound - y) / (self.y.upperBound - self.y.lowerBound) * height)
  }

  /// Title, marks and lines at the marks of the vertical axis.
  func draw(
    title: String, caption: String, xTicks: [Double], yTicks: [Double], xTitle: String = "",
    xLabel: (Double) -> String = { "\(Int($0))" }, yLabel: (Double) -> String = { "\(Int($0))" },
    on canvas: inout SVGCanvas
  ) {
    canvas.text(title, at: .init(corner.x, corner.y - 30), size: 14, isBold: true)
    canvas.text(
      caption, at: .init(corner.x, corner.y - 13), size: 11.5, color: Palette.faintText)
    for tick in yTicks {
      let left = place(x.lowerBound, tick)
      canvas.line(
        from: left, to: .init(corner.x + width, left.y),
        color: tick == 0 ? Palette.axis : Palette.grid)
      canvas.text(
        yLabel(tick), at: .init(left.x - 7, left.y + 4), size: 11, color: Palette.faintText,
        anchor: .end)
    }
    let bottom = corner.y + height
    for tick in xTicks {
      let place = place(tick, y.lowerBound)
      canvas.line(
        from: .init(place.x, bottom), to: .init(place.x, bottom + 4), color: Palette.axis)
      canvas.text(
        xLabel(tick), at: .init(place.x, bottom + 17), size: 11, color: Palette.faintText,
        anchor: .middle)
    }
    canvas.text(
      xTitle, at: .init(corner.x + width / 2, bottom + 34), size: 12, color: Palette.faintText,
      anchor: .middle)
  }

  /// A bar from 0 to a value, over one place.
  func bar(at position: Double, _ value: Double, color: String, on canvas: inout SVGCanvas) {
    let (top, bottom) = (
      place(position - 0.46, max(value, 0)), place(position + 0.46, min(value, 0))
    )
    canvas.rectangle(
      at: top, width: bottom.x - top.x, height: bottom.y - top.y, color: color, rounding: 2)
  }
}
