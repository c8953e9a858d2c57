import Attention
import Foundation

/// A sentence as a graph: words on a circle, an arrow for each edge, as thick as its weight.
struct SentencePicture {
  let words: [String]
  /// One for each edge, with a weight from 0 to 1.
  let edges: [(from: Int, to: Int, weight: Double)]
  let title: String
  let subtitle: String

  private static let radius = 210.0
  private static let center = SVGCanvas.Point(360, 360)

  /// The picture as an SVG file.
  func svg() -> String {
    var canvas = SVGCanvas(width: 720, height: 680, title: title)
    canvas.text(title, at: .init(24, 34), size: 20, isBold: true)
    canvas.text(subtitle, at: .init(24, 56), size: 13, color: Palette.faintText)
    // The strongest lie on top, and numbers on all of them.
    for edge in edges.sorted(by: { $0.weight < $1.weight }) { draw(edge, on: &canvas) }
    if words.count <= 6 {
      for edge in edges { drawWeight(edge, on: &canvas) }
    }
    for (index, word) in words.enumerated() {
      let place = place(index)
      let width = Double(word.count) * 9 + 22
      canvas.rectangle(
        at: .init(place.x - width / 2, place.y - 17), width: width, height: 34,
        color: Palette.text, rounding: 17, hint: word)
      canvas.text(
        word, at: .init(place.x, place.y + 5), size: 15, color: "#ffffff", anchor: .middle)
    }
    return canvas.text
  }

  private func angle(_ index: Int) -> Double {
    2 * Double.pi * Double(index) / Double(words.count) - Double.pi / 2
  }

  private func place(_ index: Int) -> SVGCanvas.Point {
    .init(
      Self.center.x + Self.radius * cos(angle(index)),
      Self.center.y + Self.radius * sin(angle(index)))
  }

  private func draw(
    _ edge: (from: Int, to: Int, weight: Double), on canvas: inout SVGCanvas
  ) {
    let color = Palette.blend(
      [(219, 228, 240), (96, 165, 250), (37, 99, 235), (30, 58, 138)], at: edge.weight)
    let width = 0.8 + 9 * edge.weight
    let curve = curve(edge.from, edge.to)
    canvas.path(curve, color: color, width: width)
    drawHead(curve, size: 7 + width, color: color, width: width, on: &canvas)
  }

  private func drawWeight(
    _ edge: (from: Int, to: Int, weight: Double), on canvas: inout SVGCanvas
  ) {
    let curve = curve(edge.from, edge.to)
    let place = curve[edge.from == edge.to ? curve.count / 2 : curve.count * 2 / 5]
    canvas.rectangle(
      at: .init(place.x - 15, place.y - 8), width: 30, height: 16, color: "#ffffff", rounding: 8,
      hint: "\(words[edge.from]) to \(words[edge.to]): \(fixed(edge.weight, 4))")
    canvas.text(
      fixed(edge.weight, 2), at: .init(place.x, place.y + 4), size: 11, anchor: .middle)
  }

  private func curve(_ from: Int, _ to: Int) -> [SVGCanvas.Point] {
    from == to ? loop(from) : arc(from, to)
  }

  /// A curve that leaves room for the one the other way.
  private func arc(_ from: Int, _ to: Int) -> [SVGCanvas.Point] {
    let (a, b) = (place(from), place(to))
    let (dx, dy) = (b.x - a.x, b.y - a.y)
    let bend = 0.14
    let middle = SVGCanvas.Point((a.x + b.x) / 2 - bend * dy, (a.y + b.y) / 2 + bend * dx)
    let length = (dx * dx + dy * dy).squareRoot()
    let margin = min(0.35, 34 / max(length, 1))
    return (0...24).map { step in
      let t = margin + (1 - 2 * margin) * Double(step) / 24
      let (p, q, r) = ((1 - t) * (1 - t), 2 * t * (1 - t), t * t)
      return .init(p * a.x + q * middle.x + r * b.x, p * a.y + q * middle.y + r * b.y)
    }
  }

  /// A loop on the outer side of a word.
  private func loop(_ index: Int) -> [SVGCanvas.Point] {
    let (at, out) = (place(index), angle(index))
    let middle = SVGCanvas.Point(at.x + 46 * cos(out), at.y + 46 * sin(out))
    return (0...24).map { step in
      let turn = out + Double.pi + 0.6 + (2 * Double.pi - 1.2) * Double(step) / 24
      return .init(middle.x + 27 * cos(turn), middle.y + 27 * sin(turn))
    }
  }

  private func drawHead(
    _ curve: [SVGCanvas.Point], size: Double, color: String, width: Double,
    on canvas: inout SVGCanvas
  ) {
    let (tip, before) = (curve[curve.count - 1], curve[curve.count - 3])
    let heading = atan2(tip.y - before.y, tip.x - before.x)
    let wings = [heading + 2.6, heading - 2.6].map { angle in
      SVGCanvas.Point(tip.x + size * cos(angle), tip.y + size * sin(angle))
    }
    canvas.path([wings[0], tip, wings[1]], color: color, width: max(width / 2, 1))
  }
}
