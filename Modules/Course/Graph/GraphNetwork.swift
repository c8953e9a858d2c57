import Attention
import Core

/// The layers that `--layer` names.
enum GraphLayerName: String, CaseIterable {
  case convolution, sage, attention

  /// Two layers, from a feature for each node to a logit for each class.
  func network(inputs: Int, hidden: Int, classes: Int, on graph: DirectedGraph)
    -> any Layer<Tensor, Tensor>
  {
    switch self {
    case .convolution:
      OnGraph(
        graph,
        Sequential {
          GraphConvolution(inputs, hidden, activation: .tanh)
          GraphConvolution(hidden, classes)
        })
    case .sage:
      OnGraph(
        graph,
        Sequential {
          GraphSAGE(inputs, hidden, activation: .tanh)
          GraphSAGE(hidden, classes)
        })
    case .attention:
      OnGraph(
        graph,
        Sequential {
          GraphAttention(inputs, hidden, heads: 2, activation: .tanh)
          GraphAttention(2 * hidden, classes)
        })
    }
  }
}
