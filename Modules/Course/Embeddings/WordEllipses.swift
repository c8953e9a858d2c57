import Core
import Foundation

/// Words as ellipses in the plane: around each mean, the points at half a deviation.
struct WordEllipses {
  var title: String
  var subtitle: String
  var words: [String]
  /// How many of the first words stand out.
  var emphasized: Int
  /// [word, 2]
  var means: Tensor
  /// [word, 2, 2]
  var covariances: Tensor

  private static let (width, height, margin) = (960.0, 760.0, 64.0)

  /// The picture as an SVG file. The plane has one scale, so that a circle is one.
  func svg() -> String {
    var canvas = SVGCanvas(width: Self.width, height: Self.height, title: title)
    canvas.text(title, at: .init(24, 32), size: 18, isBold: true)
    canvas.text(subtitle, at: .init(24, 52), size: 12, color: Palette.faintText)
    let outlines = words.indices.map { outline($0) }
    let place = frame(outlines)
    for index in words.indices.reversed() {
      let isEmphasized = index < emphasized
      let color = isEmphasized ? Palette.series[1] : Palette.series[0]
      canvas.path(
        outlines[index].map(place), color: isEmphasized ? color : "#bfd3fa",
        width: isEmphasized ? 1.8 : 0.8)
    }
    for index in words.indices.reversed() {
      let isEmphasized = index < emphasized
      canvas.text(
        words[index], at: place(centre(index)), size: isEmphasized ? 13 : 10,
        color: isEmphasized ? Palette.series[1] : Palette.text, anchor: .middle,
        isBold: isEmphasized)
    }
    return canvas.text
  }

  private func centre(_ index: Int) -> SVGCanvas.Point {
    // The plane's second axis has the greater variance: it goes across.
    .init(means[index, 1].item(), means[index, 0].item())
  }

  /// μ + ½ Σ^½ (cos t, sin t) for t all around, by Cholesky's factor of Σ.
  private func outline(_ index: Int) -> [SVGCanvas.Point] {
    let values = covariances[index].scalars(as: Double.self)
    let (a, b, c) = (max(values[3], 0), values[1], max(values[0], 0))
    let first = a.squareRoot()
    let second = first > 0 ? b / first : 0
    let third = max(c - second * second, 0).squareRoot()
    let middle = centre(index)
    return (0...48).map { step in
      let angle = 2 * Double.pi * Double(step) / 48
      let (x, y) = (0.5 * cos(angle), 0.5 * sin(angle))
      return .init(middle.x + first * x, middle.y + second * x + third * y)
    }
  }

  /// Where a point of the plane lies on the canvas.
  private func frame(_ outlines: [[SVGCanvas.Point]]) -> (SVGCanvas.Point) -> SVGCanvas.Point {
    let points = outlines.flatMap { $0 }
    let (x, y) = (points.map(\.x), points.map(\.y))
    let (left, right) = (x.min() ?? 0, x.max() ?? 1)
    let (bottom, top) = (y.min() ?? 0, y.max() ?? 1)
    let scale = min(
      (Self.width - 2 * Self.margin) / max(right - left, 1e-9),
      (Self.height - 2 * Self.margin) / max(top - bottom, 1e-9))
    let (middleX, middleY) = ((left + right) / 2, (bottom + top) / 2)
    return { point in
      .init(
        Self.width / 2 + scale * (point.x - middleX),
        Self.height / 2 + 20 - scale * (point.y - middleY))
    }
  }
}
