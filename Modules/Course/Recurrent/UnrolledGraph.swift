import Foundation

/// The computation graph of course document 004, question 1.1, unrolled and labelled:
///
/// ```
/// h_t = σ(W x_t + U h_{t−1}),   y_t = V h_t,   L_t = ‖z_t − y_t‖²,   L = Σ_t L_t
/// ```
enum UnrolledGraph {
  private static let radius = 21.0
  private static let column = 190.0

  static func svg(steps: Int) -> String {
    let width = 190 + column * Double(steps)
    var canvas = SVGCanvas(width: width, height: 590, title: "Recurrent unit, unrolled")
    canvas.text(
      "A recurrent unit, unrolled over \(steps) steps", at: .init(24, 32), size: 18, isBold: true)
    canvas.text(
      "h_t = σ(W x_t + U h_{t−1}),  y_t = V h_t,  L_t = ‖z_t − y_t‖²,  L = Σ L_t",
      at: .init(24, 54), size: 12.5, color: Palette.faintText)
    let (inputs, states, outputs, losses, sum) = (530.0, 420.0, 310.0, 205.0, 100.0)
    let total = SVGCanvas.Point(60 + column * (Double(steps) + 1) / 2, sum)
    var before = SVGCanvas.Point(60, states)
    node("h" + indexed(0), at: before, Palette.series[0], on: &canvas)
    for step in 1...steps {
      let x = 60 + column * Double(step)
      func at(_ y: Double, _ shift: Double = 0) -> SVGCanvas.Point { .init(x + shift, y) }
      arrow(before, at(states), "U", on: &canvas)
      arrow(at(inputs), at(states), "W", on: &canvas)
      arrow(at(states), at(outputs), "V", on: &canvas)
      arrow(at(outputs), at(losses), nil, on: &canvas)
      arrow(at(outputs, 75), at(losses), nil, on: &canvas)
      arrow(at(losses), total, nil, on: &canvas)
      node("x" + indexed(step), at: at(inputs), Palette.faintText, on: &canvas)
      node("h" + indexed(step), at: at(states), Palette.series[0], on: &canvas)
      node("y" + indexed(step), at: at(outputs), Palette.series[2], on: &canvas)
      node("z" + indexed(step), at: at(outputs, 75), Palette.faintText, on: &canvas)
      node("L" + indexed(step), at: at(losses), Palette.series[1], on: &canvas)
      before = at(states)
    }
    node("L", at: total, Palette.series[1], on: &canvas)
    return canvas.text
  }

  private static func node(
    _ name: String, at center: SVGCanvas.Point, _ color: String, on canvas: inout SVGCanvas
  ) {
    canvas.disc(at: center, radius: radius, color: color)
    canvas.text(
      name, at: .init(center.x, center.y + 5), size: 15, color: "#ffffff", anchor: .middle,
      isBold: true)
  }

  /// An edge from rim to rim, with the weight beside it.
  private static func arrow(
    _ start: SVGCanvas.Point, _ end: SVGCanvas.Point, _ weight: String?, on canvas: inout SVGCanvas
  ) {
    let length = hypot(end.x - start.x, end.y - start.y)
    let (dx, dy) = ((end.x - start.x) / length, (end.y - start.y) / length)
    func along(_ point: SVGCanvas.Point, _ distance: Double, _ aside: Double = 0) -> SVGCanvas.Point
    {
      .init(
        point.x + dx * distance - dy * aside, point.y + dy * distance + dx * aside)
    }
    let tip = along(end, -radius - 2)
    canvas.path([along(start, radius), tip], color: Palette.axis, width: 1.8)
    canvas.path([along(tip, -9, 4.5), tip, along(tip, -9, -4.5)], color: Palette.axis, width: 1.8)
    guard let weight else { return }
    let middle = along(start, length / 2)
    canvas.text(
      weight, at: .init(middle.x + 9 * abs(dy), middle.y - 8 * abs(dx) + 5 * abs(dy)), size: 15,
      anchor: abs(dx) > abs(dy) ? .middle : .start, isBold: true)
  }
}
