import Core

/// A node's own state and what its neighbours say, each through an affine map of its own.
///
/// ```
/// hᵢ′ = φ(W hᵢ + U Agg {hⱼ : j ∈ 𝒩(i)} + b),   then hᵢ′ / ‖hᵢ′‖₂ if normalised
/// ```
///
/// [Hamilton et al. 2017]: https://arxiv.org/abs/1706.02216, algorithm 1; W and U are the two
/// halves of its one matrix on the concatenation.
public struct GraphSAGE: GraphLayer {
  /// W, on the node's own state: [out, in]
  public let ownWeight: Parameter
  /// U, on what is aggregated: [out, in]
  public let neighbourWeight: Parameter
  /// b, [out]
  public let bias: Parameter?
  /// What becomes of a node's messages.
  public let aggregation: Aggregation
  /// What is applied to the result.
  public let activation: Activation
  /// Whether results have length 1.
  public let isNormalized: Bool

  /// - Parameters:
  ///   - aggregation: Agg; the mean by default.
  ///   - activation: φ; none by default.
  ///   - isNormalized: Whether states are brought to length 1; the default is that they are not. A
  ///     state of 0 stays 0.
  ///   - hasBias: Whether b is there. It starts at 0.
  ///   - initializer: Draws the weights; the default is Glorot's uniform.
  public init(
    _ inputs: Int, _ outputs: Int, aggregation: Aggregation = .mean,
    activation: Activation = .identity, isNormalized: Bool = false, hasBias: Bool = true,
    initializer: Initializer = .glorotUniform
  ) {
    require(inputs >= 0 && outputs >= 0, "GraphSAGE: \(inputs) to \(outputs) features")
    func matrix() -> Parameter {
      Parameter(initializer.tensor([outputs, inputs], inputs: inputs, outputs: outputs))
    }
    ownWeight = matrix()
    neighbourWeight = matrix()
    bias = hasBias ? Parameter(.zeros([outputs])) : nil
    self.aggregation = aggregation
    self.activation = activation
    self.isNormalized = isNormalized
  }

  public func updated(_ states: Tensor, on graph: DirectedGraph) -> Tensor {
    requireStates(states, ownWeight.shape[1], on: graph, in: "GraphSAGE")
    let result = graph.passMessages(
      from: states, aggregation: aggregation,
      update: { own, heard in
        activation(
          linear(own, weight: ownWeight.value, bias: bias?.value)
            + linear(heard, weight: neighbourWeight.value))
      })
    guard isNormalized else { return result }
    let squares = square(result).sum(along: -1, keepingAxes: true)
    return result * rsqrt(select(squares .> 0, squares, Tensor.ones(like: squares)))
  }
}
