import Conv
import Core

/// The network of course document 001, question 3(a): what its layers make of a picture.
struct WorkedNetwork {
  struct Row {
    let layer: String
    let shape: Shape
    let weights: Int
    let multiplyAdds: Int
    /// The side of the square of the picture that one output sees, and how far neighbours' are apart.
    let field: (size: Int, jump: Int)
  }

  let rows: [Row]

  init() {
    let first = Conv2D(3, 32, kernel: 8, stride: 2, padding: 3)
    let pooling = MaxPool2D(kernel: 2)
    let last = Conv2D(32, 64, kernel: 3, padding: 1)
    var rows: [Row] = []
    var shape: Shape = [3, 128, 128]
    var field = ReceptiveField(input: [128, 128])
    func append(_ name: String, _ next: Shape, weights: Int, multiplyAdds: Int) {
      shape = next
      rows.append(
        Row(
          layer: name, shape: shape, weights: weights, multiplyAdds: multiplyAdds,
          field: (field.size[0], field.jump[0])))
    }
    append("picture", shape, weights: 0, multiplyAdds: 0)
    field.append(first.windows, kernel: first.windowExtents)
    append(
      "conv 32, 8×8, stride 2, padding 3", first.outputShape(for: shape),
      weights: first.weight.shape.elementCount, multiplyAdds: first.multiplyAdds(for: shape))
    field.append(pooling.windows, kernel: pooling.windowExtents)
    append("max-pool 2×2", pooling.outputShape(for: shape), weights: 0, multiplyAdds: 0)
    field.append(last.windows, kernel: last.windowExtents)
    append(
      "conv 64, 3×3, padding 1", last.outputShape(for: shape),
      weights: last.weight.shape.elementCount, multiplyAdds: last.multiplyAdds(for: shape))
    self.rows = rows
  }

  /// The layers as a table; the document writes shapes as height × width × channels, and so does this.
  func text() -> String {
    let cells =
      [["layer", "output", "weights", "multiply-adds", "sees", "apart"]]
      + rows.map { row in
        [
          row.layer, "\(row.shape[1])×\(row.shape[2])×\(row.shape[0])", grouped(row.weights),
          grouped(row.multiplyAdds), "\(row.field.size)×\(row.field.size)", "\(row.field.jump)",
        ]
      }
    let widths = cells[0].indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
    let lines = cells.map { row in
      zip(row, widths).enumerated().map { column, cell in
        column == 0 ? cell.0.filled(to: cell.1) : cell.0.padded(to: cell.1)
      }.joined(separator: "   ")
    }
    return lines.map { "  " + $0 + "\n" }.joined()
  }
}
