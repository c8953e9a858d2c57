import Core

/// Which part of the input one output of a chain of windows depends on.
///
/// ```
/// size  ← size + dilation · (kernel − 1) · jump
/// start ← start − before · jump
/// jump  ← jump · stride
/// ```
///
/// from size = jump = 1 and start = 0, one line for each layer. Output o sees the `size` places from
/// start + o · jump on; those beyond the borders are padding.
///
/// ```swift
/// let field = ReceptiveField(of: [first, pool, second], input: [128, 128])
/// print(field.size, field.jump, field.start)       // [18, 18] [4, 4] [-7, -7]
/// ```
///
/// Source: [Araujo, Norris and Sim 2019]: https://distill.pub/2019/computing-receptive-fields.
public struct ReceptiveField: Sendable, Hashable {
  /// How many places of the input one output sees along each axis, from the first to the last.
  public private(set) var size: [Int]
  /// How far the windows of neighbouring outputs are apart: the product of the strides.
  public private(set) var jump: [Int]
  /// The first place that output 0 sees; negative where that is padding.
  public private(set) var start: [Int]
  /// How many outputs there are.
  public private(set) var outputSize: [Int]

  /// That of an input by itself.
  ///
  /// - Parameter input: The extents of its axes of space.
  public init(input: [Int]) {
    size = input.map { _ in 1 }
    jump = size
    start = input.map { _ in 0 }
    outputSize = input
  }

  /// That of layers, one after the other.
  public init(of layers: [any WindowedLayer], input: [Int]) {
    self.init(input: input)
    for layer in layers {
      let next = layer.outputSize(of: outputSize)
      append(layer.windows, kernel: layer.windowExtents)
      // A pooling layer may round its number of windows up.
      outputSize = next
    }
  }

  /// Adds one more layer of windows behind those there are.
  ///
  /// Traps where its windows do not fit.
  public mutating func append(_ windows: Windows, kernel: [Int]) {
    require(
      kernel.count == outputSize.count,
      "ReceptiveField: windows \(kernel) over \(outputSize.count) axes of space, \(outputSize)")
    for (axis, window) in windows.axes(of: outputSize, kernel: kernel, in: "ReceptiveField")
      .enumerated()
    {
      size[axis] += window.dilation * (window.kernel - 1) * jump[axis]
      start[axis] -= window.before * jump[axis]
      jump[axis] *= window.stride
      outputSize[axis] = window.output
    }
  }

  /// The places of the input that an output sees along an axis, borders disregarded.
  public func places(seenBy output: Int, along axis: Int = 0) -> Range<Int> {
    let first = start[axis] + output * jump[axis]
    return first..<first + size[axis]
  }
}
