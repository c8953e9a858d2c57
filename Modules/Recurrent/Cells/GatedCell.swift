import Core

/// A cell whose weights are ``CellWeights``, laid out and named as PyTorch's are.
public protocol GatedCell: RecurrentCell {
  /// The weights, gate by gate.
  var weights: CellWeights { get }
}

extension ElmanCell: GatedCell {}
extension LSTMCell: GatedCell {}
extension GRUCell: GatedCell {}
extension MinimalGatedCell: GatedCell {}
