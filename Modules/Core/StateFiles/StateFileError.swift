/// What can be wrong with a file of parameters or of a training's state.
public enum StateFileError: Error, Equatable, CustomStringConvertible {
  /// The system refused to open, read or write it.
  case inaccessible(path: String, operation: String, reason: String)
  /// It is no safetensors file, or a damaged one.
  case damaged(path: String, part: String, expected: String, found: String)
  /// It holds a type of elements that Apus has none for.
  case unsupportedType(path: String, tensor: String, type: String)
  /// Its tensors are not the model's.
  case mismatch(path: String, StateMismatch)
  /// A rule of translation found a tensor that it cannot be applied to.
  case untranslatable(path: String, tensor: String, expected: String, found: String)
  /// It is a checkpoint of a format that came later.
  case newerVersion(path: String, found: Int, supported: Int)

  /// The file.
  public var path: String {
    switch self {
    case .inaccessible(let path, _, _), .damaged(let path, _, _, _),
      .unsupportedType(let path, _, _), .mismatch(let path, _), .newerVersion(let path, _, _),
      .untranslatable(let path, _, _, _):
      path
    }
  }

  public var description: String {
    switch self {
    case .inaccessible(let path, let operation, let reason):
      "\(path): cannot \(operation): \(reason)"
    case .damaged(let path, let part, let expected, let found):
      "\(path): \(part): expected \(expected), found \(found)"
    case .unsupportedType(let path, let tensor, let type):
      """
      \(path): the tensor '\(tensor)' has elements of type \(type); expected one of \
      \(StoredType.allCases.map(\.rawValue).joined(separator: ", "))
      """
    case .mismatch(let path, let mismatch):
      "\(path): does not fit the model\n\(mismatch)"
    case .untranslatable(let path, let tensor, let expected, let found):
      "\(path): the tensor '\(tensor)': expected \(expected), found \(found)"
    case .newerVersion(let path, let found, let supported):
      "\(path): a checkpoint of version \(found); expected \(supported) or lower"
    }
  }
}

/// How the tensors that were stored and those of a model, or of a training, differ.
public struct StateMismatch: Error, Equatable, CustomStringConvertible {
  /// A parameter whose tensor has another shape, or a type that does not convert.
  public struct Misfit: Sendable, Equatable {
    /// The parameter's name.
    public let name: String
    /// The shape that the model has.
    public let expectedShape: Shape
    /// The type that the model has.
    public let expectedType: DType
    /// The shape in the file.
    public let foundShape: Shape
    /// The type in the file.
    public let foundType: DType
  }

  /// Parameters of the model that the file lacks, in the model's order.
  public internal(set) var missing: [String] = []
  /// Tensors of the file that the model lacks, in the file's order.
  public internal(set) var unexpected: [String] = []
  /// Parameters that differ from their tensor.
  public internal(set) var misshapen: [Misfit] = []

  /// Whether everything fits.
  public var isEmpty: Bool { missing.isEmpty && unexpected.isEmpty && misshapen.isEmpty }

  public var description: String {
    var lines: [String] = []
    lines += missing.map { "  missing: \($0)" }
    lines += unexpected.map { "  unexpected: \($0)" }
    lines += misshapen.map {
      "  misshapen: \($0.name): expected \($0.expectedType) \($0.expectedShape), "
        + "found \($0.foundType) \($0.foundShape)"
    }
    return lines.joined(separator: "\n")
  }
}
