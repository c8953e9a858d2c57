import Core
import Foundation

/// Places for the nodes of a graph: edges pull their ends together, all nodes push each other away.
///
/// [Fruchterman and Reingold 1991]: steps that get shorter, from a circle on.
struct SpringLayout {
  /// In the square −1…1.
  private(set) var points: [SVGCanvas.Point]

  init(nodeCount: Int, edges: [(first: Int, second: Int)], steps: Int = 400) {
    let turn = 2 * Double.pi / Double(max(nodeCount, 1))
    points = (0..<nodeCount).map { .init(cos(turn * Double($0)), sin(turn * Double($0))) }
    let ideal = (2 / Double(max(nodeCount, 1))).squareRoot()
    for step in 0..<steps {
      move(edges, ideal: ideal, atMost: 0.2 * (1 - Double(step) / Double(steps)))
    }
    spread()
  }

  private mutating func move(
    _ edges: [(first: Int, second: Int)], ideal: Double, atMost limit: Double
  ) {
    var forces = [SVGCanvas.Point](repeating: .init(0, 0), count: points.count)
    func apply(_ a: Int, _ b: Int, _ force: (Double) -> Double) {
      let (x, y) = (points[a].x - points[b].x, points[a].y - points[b].y)
      let distance = max((x * x + y * y).squareRoot(), 1e-6)
      let share = force(distance) / distance
      forces[a].x += share * x
      forces[a].y += share * y
      forces[b].x -= share * x
      forces[b].y -= share * y
    }
    for a in points.indices {
      for b in 0..<a { apply(a, b) { ideal * ideal / $0 } }
    }
    for edge in edges { apply(edge.first, edge.second) { -$0 * $0 / ideal } }
    for index in points.indices {
      let length = (forces[index].x * forces[index].x + forces[index].y * forces[index].y)
        .squareRoot()
      let share = min(length, limit) / max(length, 1e-9)
      points[index].x += share * forces[index].x
      points[index].y += share * forces[index].y
    }
  }

  /// Stretches the places over the whole square.
  private mutating func spread() {
    for path in [\SVGCanvas.Point.x, \.y] {
      let values = points.map { $0[keyPath: path] }
      guard let low = values.min(), let high = values.max(), high > low else { continue }
      for index in points.indices {
        points[index][keyPath: path] =
          2 * (points[index][keyPath: path] - low) / (high - low) - 1
      }
    }
  }
}
