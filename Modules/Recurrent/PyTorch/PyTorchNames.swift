import Core

// PyTorch's names of weights, for `Layer.load(pyTorch:rules:strict:)` and
// `Layer.save(pyTorch:rules:)`.

extension Unrolled: PyTorchNamed where Cell: GatedCell {
  /// The name in `nn.RNN`, `nn.LSTM` and `nn.GRU`: `weight_ih_l1_reverse` for
  /// `backward.1.weights.input`. Parameters that PyTorch has none of keep their names.
  public func pyTorchName(of parameter: String) -> String {
    guard let found = namedParameters.first(where: { $0.name == parameter }) else {
      return parameter
    }
    return torchNames[ObjectIdentifier(found.parameter)] ?? parameter
  }

  /// PyTorch's names of the cells' weights.
  var torchNames: [ObjectIdentifier: String] {
    var names: [ObjectIdentifier: String] = [:]
    func add(_ cells: [Cell], _ direction: String) {
      for (layer, cell) in cells.enumerated() {
        for (name, parameter) in cell.weights.torchNamed {
          names[ObjectIdentifier(parameter)] = "\(name)_l\(layer)\(direction)"
        }
      }
    }
    add(forward, "")
    add(backward ?? [], "_reverse")
    return names
  }
}

extension ElmanCell: PyTorchNamed {
  /// The name in `nn.RNNCell`.
  public func pyTorchName(of parameter: String) -> String { cellName(parameter, self) }
}

extension LSTMCell: PyTorchNamed {
  /// The name in `nn.LSTMCell`. Parameters that PyTorch has none of, such as peepholes, keep theirs.
  public func pyTorchName(of parameter: String) -> String { cellName(parameter, self) }
}

extension GRUCell: PyTorchNamed {
  /// The name in `nn.GRUCell`.
  public func pyTorchName(of parameter: String) -> String { cellName(parameter, self) }
}

private func cellName(_ name: String, _ cell: some GatedCell) -> String {
  let parameter = cell.namedParameters.first { $0.name == name }?.parameter
  return cell.weights.torchNamed.first { $0.parameter === parameter }?.name ?? name
}

extension CellWeights {
  /// The weights that are there, by PyTorch's names.
  fileprivate var torchNamed: [(name: String, parameter: Parameter)] {
    let all: [(String, Parameter?)] = [
      ("weight_ih", input), ("weight_hh", recurrent), ("bias_ih", inputBias),
      ("bias_hh", recurrentBias),
    ]
    return all.compactMap { name, parameter in parameter.map { (name, $0) } }
  }
}
