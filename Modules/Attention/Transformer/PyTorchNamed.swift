import Core

// The layers that PyTorch has too, for `Layer.load(pyTorch:rules:strict:)` and
// `Layer.save(pyTorch:rules:)`, in models of any shape.

extension MultiHeadAttention: PyTorchNamed {
  public func pyTorchName(of parameter: String) -> String { Self.pyTorchName(of: parameter) }
}

extension TransformerEncoderLayer: PyTorchNamed {
  public func pyTorchName(of parameter: String) -> String { Self.pyTorchName(of: parameter) }
}

extension TransformerDecoderLayer: PyTorchNamed {
  public func pyTorchName(of parameter: String) -> String { Self.pyTorchName(of: parameter) }
}

extension TransformerEncoder: PyTorchNamed {
  public func pyTorchName(of parameter: String) -> String { Self.pyTorchName(of: parameter) }
}

extension TransformerDecoder: PyTorchNamed {
  public func pyTorchName(of parameter: String) -> String { Self.pyTorchName(of: parameter) }
}
