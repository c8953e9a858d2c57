import Core

// What PyTorch calls the parameters and buffers of the layers of this module.

extension BatchNormalization: PyTorchNamed {
  /// The name in `nn.BatchNorm1d` and its kin.
  public func pyTorchName(of parameter: String) -> String {
    switch parameter {
    case "runningMean": "running_mean"
    case "runningVariance": "running_var"
    case "batchCount": "num_batches_tracked"
    default: affineName(parameter)
    }
  }
}

extension LayerNormalization: PyTorchNamed {
  /// The name in `nn.LayerNorm`.
  public func pyTorchName(of parameter: String) -> String { affineName(parameter) }
}

extension RMSNormalization: PyTorchNamed {
  /// The name in `nn.RMSNorm`.
  public func pyTorchName(of parameter: String) -> String { affineName(parameter) }
}

extension GroupNormalization: PyTorchNamed {
  /// The name in `nn.GroupNorm`.
  public func pyTorchName(of parameter: String) -> String { affineName(parameter) }
}

extension InstanceNormalization: PyTorchNamed {
  /// The name in `nn.InstanceNorm1d` and its kin.
  public func pyTorchName(of parameter: String) -> String { affineName(parameter) }
}

extension WeightNormalized: PyTorchNamed {
  /// The name in a module under `nn.utils.parametrizations.weight_norm`.
  public func pyTorchName(of parameter: String) -> String {
    let weight = WrappedWeight(direction, in: layer)
    return parameter == "magnitude"
      ? weight.parametrized("original0") : weight.name(of: parameter, or: "original1")
  }
}

extension SpectrallyNormalized: PyTorchNamed {
  /// The name in a module under `nn.utils.parametrizations.spectral_norm`.
  public func pyTorchName(of parameter: String) -> String {
    let weight = WrappedWeight(base, in: layer)
    return switch parameter {
    case "left": weight.parametrized("0._u")
    case "right": weight.parametrized("0._v")
    default: weight.name(of: parameter, or: "original")
    }
  }
}

private func affineName(_ name: String) -> String {
  ["scale": "weight", "shift": "bias"][name] ?? name
}

/// Where a wrapped layer has the weight that is computed from others.
private struct WrappedWeight {
  /// The layer's names, here and in PyTorch.
  private let names: [(name: String, pyTorch: String)]
  private let position: Int?

  init(_ weight: Parameter, in layer: some Layer) {
    names = layer.pyTorchNames
    position = layer.namedParameters.firstIndex { $0.parameter === weight }
  }

  /// What the weight is computed from: `path.parametrizations.weight.original`.
  func parametrized(_ part: String) -> String {
    let path = (position.map { names[$0].pyTorch } ?? "weight").split(separator: ".")
    return (path.dropLast() + ["parametrizations", path[path.count - 1], Substring(part)])
      .joined(separator: ".")
  }

  /// The name of what the wrapper has as `layer.…`, where `original` stands for the weight.
  func name(of parameter: String, or original: String) -> String {
    guard parameter.hasPrefix("layer.") else { return parameter }
    let own = String(parameter.dropFirst("layer.".count))
    guard let index = names.firstIndex(where: { $0.name == own }) else { return own }
    return index == position ? parametrized(original) : names[index].pyTorch
  }
}
