/// A layer that PyTorch has too, with other names for its parameters.
///
/// ```swift
/// extension LayerNormalization: PyTorchNamed {
///   public func pyTorchName(of parameter: String) -> String {
///     ["scale": "weight", "shift": "bias"][parameter] ?? parameter
///   }
/// }
/// ```
///
/// Layers with the same names, such as ``Dense``, need not say so, nor do layers made of others: the
/// names are those of the outermost layers that conform, after the path to them.
/// ``Layer/load(pyTorch:rules:strict:)`` and ``Layer/save(pyTorch:rules:)`` use them.
public protocol PyTorchNamed: Layer {
  /// The name in PyTorch's `state_dict` of a parameter of this layer, both counted from the layer.
  ///
  /// - Parameter parameter: As in `namedParameters`, parts of the layer included.
  /// - Returns: A name that no other parameter of the layer gets.
  func pyTorchName(of parameter: String) -> String
}

extension Layer {
  /// The name of every parameter and buffer, and the one that PyTorch has for it; see
  /// ``PyTorchNamed``.
  public var pyTorchNames: [(name: String, pyTorch: String)] {
    let layers = ParameterList.pyTorchLayers(of: self)
    return namedParameters.map { name, _ in
      for (path, layer) in layers {
        if path.isEmpty { return (name, layer.pyTorchName(of: name)) }
        guard name.hasPrefix(path + ".") else { continue }
        let own = String(name.dropFirst(path.count + 1))
        return (name, path + "." + layer.pyTorchName(of: own))
      }
      return (name, name)
    }
  }

  /// Reads every parameter and buffer from a safetensors file of a PyTorch model's `state_dict`.
  ///
  /// ```swift
  /// try model.load(pyTorch: "cnn.safetensors", rules: [.rename("features.0", to: "first")])
  /// ```
  ///
  /// Nothing changes unless everything fits; the error lists every name of this model that is
  /// missing, unexpected or misshapen. Floating-point types convert to the parameter's.
  ///
  /// - Parameters:
  ///   - path: Where the file is; in Python,
  ///     `safetensors.torch.save_file(model.state_dict(), path)` makes one.
  ///   - rules: What the file calls its modules, where that differs from this model's properties;
  ///     none by default. The names of parameters within the layers of Apus are known.
  ///   - strict: `false` allows names that the file or the model lacks; `true` unless told
  ///     otherwise.
  /// - Returns: What was passed over: empty when `strict`.
  @discardableResult
  public func load(
    pyTorch path: String, rules: [StateRule] = [], strict: Bool = true
  ) throws(StateFileError) -> StateMismatch {
    try load(from: path, rules: rules + pyTorchRules, strict: strict)
  }

  /// Writes every parameter and buffer to a safetensors file, by PyTorch's names.
  ///
  /// In Python, `model.load_state_dict(safetensors.torch.load_file(path))` reads it.
  ///
  /// - Parameter rules: The same as for ``load(pyTorch:rules:strict:)``; none by default.
  public func save(pyTorch path: String, rules: [StateRule] = []) throws(StateFileError) {
    try save(to: path, rules: rules + pyTorchRules, metadata: ["format": "pt"])
  }

  /// Reads every parameter and buffer from another program's safetensors file.
  ///
  /// - Parameters:
  ///   - rules: What makes the file's tensors those of this model.
  ///   - strict: `false` allows names that the translated file or the model lacks; `true` unless
  ///     told otherwise.
  /// - Returns: What was passed over: empty when `strict`.
  @discardableResult
  public func load(
    from path: String, rules: [StateRule], strict: Bool = true
  ) throws(StateFileError) -> StateMismatch {
    let file = try StateFile(contentsOf: path).applying(rules, path: path)
    return try load(file, path: path, strict: strict)
  }

  /// Writes every parameter and buffer to a safetensors file for another program.
  ///
  /// - Parameters:
  ///   - rules: The same as for ``load(from:rules:strict:)``.
  ///   - metadata: Free text by key; none by default.
  public func save(
    to path: String, rules: [StateRule], metadata: [String: String] = [:]
  ) throws(StateFileError) {
    let tensors = namedParameters.map { (name: $0.name, tensor: $0.parameter.value) }
    let file = StateFile(tensors: tensors, metadata: metadata)
    try file.applying(rules.reversed().compactMap(\.inverse), path: path).write(to: path)
  }

  private var pyTorchRules: [StateRule] {
    let pairs = pyTorchNames.filter { $0.name != $0.pyTorch }.map { ($0.pyTorch, $0.name) }
    return [.rename(Dictionary(pairs) { first, _ in first })]
  }
}
