import Core

/// How windows slide over space: what convolution and pooling share.
public struct Windows: Sendable, Hashable {
  /// From one window to the next.
  public var stride: PerAxis
  /// What surrounds the input.
  public var padding: Padding
  /// From one tap of a window to the next.
  public var dilation: PerAxis

  /// Windows side by side at each place, without padding, unless told otherwise.
  public init(stride: PerAxis = 1, padding: Padding = .valid, dilation: PerAxis = 1) {
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
  }

  /// The number of windows along each axis.
  ///
  /// Traps where a window is larger than the padded input, naming the arithmetic.
  ///
  /// - Parameters:
  ///   - size: The extents of the input's axes of space.
  ///   - kernel: Those of the window.
  public func outputSize(of size: [Int], kernel: [Int]) -> [Int] {
    axes(of: size, kernel: kernel, in: "Windows").map(\.output)
  }

  /// Each axis worked out.
  func axes(
    of size: [Int], kernel: [Int], in operation: String, context: @autoclosure () -> String = ""
  ) -> [WindowAxis] {
    kernel.indices.map { axis in
      resolved(
        axis, of: kernel.count, size: size[axis], kernel: kernel[axis], in: operation,
        context: context())
    }
  }

  /// One axis worked out.
  func resolved(
    _ axis: Int, of rank: Int, size: Int, kernel: Int, in operation: String,
    context: @autoclosure () -> String
  ) -> WindowAxis {
    let stride = stride.value(axis, of: rank, named: "stride", in: operation)
    let dilation = dilation.value(axis, of: rank, named: "dilation", in: operation)
    require(
      kernel > 0 && stride > 0 && dilation > 0,
      "\(operation): kernel \(kernel), stride \(stride) and dilation \(dilation) along \(axisName(axis, of: rank)) must be positive\(context())"
    )
    let reach = dilation * (kernel - 1)
    var before = 0
    var after = 0
    switch padding {
    case .valid: break
    case .full: (before, after) = (reach, reach)
    case .same:
      let total = max(((size + stride - 1) / stride - 1) * stride + reach + 1 - size, 0)
      before = total / 2
      after = total - before
    case .symmetric(let values):
      before = values.value(axis, of: rank, named: "padding", in: operation)
      after = before
    case .explicit(let first, let last):
      before = first.value(axis, of: rank, named: "padding before", in: operation)
      after = last.value(axis, of: rank, named: "padding after", in: operation)
    }
    require(
      before >= 0 && after >= 0,
      "\(operation): the padding \(before), \(after) along \(axisName(axis, of: rank)) is negative\(context())"
    )
    let room = size + before + after - reach - 1
    require(
      room >= 0,
      "\(operation): the kernel is larger than the padded input along \(axisName(axis, of: rank)): \(size) + \(before) + \(after) < \(dilation) · (\(kernel) − 1) + 1 = \(reach + 1)\(context())"
    )
    return WindowAxis(
      size: size, kernel: kernel, output: room / stride + 1, stride: stride, dilation: dilation,
      before: before, after: after)
  }
}

/// How windows slide along one axis.
struct WindowAxis: Sendable, Hashable {
  var size, kernel, output, stride, dilation, before, after: Int

  /// An axis that is not there.
  static let single = WindowAxis(
    size: 1, kernel: 1, output: 1, stride: 1, dilation: 1, before: 0, after: 0)
}

/// What an axis of space is called.
func axisName(_ axis: Int, of rank: Int) -> String {
  ["depth", "height", "width"].suffix(rank).dropFirst(axis).first ?? "axis \(axis)"
}
