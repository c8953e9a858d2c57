import Core

/// Every index of a shape, in row-major order.
func indices(of shape: Shape) -> [[Int]] {
  shape.reduce([[]]) { prefixes, extent in
    prefixes.flatMap { prefix in (0..<extent).map { prefix + [$0] } }
  }
}

extension Tensor {
  /// The element at an index of a shape that this tensor broadcasts to: slow and obvious.
  func element(at index: [Int]) -> Double {
    var result = self
    for (axis, position) in index.suffix(rank).enumerated() {
      // Each subscript drops the leading axis of what is left.
      result = result[shape[axis] == 1 ? 0 : position]
    }
    return result.item()
  }

  /// The elements by their indices.
  var dictionary: [[Int]: Double] {
    Dictionary(
      uniqueKeysWithValues: zip(indices(of: shape), scalars(as: Double.self)).map { ($0, $1) })
  }

  /// A float64 tensor of the values of a function of the index.
  init(_ shape: Shape, _ function: ([Int]) -> Double) {
    self.init(scalars: indices(of: shape).map(function), shape: shape)
  }
}
