import Core

// PyTorch's names for parameters, for `Layer.load(from:strict:naming:)` and
// `Layer.save(to:metadata:naming:)`.

extension TransformerEncoderLayer {
  /// The name that PyTorch's `nn.TransformerEncoderLayer` gives to a parameter of this layer.
  public static func pyTorchName(of name: String) -> String {
    layerName(name, norms: ["attentionNorm": "norm1", "feedForwardNorm": "norm2"])
  }
}

extension TransformerDecoderLayer {
  /// The name that PyTorch's `nn.TransformerDecoderLayer` gives to a parameter of this layer.
  public static func pyTorchName(of name: String) -> String {
    layerName(
      name, norms: ["attentionNorm": "norm1", "memoryNorm": "norm2", "feedForwardNorm": "norm3"])
  }
}

extension TransformerEncoder {
  /// The name that PyTorch's `nn.TransformerEncoder` gives to a parameter of this one.
  public static func pyTorchName(of name: String) -> String {
    stackName(name, TransformerEncoderLayer.pyTorchName)
  }
}

extension TransformerDecoder {
  /// The name that PyTorch's `nn.TransformerDecoder` gives to a parameter of this one.
  public static func pyTorchName(of name: String) -> String {
    stackName(name, TransformerDecoderLayer.pyTorchName)
  }
}

private func layerName(_ name: String, norms: [String: String]) -> String {
  let (part, rest) = cut(name)
  switch part {
  case "attention": return "self_attn." + MultiHeadAttention.pyTorchName(of: rest)
  case "memoryAttention": return "multihead_attn." + MultiHeadAttention.pyTorchName(of: rest)
  case "feedForward":
    let (map, parameter) = cut(rest)
    return (map == "hidden" ? "linear1." : "linear2.") + parameter
  default: return norms[part].map { $0 + "." + normName(rest) } ?? name
  }
}

private func stackName(_ name: String, _ layerName: (String) -> String) -> String {
  let (part, rest) = cut(name)
  if part == "finalNorm" { return "norm." + normName(rest) }
  let (index, parameter) = cut(rest)
  return "layers.\(index)." + layerName(parameter)
}

/// What PyTorch calls scale and shift of a normalisation.
func normName(_ name: String) -> String {
  ["scale": "weight", "shift": "bias"][name] ?? name
}

/// A dotted name before and after its first dot.
func cut(_ name: String) -> (first: String, rest: String) {
  let parts = name.split(separator: ".", maxSplits: 1)
  return (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
}
