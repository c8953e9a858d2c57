import Core
import Datasets
import Foundation
import Probabilistic

/// Pairs (x, y): some to learn from, others held out.
struct PairData {
  let training: Pairs
  let heldOut: Pairs
  /// What they are, for a heading.
  let title: String

  /// Both columns in float32, [pair, 1].
  struct Pairs {
    let x: Tensor
    let y: Tensor
    var count: Int { x.shape[0] }

    init(_ table: Tensor) {
      x = table[0..., 0..<1].contiguous()
      y = table[0..., 1..<2].contiguous()
    }
  }

  /// The inverse problem of Bishop 1994: y is uniform on 0…1 and x = y + 0.3 sin 2πy + noise, so that
  /// one x may come from three y.
  init(inverseOf count: Int, noise: Double, using generator: inout RandomGenerator) {
    func draw() -> Pairs {
      let y = Tensor.randomUniform([count, 1], using: &generator)
      let wave = 0.3 * sin((2 * Double.pi) * y)
      let x = y + wave + Tensor.randomNormal([count, 1], deviation: noise, using: &generator)
      return Pairs(concatenated([x, y], along: 1))
    }
    training = draw()
    heldOut = draw()
    title = "inverse of x = y + 0.3 sin 2πy + noise"
  }

  /// The rows "x,y" of a file, a fifth of which is held out.
  init(file path: String, using generator: inout RandomGenerator) throws {
    let table = try CSVReader().read(path)
    guard table.columnCount == 2, table.rowCount >= 20 else {
      throw PairError(
        description: """
          \(path): expected at least 20 rows of 2 columns, x and y, found \(table.rowCount) of \
          \(table.columnCount)
          """)
    }
    let rows = Tensor(scalars: table.values, shape: [table.rowCount, 2])
    try checkFinite(rows, named: path)
    for (column, name) in ["x", "y"].enumerated() {
      let values = rows[0..., column]
      if values.maximum() == values.minimum() {
        throw PairError(
          description: "\(path): every \(name) is the same; there is nothing to learn")
      }
    }
    let shuffled = rows.shuffled(using: &generator)
    let held = table.rowCount / 5
    training = Pairs(shuffled[held...])
    heldOut = Pairs(shuffled[..<held])
    title = (path as NSString).lastPathComponent
  }
}

/// A file that does not hold pairs.
struct PairError: Error, CustomStringConvertible {
  let description: String
}
