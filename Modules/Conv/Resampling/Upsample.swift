import Core

/// How the places between elements are filled.
public enum Interpolation: Sendable, Hashable {
  /// The element at or before.
  case nearest
  /// A weighted mean of the two neighbours along each axis: linear, bilinear, trilinear.
  case linear
}

/// More places, or fewer, along each axis of space, by a factor.
///
/// ```
/// nearest            y[o] = x[⌊o / factor⌋]
/// linear             y[o] = x at (o + ½) / factor − ½, between its neighbours
/// corners aligned    y[o] = x at o · (size − 1) / (output − 1)
/// ```
///
/// There are ⌊size · factor⌋ outputs. Positions before the first element count as on it. Values and
/// gradients are those of PyTorch's `interpolate`.
///
/// ```swift
/// let y = upsample(x, by: 2, interpolation: .linear)
/// ```
///
/// - Parameters:
///   - x: [batch, channels, space…] with one, two or three axes of space; or without the batch,
///     where there are several factors, one for each axis of space.
///   - factors: One for all axes, or one for each.
///   - alignsCorners: With `.linear`, whether the first and the last elements of x and y coincide.
/// - Returns: [batch, channels, output…].
///
/// Traps when a factor is not positive or leaves nothing.
public func upsample(
  _ x: Tensor, by factors: Double..., interpolation: Interpolation = .nearest,
  alignsCorners: Bool = false
) -> Tensor {
  upsample(
    x, rank: factors.count > 1 ? factors.count : nil, by: factors, interpolation,
    alignsCorners: alignsCorners, in: "upsample")
}

/// More places, or fewer, along each axis of space, to a size: factors of size / x's size.
///
/// ```swift
/// let y = upsample(x, to: [28, 28])
/// ```
///
/// - Parameters:
///   - x: [batch, channels, space…], or without the batch where `size` lists several numbers.
///   - size: The extents of space of the result.
public func upsample(
  _ x: Tensor, to size: PerAxis, interpolation: Interpolation = .nearest,
  alignsCorners: Bool = false
) -> Tensor {
  upsample(
    x, rank: size.rank, to: size, interpolation, alignsCorners: alignsCorners, in: "upsample")
}

func upsample(
  _ x: Tensor, rank: Int?, by factors: [Double], _ interpolation: Interpolation,
  alignsCorners: Bool, in operation: String
) -> Tensor {
  let planes = Planes(x, rank: rank, in: operation)
  require(
    factors.count == 1 || factors.count == planes.rank,
    "\(operation): \(factors.count) factors for \(planes.rank) axes of space; input \(x.shape)")
  let each = factors.count == 1 ? Array(repeating: factors[0], count: planes.rank) : factors
  require(
    each.allSatisfy { $0 > 0 && $0.isFinite },
    "\(operation): the factors \(factors) are not positive")
  let size = zip(planes.size, each).map { Int((Double($0) * $1).rounded(.down)) }
  return resampled(
    x, planes, size, each, interpolation, alignsCorners: alignsCorners, in: operation)
}

func upsample(
  _ x: Tensor, rank: Int?, to size: PerAxis, _ interpolation: Interpolation, alignsCorners: Bool,
  in operation: String
) -> Tensor {
  let planes = Planes(x, rank: rank, in: operation)
  return resampled(
    x, planes, size.all(planes.rank, named: "size", in: operation),
    Array(repeating: nil, count: planes.rank), interpolation, alignsCorners: alignsCorners,
    in: operation)
}

private func resampled(
  _ x: Tensor, _ planes: Planes, _ size: [Int], _ factors: [Double?],
  _ interpolation: Interpolation, alignsCorners: Bool, in operation: String
) -> Tensor {
  require(
    interpolation == .linear || !alignsCorners,
    "\(operation): the nearest element has no corners to align; interpolate linearly")
  require(
    size.allSatisfy { $0 > 0 } && planes.size.allSatisfy { $0 > 0 },
    "\(operation): from \(planes.size) places to \(size); both must be positive; input \(x.shape)")
  let maps = planes.size.indices.map { axis in
    let (from, to, factor) = (planes.size[axis], size[axis], factors[axis])
    return switch interpolation {
    case .nearest: AxisMap.nearest(from, to, factor: factor)
    case .linear: AxisMap.linear(from, to, factor: factor, alignsCorners: alignsCorners)
    }
  }
  return AxisMaps(maps).apply(x)
}

extension AxisMap {
  fileprivate static func nearest(_ size: Int, _ output: Int, factor: Double?) -> AxisMap {
    // In single precision, as PyTorch has it, or a position on a border could fall on its other
    // side.
    let step = factor.map { Float(1 / $0) } ?? Float(size) / Float(output)
    return AxisMap(size: size, output: output) {
      [(min(Int((Float($0) * step).rounded(.down)), size - 1), 1)]
    }
  }

  fileprivate static func linear(_ size: Int, _ output: Int, factor: Double?, alignsCorners: Bool)
    -> AxisMap
  {
    if size == output { return identity(size) }
    let step =
      alignsCorners
      ? (output > 1 ? Double(size - 1) / Double(output - 1) : 0)
      : factor.map { 1 / $0 } ?? Double(size) / Double(output)
    return AxisMap(size: size, output: output) { index in
      let position =
        alignsCorners ? step * Double(index) : max(step * (Double(index) + 0.5) - 0.5, 0)
      let place = min(Int(position), size - 1)
      let fraction = min(position - Double(place), 1)
      if place == size - 1 { return [(place, 1)] }
      return [(place, 1 - fraction), (place + 1, fraction)]
    }
  }
}
