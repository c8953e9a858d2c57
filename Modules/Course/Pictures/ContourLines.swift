/// Where a function of the plane has a given value, as short lines.
///
/// Each cell of a grid is looked at alone: an edge whose ends are on different sides of the level is
/// crossed where the linear interpolation says, and crossings are joined in pairs (two pairs at a
/// saddle, told apart by the mean of the corners).
func contourLines(
  x: ClosedRange<Double>, y: ClosedRange<Double>, cells: Int, level: Double,
  _ value: (Double, Double) -> Double
) -> [(SVGCanvas.Point, SVGCanvas.Point)] {
  func place(_ column: Int, _ row: Int) -> SVGCanvas.Point {
    .init(
      x.lowerBound + (x.upperBound - x.lowerBound) * Double(column) / Double(cells),
      y.lowerBound + (y.upperBound - y.lowerBound) * Double(row) / Double(cells))
  }
  let heights = (0...cells).map { row in
    (0...cells).map { column in
      let point = place(column, row)
      return value(point.x, point.y) - level
    }
  }
  var result: [(SVGCanvas.Point, SVGCanvas.Point)] = []
  for row in 0..<cells {
    for column in 0..<cells {
      // Around the cell.
      let corners = [
        (column, row), (column + 1, row), (column + 1, row + 1), (column, row + 1),
      ]
      let values = corners.map { heights[$0.1][$0.0] }
      var crossings: [SVGCanvas.Point] = []
      for side in 0..<4 {
        let (a, b) = (values[side], values[(side + 1) % 4])
        guard (a < 0) != (b < 0) else { continue }
        let share = a / (a - b)
        let (from, to) = (
          place(corners[side].0, corners[side].1),
          place(corners[(side + 1) % 4].0, corners[(side + 1) % 4].1)
        )
        crossings.append(
          .init(from.x + share * (to.x - from.x), from.y + share * (to.y - from.y)))
      }
      if crossings.count == 2 { result.append((crossings[0], crossings[1])) }
      if crossings.count == 4 {
        let turned = (values.reduce(0, +) < 0) == (values[0] < 0)
        result.append((crossings[0], crossings[turned ? 1 : 3]))
        result.append((crossings[2], crossings[turned ? 3 : 1]))
      }
    }
  }
  return result
}
