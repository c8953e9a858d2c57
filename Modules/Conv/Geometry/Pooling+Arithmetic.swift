import Core

extension MaxPooling: WindowedLayer {
  public var windowExtents: [Int] { kernel.extents(of: Over.rank) }

  public func outputSize(of size: [Int]) -> [Int] {
    pooledSize(of: size, self, roundsUp: roundsUp, in: "MaxPool\(Over.rank)D")
  }

  /// [batch, channels, output…] for an input [batch, channels, space…], or both without the batch.
  public func outputShape(for input: Shape) -> Shape {
    pooledShape(for: input, self, rank: Over.rank, in: "MaxPool\(Over.rank)D")
  }
}

extension AveragePooling: WindowedLayer {
  public var windowExtents: [Int] { kernel.extents(of: Over.rank) }

  public func outputSize(of size: [Int]) -> [Int] {
    pooledSize(of: size, self, roundsUp: roundsUp, in: "AveragePool\(Over.rank)D")
  }

  /// [batch, channels, output…] for an input [batch, channels, space…], or both without the batch.
  public func outputShape(for input: Shape) -> Shape {
    pooledShape(for: input, self, rank: Over.rank, in: "AveragePool\(Over.rank)D")
  }
}

extension LpPooling: WindowedLayer {
  public var windowExtents: [Int] { kernel.extents(of: Over.rank) }

  public func outputSize(of size: [Int]) -> [Int] {
    pooledSize(of: size, self, roundsUp: roundsUp, in: "LpPool\(Over.rank)D")
  }

  /// [batch, channels, output…] for an input [batch, channels, space…], or both without the batch.
  public func outputShape(for input: Shape) -> Shape {
    pooledShape(for: input, self, rank: Over.rank, in: "LpPool\(Over.rank)D")
  }
}

extension PerAxis {
  /// One number for each of `rank` axes of space.
  fileprivate func extents(of rank: Int) -> [Int] {
    (0..<rank).map { value($0, of: rank, named: "kernel", in: "windowExtents") }
  }
}

private func pooledSize(
  of size: [Int], _ layer: some WindowedLayer, roundsUp: Bool, in operation: String
) -> [Int] {
  let kernel = layer.windowExtents
  require(
    size.count == kernel.count,
    "\(operation): a size \(size) for windows \(kernel) over \(kernel.count) axes of space")
  return layer.windows.poolingAxes(
    of: size, kernel: kernel, roundsUp: roundsUp, in: operation,
    context: "; size \(size), kernel \(kernel)"
  ).map(\.output)
}

private func pooledShape(
  for input: Shape, _ layer: some WindowedLayer, rank: Int, in operation: String
) -> Shape {
  let lead = leadingAxes(of: input, rank: rank, in: operation, context: "; input \(input)")
  return Shape(
    Array(input.prefix(lead + 1)) + layer.outputSize(of: Array(input.dropFirst(lead + 1))))
}
