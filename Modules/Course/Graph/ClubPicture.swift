import Datasets

/// The karate club as a graph: inside each member whom the network thinks they follow, around it
/// whom they followed.
struct ClubPicture {
  let training: GraphTraining
  let title: String
  let subtitle: String

  private static let side = 620.0
  private static let corner = SVGCanvas.Point(60, 128)
  private static let colors = [Palette.series[0], Palette.series[1]]

  /// The picture as an SVG file.
  func svg() -> String {
    var canvas = SVGCanvas(
      width: Self.side + 120, height: Self.side + 190, title: title)
    canvas.text(title, at: .init(24, 34), size: 20, isBold: true)
    canvas.text(subtitle, at: .init(24, 56), size: 13, color: Palette.faintText)
    drawLegend(on: &canvas)
    let places = SpringLayout(
      nodeCount: training.graph.nodeCount, edges: training.club.friendships
    ).points.map { point in
      SVGCanvas.Point(
        Self.corner.x + (point.x + 1) / 2 * Self.side,
        Self.corner.y + (point.y + 1) / 2 * Self.side)
    }
    for edge in training.club.friendships {
      canvas.line(
        from: places[edge.first], to: places[edge.second], color: "#cbd5e1", width: 1.3)
    }
    for (member, place) in places.enumerated() { draw(member, at: place, on: &canvas) }
    return canvas.text
  }

  private func draw(_ member: Int, at place: SVGCanvas.Point, on canvas: inout SVGCanvas) {
    let isLabelled = training.labelled.contains(member)
    let radius = isLabelled ? 21.0 : 15.0
    canvas.disc(at: place, radius: radius, color: Self.colors[training.truth[member]])
    canvas.disc(at: place, radius: radius - 3, color: "#ffffff")
    let probability = training.probabilities[member]
    canvas.disc(
      at: place, radius: radius - 4.5,
      color: Palette.blend(
        [(37, 99, 235), (191, 219, 254), (254, 215, 170), (234, 88, 12)], at: probability))
    canvas.text(
      "\(member + 1)", at: .init(place.x, place.y + 4), size: 11.5,
      color: abs(probability - 0.5) > 0.3 ? "#ffffff" : Palette.text, anchor: .middle,
      isBold: isLabelled)
  }

  private func drawLegend(on canvas: inout SVGCanvas) {
    var x = 33.0
    for (color, name) in zip(
      Self.colors, ["follows the instructor (1)", "follows the officers (34)"])
    {
      canvas.disc(at: .init(x, 82), radius: 8, color: color)
      canvas.text(name, at: .init(x + 14, 86), size: 13)
      x += 190
    }
    canvas.text(
      "ring: what happened · inside: what the network says · large: the two it was told",
      at: .init(24, 108), size: 12, color: Palette.faintText)
  }
}
