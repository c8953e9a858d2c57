import Core

/// Each element divided by the root of the sum of all its squares so far.
///
///     s ← s + g²
///     step = g / (√s + ε)
///
/// Source: [Duchi et al. 2011].
public struct AdaGradScaling: Optimizer, Sendable {
  /// Added to the denominator, against division by 0.
  public var epsilon: Double
  /// What s starts from.
  public var start: Double

  /// - Parameters:
  ///   - epsilon: ε; 1e-10 unless told otherwise.
  ///   - start: What s starts from; 0 unless told otherwise.
  public init(epsilon: Double = 1e-10, start: Double = 0) {
    requireEpsilon(epsilon, in: "AdaGradScaling")
    require(start >= 0, "AdaGradScaling: the sum of squares cannot start at \(start)")
    self.epsilon = epsilon
    self.start = start
  }

  public func initialState(for parameter: Tensor) -> Tensor {
    .full(parameter.shape, start, dtype: parameter.dtype)
  }

  public var isRowLocal: Bool { true }

  public func step(
    for gradient: Tensor, of parameter: Tensor, state: inout Tensor, at iteration: Int
  ) -> Tensor {
    state += square(gradient)
    return gradient / (sqrt(state) + epsilon)
  }
}
