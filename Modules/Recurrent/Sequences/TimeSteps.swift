import Core

extension Tensor {
  /// The steps along axis 0, each without that axis.
  ///
  /// By halves: the gradient of a part is padded to the whole that it was cut from, so that cutting
  /// T steps off the whole one by one would write T² of them backward; this writes T log T.
  func steps() -> [Tensor] {
    var steps: [Tensor] = []
    steps.reserveCapacity(shape[0])
    appendSteps(to: &steps)
    return steps
  }

  private func appendSteps(to steps: inout [Tensor]) {
    let count = shape[0]
    guard count > 1 else {
      if count == 1 { steps.append(reshaped(Shape(shape.dropFirst()))) }
      return
    }
    narrowed(0, from: 0, count: count / 2).appendSteps(to: &steps)
    narrowed(0, from: count / 2, count: count - count / 2).appendSteps(to: &steps)
  }
}
