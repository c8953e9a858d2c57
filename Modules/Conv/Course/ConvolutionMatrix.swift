import Core

/// A convolution as an explicit matrix: z = w x with x and z flattened row by row.
///
/// ```
/// z = w x        y = wᵀ z
/// ```
///
/// Row o of the matrix holds the taps that the window at output o sees, each in the column of the
/// element it falls on; taps outside the input are left out. The matrix is sparse and is kept so: one
/// ``Entry`` for each tap of each window. Source: course document 000, second exercise, questions
/// 2, 3 and 6.1.
///
/// ```swift
/// let matrix = ConvolutionMatrix(weight: [1, 1, 2, 2], input: [1, 3, 3])
/// print(matrix)                              // w1 w2 0 w3 w4 0 0 0 0 …
/// let w = matrix.dense(of: kernel)           // [4, 9], differentiable in the kernel
/// ```
public struct ConvolutionMatrix: Sendable {
  /// One element that is not 0.
  public struct Entry: Sendable, Hashable {
    /// The output, counted row by row through [filters, output…].
    public let row: Int
    /// The input, counted row by row through [channels, space…].
    public let column: Int
    /// The element of the flattened weight.
    public let tap: Int
  }

  /// Row by row, within a row by the element of the weight.
  public let entries: [Entry]
  /// [filters, channels / groups, kernel…]
  public let weightShape: Shape
  /// [channels, space…]
  public let inputShape: Shape
  /// [filters, output…]
  public let outputShape: Shape

  /// As many as there are outputs.
  public var rows: Int { outputShape.elementCount }
  /// As many as there are inputs.
  public var columns: Int { inputShape.elementCount }

  /// The matrix of a convolution.
  ///
  /// - Parameters:
  ///   - weight: The shape of its weight, [filters, channels / groups, kernel…].
  ///   - input: The shape of one example, [channels, space…].
  ///   - flipsKernel: Whether it is the convolution of mathematics; a cross-correlation if not.
  public init(
    weight: Shape, input: Shape, stride: PerAxis = 1, padding: Padding = .valid,
    dilation: PerAxis = 1, groups: Int = 1, flipsKernel: Bool = false
  ) {
    let operation = "ConvolutionMatrix"
    let shapes = "; input \(input), weight \(weight)"
    require(
      weight.count >= 3 && input.count == weight.count - 1,
      "\(operation): a weight [filters, channels, kernel…] needs an input [channels, space…]\(shapes)"
    )
    checkGroups(
      channels: input[0], of: weight[1] * groups, filters: weight[0], groups: groups,
      in: operation, shapes: shapes)
    let axes = Windows(stride: stride, padding: padding, dilation: dilation).axes(
      of: Array(input.dropFirst()), kernel: Array(weight.dropFirst(2)), in: operation,
      context: shapes)
    weightShape = weight
    inputShape = input
    outputShape = Shape([weight[0]] + axes.map(\.output))
    let windows = windowedPairs(axes)
    let taps = axes.reduce(1) { $0 * $1.kernel }
    let inputs = axes.reduce(1) { $0 * $1.size }
    var entries: [Entry] = []
    for filter in 0..<weight[0] {
      let group = filter / (weight[0] / groups)
      for (output, window) in windows.enumerated() {
        for channel in 0..<weight[1] {
          for (tap, place) in window {
            let tap = flipsKernel ? taps - 1 - tap : tap
            entries.append(
              Entry(
                row: filter * windows.count + output,
                column: (group * weight[1] + channel) * inputs + place,
                tap: (filter * weight[1] + channel) * taps + tap))
          }
        }
      }
    }
    self.entries = entries
  }

  /// The matrix itself, [rows, columns]; its derivative in the weight is recorded.
  public func dense(of weight: Tensor) -> Tensor {
    let weight = checked(weight)
    // Element 0 of the longer vector is the zero of the places without a tap.
    let values = concatenated([.zeros([1], dtype: weight.dtype), weight.flattened()])
    var index = [Int64](repeating: 0, count: rows * columns)
    for entry in entries { index[entry.row * columns + entry.column] = Int64(entry.tap + 1) }
    return values.gathered(at: Tensor(index)).reshaped([rows, columns])
  }

  /// w x for examples [batch, channels, space…], by the entries alone: [batch, filters, output…].
  public func product(_ weight: Tensor, _ x: Tensor) -> Tensor {
    require(
      Shape(x.shape.dropFirst()) == inputShape,
      "ConvolutionMatrix: the input \(x.shape) is not [batch] + \(inputShape)")
    let terms =
      checked(weight).flattened().gathered(at: index(\.tap))
      * x.reshaped([-1, columns]).gathered(at: index(\.column), along: 1)
    return Tensor.zeros([x.shape[0], rows], dtype: x.dtype)
      .adding(terms, at: index(\.row), along: 1)
      .reshaped(Shape([x.shape[0]] + outputShape))
  }

  /// wᵀ z for codes [batch, filters, output…], by the entries alone: [batch, channels, space…].
  public func transposedProduct(_ weight: Tensor, _ z: Tensor) -> Tensor {
    require(
      Shape(z.shape.dropFirst()) == outputShape,
      "ConvolutionMatrix: the code \(z.shape) is not [batch] + \(outputShape)")
    let terms =
      checked(weight).flattened().gathered(at: index(\.tap))
      * z.reshaped([-1, rows]).gathered(at: index(\.row), along: 1)
    return Tensor.zeros([z.shape[0], columns], dtype: z.dtype)
      .adding(terms, at: index(\.column), along: 1)
      .reshaped(Shape([z.shape[0]] + inputShape))
  }

  private func index(_ part: KeyPath<Entry, Int>) -> Tensor {
    Tensor(entries.map { Int64($0[keyPath: part]) })
  }

  private func checked(_ weight: Tensor) -> Tensor {
    require(
      weight.shape == weightShape,
      "ConvolutionMatrix: the weight has shape \(weight.shape), the matrix is for \(weightShape)")
    return weight
  }
}

/// For each window, row by row, its taps inside the input: (tap, place).
private func windowedPairs(_ axes: [WindowAxis]) -> [[(Int, Int)]] {
  guard let axis = axes.last else { return [[(0, 0)]] }
  let outer = windowedPairs(axes.dropLast())
  return outer.flatMap { window in
    (0..<axis.output).map { output in
      window.flatMap { tap, place in
        (0..<axis.kernel).compactMap { inner -> (Int, Int)? in
          let position = output * axis.stride + inner * axis.dilation - axis.before
          guard position >= 0, position < axis.size else { return nil }
          return (tap * axis.kernel + inner, place * axis.size + position)
        }
      }
    }
  }
}
