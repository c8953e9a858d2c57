import Core

extension MultiHeadAttention {
  /// The name that PyTorch's `nn.MultiheadAttention` gives to a parameter of this layer: for
  /// `Layer.load(from:strict:naming:)`.
  public static func pyTorchName(of name: String) -> String {
    switch name {
    case "inputWeight": "in_proj_weight"
    case "queryWeight": "q_proj_weight"
    case "keyWeight": "k_proj_weight"
    case "valueWeight": "v_proj_weight"
    case "inputBias": "in_proj_bias"
    case "output.weight": "out_proj.weight"
    case "output.bias": "out_proj.bias"
    default: name
    }
  }
}
