extension Layer {
  /// Writes every parameter and buffer to a safetensors file, under its name.
  ///
  /// A parameter that several layers share is written once, under its first name. The file is
  /// replaced whole or not at all, and its bytes depend on the values and metadata alone.
  ///
  /// ```swift
  /// try model.save(to: "digits.safetensors", metadata: ["epochs": "20"])
  /// ```
  ///
  /// - Parameter naming: From a parameter's name to that in the file; the default is the same. It
  ///   must give each a name of its own.
  public func save(
    to path: String, metadata: [String: String] = [:], naming: (String) -> String = { $0 }
  ) throws(StateFileError) {
    let tensors = namedParameters.map { (name: naming($0.name), tensor: $0.parameter.value) }
    try StateFile(tensors: tensors, metadata: metadata).write(to: path)
  }

  /// Reads every parameter and buffer from a safetensors file.
  ///
  /// Nothing changes unless everything fits; the error lists every name that is missing, unexpected
  /// or misshapen. Floating-point types convert to the parameter's.
  ///
  /// - Parameter strict: `false` allows names that the file or the model lacks, and leaves such
  ///   parameters as they are; a wrong shape is an error still.
  /// - Parameter naming: From a parameter's name to that in the file, for files of other libraries;
  ///   the default is the same.
  /// - Returns: What was passed over, by the names in the file: empty when `strict`.
  @discardableResult
  public func load(
    from path: String, strict: Bool = true, naming: (String) -> String = { $0 }
  ) throws(StateFileError) -> StateMismatch {
    try load(StateFile(contentsOf: path), path: path, strict: strict, naming: naming)
  }

  func load(
    _ file: StateFile, path: String, strict: Bool, naming: (String) -> String = { $0 }
  ) throws(StateFileError) -> StateMismatch {
    var stored: [String: Tensor] = [:]
    for (name, tensor) in file.tensors { stored[name] = tensor }
    var mismatch = StateMismatch()
    var changes: [(parameter: Parameter, value: Tensor)] = []
    var expected: Set<String> = []
    for (own, parameter) in namedParameters {
      let name = naming(own)
      expected.insert(name)
      guard let tensor = stored[name] else {
        mismatch.missing.append(name)
        continue
      }
      let converts =
        tensor.dtype == parameter.dtype || tensor.dtype.isFloating && parameter.dtype.isFloating
      if tensor.shape == parameter.shape && converts {
        changes.append((parameter, tensor))
      } else {
        mismatch.misshapen.append(
          .init(
            name: name, expectedShape: parameter.shape, expectedType: parameter.dtype,
            foundShape: tensor.shape, foundType: tensor.dtype))
      }
    }
    mismatch.unexpected = file.tensors.map(\.name).filter { !expected.contains($0) }
    if strict ? !mismatch.isEmpty : !mismatch.misshapen.isEmpty {
      throw .mismatch(path: path, mismatch)
    }
    for (parameter, value) in changes { parameter.value = value.cast(to: parameter.dtype) }
    return mismatch
  }
}
