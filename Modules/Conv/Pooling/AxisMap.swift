import Core
internal import Kernels

/// A sparse matrix that acts along one axis of space: each output is a weighted sum of a few
/// places.
struct AxisMap: Sendable {
  let size, output: Int
  /// Entries of row j: start[j]..<start[j + 1], as `int64`.
  let start: Tensor
  /// The entries' places (`int32`) and weights (`float64`).
  let place, weight: Tensor
  let isIdentity: Bool

  /// - Parameter row: The entries of an output, in ascending order of places.
  init(size: Int, output: Int, row: (Int) -> [(place: Int, weight: Double)]) {
    self.size = size
    self.output = output
    var starts: [Int64] = [0]
    var places: [Int32] = []
    var weights: [Double] = []
    var isIdentity = size == output
    starts.reserveCapacity(output + 1)
    for index in 0..<output {
      let entries = row(index)
      for (place, weight) in entries {
        places.append(Int32(place))
        weights.append(weight)
      }
      starts.append(Int64(places.count))
      isIdentity =
        isIdentity && entries.count == 1 && entries[0].place == index && entries[0].weight == 1
    }
    start = Tensor(starts)
    place = Tensor(places)
    weight = Tensor(weights, dtype: .float64)
    self.isIdentity = isIdentity
  }

  static func identity(_ size: Int) -> AxisMap {
    AxisMap(size: size, output: size) { [($0, 1)] }
  }

  /// The transposed matrix.
  var transposed: AxisMap {
    var rows: [[(place: Int, weight: Double)]] = Array(repeating: [], count: size)
    let starts = start.scalars(as: Int64.self)
    let places = place.scalars(as: Int32.self)
    let weights = weight.scalars(as: Double.self)
    for row in 0..<output {
      for entry in Int(starts[row])..<Int(starts[row + 1]) {
        rows[Int(places[entry])].append((row, weights[entry]))
      }
    }
    return AxisMap(size: output, output: size) { rows[$0] }
  }

  /// With all weights multiplied.
  func scaled(by factor: Double) -> AxisMap {
    if factor == 1 { return self }
    let starts = start.scalars(as: Int64.self)
    let places = place.scalars(as: Int32.self)
    let weights = weight.scalars(as: Double.self)
    return AxisMap(size: size, output: output) { row in
      (Int(starts[row])..<Int(starts[row + 1])).map { (Int(places[$0]), weights[$0] * factor) }
    }
  }

  fileprivate var kernel: apus_axis_map {
    apus_axis_map(
      size: size, output: output,
      start: isIdentity ? nil : start.pointer.assumingMemoryBound(to: Int.self),
      place: place.pointer.assumingMemoryBound(to: Int32.self),
      weight: weight.pointer.assumingMemoryBound(to: Double.self))
  }
}

/// Maps along all axes of space at once: a linear map of planes, with its transpose as derivative.
struct AxisMaps: Sendable {
  let maps: [AxisMap]

  init(_ maps: [AxisMap]) { self.maps = maps }

  var transposed: AxisMaps { AxisMaps(maps.map(\.transposed)) }

  func apply(_ x: Tensor) -> Tensor {
    let planes = Shape(x.shape.dropLast(maps.count))
    let y = Tensor(
      uninitialized: Shape(Array(planes) + maps.map(\.output)), dtype: x.dtype)
    let source = x.detached.contiguous()
    let all = Array(repeating: AxisMap.identity(1), count: 3 - maps.count) + maps
    let kernels = all.map(\.kernel)
    kernels.withUnsafeBufferPointer {
      apus_map_axes(
        x.dtype.kernel, planes.elementCount, $0.baseAddress.unsafelyUnwrapped, source.pointer,
        y.pointer)
    }
    extendLifetime(source.storage)
    extendLifetime(all)
    return y.recorded(from: x) { upstream, _ in transposed.apply(upstream) }
  }
}
