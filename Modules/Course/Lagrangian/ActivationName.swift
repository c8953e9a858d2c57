import Core

/// The activations that `--activation` names.
enum ActivationName: String, CaseIterable {
  case sigmoid, tanh, softplus, relu

  var activation: Activation {
    switch self {
    case .sigmoid: .sigmoid
    case .tanh: .tanh
    case .softplus: .softplus
    case .relu: .relu
    }
  }
}
