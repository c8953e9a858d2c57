import Core

/// How a truncated gradient differs from the whole one.
public struct TruncationBias: Sendable {
  /// The window's length in steps.
  public let window: Int
  /// The cosine of the angle between the two: 1 where they point the same way.
  public let cosine: Double
  /// The truncated gradient's norm divided by the whole one's.
  public let normRatio: Double
}

/// Measures the bias of truncated back-propagation (course document 004, question 1.5).
///
/// ```swift
/// let biases = truncationBias(of: network, on: x, windows: [1, 2, 4, 8, 16]) { y in error(y) }
/// ```
///
/// A truncated gradient is no unbiased estimate: the terms that it leaves out are always the same,
/// those of dependencies across a cut, and no average over data brings them back.
///
/// - Parameters:
///   - network: Its parameters are compared, all of them as one vector.
///   - x: [time, batch, …].
///   - windows: The lengths to measure.
///   - loss: One number from the outputs, [time, batch, features].
public func truncationBias<Cell: RecurrentCell>(
  of network: Unrolled<Cell>, on x: Tensor, windows: [Int], loss: (Tensor) -> Tensor
) -> [TruncationBias] {
  let whole = valueWithGradient(of: network, mode: .inference) { loss(network(x)) }.gradients
  return windows.map { window in
    let truncated = network.truncated(every: window)
    let part = valueWithGradient(of: network, mode: .inference) { loss(truncated(x)) }.gradients
    let (a, b) = (part.norm.item(), whole.norm.item())
    return TruncationBias(
      window: window, cosine: a > 0 && b > 0 ? inner(part, whole) / (a * b) : 0,
      normRatio: b > 0 ? a / b : .nan)
  }
}

private func inner(_ a: Gradients, _ b: Gradients) -> Double {
  let others = Dictionary(uniqueKeysWithValues: b.named)
  return a.named.reduce(0) { sum, entry in
    sum + (others[entry.name].map { (entry.gradient * $0).sum().item() } ?? 0)
  }
}
