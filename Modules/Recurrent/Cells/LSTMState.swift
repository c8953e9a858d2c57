import Core

/// The state of an ``LSTMCell``.
public struct LSTMState: RecurrentState {
  /// h, which is the output too: [batch, hidden]
  public var hidden: Tensor
  /// c, the memory: [batch, hidden]
  public var cell: Tensor

  /// A state of its two parts.
  public init(hidden: Tensor, cell: Tensor) {
    self.hidden = hidden
    self.cell = cell
  }

  public init(tensors: [Tensor]) { self.init(hidden: tensors[0], cell: tensors[1]) }

  public var tensors: [Tensor] { [hidden, cell] }
}
