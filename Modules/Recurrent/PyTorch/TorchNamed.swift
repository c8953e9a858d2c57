import Core

/// A recurrent network whose parameters go by PyTorch's names, so that files of weights go both ways.
///
/// ```swift
/// let network = LSTM(64, 128, layers: 2)
/// try network.torchNamed(prefix: "encoder.").load(from: "pytorch.safetensors", strict: false)
/// ```
///
/// Layer 1's weights of the backward direction, `backward.1.weights.input` and so on here, are
/// `weight_ih_l1_reverse`, `weight_hh_l1_reverse`, `bias_ih_l1_reverse` and `bias_hh_l1_reverse` in
/// `nn.RNN`, `nn.LSTM` and `nn.GRU`; layouts and the order of the gates are the same. Parameters that
/// PyTorch has none of, such as peepholes, keep their names.
public struct TorchNamed<Cell: GatedCell>: Layer, ReflectedChildren {
  /// The network itself: the parameters are the same, not copies.
  public let network: Unrolled<Cell>
  /// What every name begins with.
  public let prefix: String

  public func callAsFunction(_ x: Tensor) -> Tensor { network(x) }

  public var reflectedChildren: [(name: String, value: Any)] {
    let names = network.torchNames
    return network.namedParameters.map { name, parameter in
      (prefix + (names[ObjectIdentifier(parameter)] ?? name), parameter)
    }
  }
}

extension TorchNamed: Sendable where Cell: Sendable {}

extension Unrolled where Cell: GatedCell {
  /// This network under PyTorch's names; see ``TorchNamed``.
  ///
  /// - Parameter prefix: What every name begins with, such as the module's path and a dot; nothing
  ///   by default.
  public func torchNamed(prefix: String = "") -> TorchNamed<Cell> {
    TorchNamed(network: self, prefix: prefix)
  }
}
