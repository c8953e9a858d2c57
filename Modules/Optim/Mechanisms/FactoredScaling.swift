import Core

/// Each element divided by the root of a moving average of its squares, of which matrices keep only
/// row and column means: memory for m + n numbers in place of m n.
///
///     β = 1 − t^(−c)
///     matrices:  r ← β r + (1 − β) mean g² along the last axis
///                q ← β q + (1 − β) mean g² along the last but one
///                s = r q / mean r
///     else:      s ← β s + (1 − β) g²
///     step = g / √max(s, ε²)
///
/// Tensors of more axes are batches of matrices.
///
/// Source: [Shazeer and Stern 2018], with PyTorch's constants.
public struct FactoredScaling: Optimizer, Sendable {
  /// c
  public var exponent: Double
  /// ε; `nil` for the distance from 1 to the next number of the parameter's type.
  public var epsilon: Double?

  /// What ``FactoredScaling`` remembers for a parameter.
  public struct State: OptimizerState, Sendable {
    /// r, shape […, row, 1], or s for what has fewer than two axes.
    public internal(set) var rows: Tensor
    /// q, shape […, 1, column].
    public internal(set) var columns: Tensor?
    /// t
    public internal(set) var count = 0

    public mutating func visit(by visitor: inout some StateVisitor) {
      visitor.visit("rows", &rows)
      visitor.visit("columns", &columns)
      visitor.visit("count", &count)
    }
  }

  /// - Parameters:
  ///   - exponent: c; 0.8 unless told otherwise.
  ///   - epsilon: ε; the distance from 1 to the next number of the parameter's type unless told
  ///     otherwise.
  public init(exponent: Double = 0.8, epsilon: Double? = nil) {
    require(exponent >= 0, "FactoredScaling: the exponent \(exponent) is negative")
    require((epsilon ?? 1) > 0, "FactoredScaling: an epsilon of \(epsilon ?? 1) leaves 0 / 0")
    self.exponent = exponent
    self.epsilon = epsilon
  }

  public func initialState(for parameter: Tensor) -> State {
    guard parameter.rank >= 2 else { return State(rows: .zeros(like: parameter)) }
    return State(
      rows: Tensor.zeros(like: parameter).sum(along: -1, keepingAxes: true),
      columns: Tensor.zeros(like: parameter).sum(along: -2, keepingAxes: true))
  }

  public func step(
    for gradient: Tensor, of parameter: Tensor, state: inout State, at iteration: Int
  ) -> Tensor {
    state.count += 1
    if gradient.count == 0 { return gradient }
    let epsilon =
      epsilon ?? (gradient.dtype == .float32 ? Double(Float.ulpOfOne) : Double.ulpOfOne)
    let s = estimate(square(gradient), &state, epsilon)
    return gradient / sqrt(maximum(s, epsilon * epsilon))
  }

  /// s
  private func estimate(_ squares: Tensor, _ state: inout State, _ epsilon: Double) -> Tensor {
    let fresh = power(Double(state.count), -exponent)
    guard let columns = state.columns else {
      state.rows += fresh * (squares - state.rows)
      return state.rows
    }
    let (rowMean, columnMean) = (
      squares.mean(along: -1, keepingAxes: true), squares.mean(along: -2, keepingAxes: true)
    )
    state.rows += fresh * (rowMean - state.rows)
    let newColumns = columns + fresh * (columnMean - columns)
    state.columns = newColumns
    let total = state.rows.mean(along: -2, keepingAxes: true)
    return state.rows * newColumns / maximum(total, epsilon)
  }
}
