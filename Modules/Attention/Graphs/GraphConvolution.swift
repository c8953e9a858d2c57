import Core

/// Graph convolution: a weighted mean over neighbours, then an affine map and an activation.
///
/// ```
/// H′ = φ(D^(−½) Â D^(−½) H Wᵀ + b),   Â = A + I,  Dᵢᵢ = Σⱼ Âᵢⱼ
/// ```
///
/// Aᵢⱼ counts the edges from j to i; a self-loop is added where there is none. Whichever of H and
/// H Wᵀ is narrower is summed over neighbours.
///
/// [Kipf and Welling 2017]: https://arxiv.org/abs/1609.02907, equation 2.
public struct GraphConvolution: GraphLayer {
  /// W, [out, in]
  public let weight: Parameter
  /// b, [out]
  public let bias: Parameter?
  /// What is applied to the result.
  public let activation: Activation
  /// Whether each node hears itself too.
  public let addsSelfLoops: Bool

  /// - Parameters:
  ///   - activation: φ; none by default.
  ///   - hasBias: Whether b is there. It starts at 0.
  ///   - addsSelfLoops: Whether a node hears itself; the default is that it does.
  ///   - initializer: Draws the weight; the default is Glorot's uniform.
  public init(
    _ inputs: Int, _ outputs: Int, activation: Activation = .identity, hasBias: Bool = true,
    addsSelfLoops: Bool = true, initializer: Initializer = .glorotUniform
  ) {
    require(inputs >= 0 && outputs >= 0, "GraphConvolution: \(inputs) to \(outputs) features")
    weight = Parameter(initializer.tensor([outputs, inputs], inputs: inputs, outputs: outputs))
    bias = hasBias ? Parameter(.zeros([outputs])) : nil
    self.activation = activation
    self.addsSelfLoops = addsSelfLoops
  }

  public func updated(_ states: Tensor, on graph: DirectedGraph) -> Tensor {
    let (outputs, inputs) = (weight.shape[0], weight.shape[1])
    requireStates(states, inputs, on: graph, in: "GraphConvolution")
    let graph = addsSelfLoops ? graph.withSelfLoops() : graph
    let weights = graph.symmetricWeights().cast(to: DType.promoted(states.dtype, weight.dtype))
    if inputs <= outputs {
      return linear(
        graph.neighbourSum(states, weights: weights), weight: weight.value, bias: bias?.value,
        activation: activation)
    }
    let narrow = graph.neighbourSum(linear(states, weight: weight.value), weights: weights)
    return activation(bias.map { narrow + $0.value } ?? narrow)
  }
}

extension DirectedGraph {
  /// 1 / √(dᵢ dⱼ) for the edge from j to i, d the number of edges that arrive: `float64`, [edges].
  /// 0 where nothing arrives at the sender. Made once.
  ///
  /// On a graph whose edges go both ways these are the elements of D^(−½) A D^(−½), whose
  /// eigenvalues are within −1…1.
  public func symmetricWeights() -> Tensor {
    content.memory.withLock { memory in
      if let known = memory.symmetricWeights { return known }
      let degrees = inDegrees.cast(to: .float64)
      let roots = select(degrees .> 0, rsqrt(degrees), Tensor.zeros(like: degrees))
      let result = roots.gathered(at: senders) * roots.gathered(at: receivers)
      memory.symmetricWeights = result
      return result
    }
  }
}
