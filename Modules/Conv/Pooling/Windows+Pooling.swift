import Core

extension Windows {
  /// Each axis worked out for a pooling, where every window must hold an element of the input.
  ///
  /// - Parameter roundsUp: Whether a window that is cut off by the far border counts, as long as it
  ///   starts inside the input or the padding before it.
  func poolingAxes(
    of size: [Int], kernel: [Int], roundsUp: Bool, in operation: String,
    context: @autoclosure () -> String
  ) -> [WindowAxis] {
    let result =
      roundsUp && padding != .same
      ? roundedUp(of: size, kernel: kernel, in: operation, context: context())
      : axes(of: size, kernel: kernel, in: operation, context: context())
    for (index, axis) in result.enumerated() {
      for window in 0..<axis.output {
        require(
          !axis.taps(of: window).isEmpty,
          "\(operation): window \(window) along \(axisName(index, of: size.count)) sees padding alone: kernel \(axis.kernel), dilation \(axis.dilation), \(axis.before) before \(axis.size) places, \(window) · \(axis.stride) − \(axis.before) = \(axis.first(window)) is its first\(context())"
        )
      }
    }
    return result
  }

  /// The axes with windows that the border cuts off: those of an input with room for stride − 1
  /// places more, but not one that starts after the border.
  private func roundedUp(
    of size: [Int], kernel: [Int], in operation: String, context: @autoclosure () -> String
  ) -> [WindowAxis] {
    size.indices.map { axis in
      let more = stride.value(axis, of: kernel.count, named: "stride", in: operation) - 1
      var result = resolved(
        axis, of: kernel.count, size: size[axis] + more, kernel: kernel[axis], in: operation,
        context: "\(context()), rounded up by \(more)")
      result.size = size[axis]
      if (result.output - 1) * result.stride >= size[axis] + result.before { result.output -= 1 }
      return result
    }
  }
}

extension WindowAxis {
  /// Windows that share an axis out evenly: from ⌊o · size / output⌋ to ⌈(o + 1) · size / output⌉.
  /// They have no stride, which is given as 0.
  static func adaptive(size: Int, output: Int) -> WindowAxis {
    var result = WindowAxis(
      size: size, kernel: 1, output: output, stride: 0, dilation: 1, before: 0, after: 0)
    result.kernel = (0..<output).map { result.taps(of: $0).count }.max() ?? 1
    return result
  }

  /// Where the first tap of a window falls, maybe before the border.
  func first(_ window: Int) -> Int {
    stride == 0 ? window * size / output : window * stride - before
  }

  /// The taps of a window that fall inside.
  func taps(of window: Int) -> Range<Int> {
    let first = first(window)
    if stride == 0 { return 0..<(((window + 1) * size + output - 1) / output - first) }
    let from = first < 0 ? (-first + dilation - 1) / dilation : 0
    let to = first < size ? min(kernel, (size - 1 - first) / dilation + 1) : 0
    return from..<max(from, to)
  }

  /// How many taps of a window fall inside or on padding.
  func paddedTaps(of window: Int) -> Int {
    min(kernel, (size + after - 1 - first(window)) / dilation + 1)
  }
}
