import Core

/// The input of a pooling or a resampling, which treat each channel of each example by itself: a
/// number of planes with one to three axes of space.
struct Planes {
  /// The axes before those of space: batch and channels, or channels alone.
  let leading: Shape
  /// The extents of space.
  let size: [Int]

  var rank: Int { size.count }
  var count: Int { leading.elementCount }

  /// - Parameter rank: How many axes of space there are; with `nil`, all but the first two.
  init(_ x: Tensor, rank: Int?, in operation: String) {
    let rank = rank ?? x.rank - 2
    require(
      rank >= 1 && rank <= 3 && (x.rank == rank + 1 || x.rank == rank + 2),
      "\(operation): an input [batch, channels, space…], or one without the batch, with \((1...3).contains(rank) ? "\(rank)" : "one to three") axes of space is needed, got shape \(x.shape)"
    )
    require(
      x.dtype.isFloating, "\(operation): the input must have a floating type, got \(x.dtype)")
    leading = Shape(x.shape.dropLast(rank))
    size = Array(x.shape.suffix(rank))
  }

  /// The shape with other extents of space.
  func shape(_ size: [Int]) -> Shape { Shape(Array(leading) + size) }
}

extension PerAxis {
  /// How many axes these numbers are for, if they say so.
  var rank: Int? { values.count > 1 ? values.count : nil }

  /// The number for each of `rank` axes.
  func all(_ rank: Int, named name: StaticString, in operation: String) -> [Int] {
    (0..<rank).map { value($0, of: rank, named: name, in: operation) }
  }
}
