import Core

/// The mean over all of space, channel by channel.
///
/// - Parameters:
///   - x: [batch, channels, space…].
///   - keepingAxes: Whether the axes of space stay, with extent 1.
/// - Returns: [batch, channels].
public func globalAveragePool(_ x: Tensor, keepingAxes: Bool = false) -> Tensor {
  globalAveragePool(x, rank: nil, keepingAxes: keepingAxes, in: "globalAveragePool")
}

/// The greatest element over all of space, channel by channel. The gradient goes to the first of
/// equals.
///
/// - Parameters:
///   - x: [batch, channels, space…].
///   - keepingAxes: Whether the axes of space stay, with extent 1.
/// - Returns: [batch, channels].
public func globalMaxPool(_ x: Tensor, keepingAxes: Bool = false) -> Tensor {
  globalMaxPool(x, rank: nil, keepingAxes: keepingAxes, in: "globalMaxPool")
}

func globalAveragePool(_ x: Tensor, rank: Int?, keepingAxes: Bool, in operation: String) -> Tensor {
  let planes = wholePlanes(x, rank: rank, in: operation)
  let axes = (0..<planes.rank).map { $0 + planes.leading.count }
  return x.mean(along: axes, keepingAxes: keepingAxes)
}

func globalMaxPool(_ x: Tensor, rank: Int?, keepingAxes: Bool, in operation: String) -> Tensor {
  let planes = wholePlanes(x, rank: rank, in: operation)
  let flat = x.flattened(from: planes.leading.count)
  let greatest = flat.takenAlong(flat.detached.argmax(along: -1, keepingAxes: true), axis: -1)
  let kept = keepingAxes ? Array(repeating: 1, count: planes.rank) : []
  return greatest.reshaped(planes.shape(kept))
}

private func wholePlanes(_ x: Tensor, rank: Int?, in operation: String) -> Planes {
  let planes = Planes(x, rank: rank, in: operation)
  require(
    planes.size.allSatisfy { $0 > 0 }, "\(operation): no space to pool over; input \(x.shape)")
  return planes
}
