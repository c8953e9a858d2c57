/// Named tensors and a few words about them, in the safetensors format.
///
/// ```swift
/// try StateFile(tensors: [("weight", weight), ("bias", bias)]).write(to: "model.safetensors")
/// let file = try StateFile(contentsOf: "model.safetensors")
/// let read = file["bias"]
/// ```
///
/// The file is eight bytes with the length of a header, the header (JSON: for each tensor its type,
/// shape and place) and the elements, little-endian. Python's `safetensors` reads what this writes
/// and the other way round. Float16 and bfloat16 are read into `float32`, integers of 8 and 16 bits into
/// `int32`, unsigned ones of 32 and 64 bits into `int64`.
///
/// [safetensors]: https://huggingface.co/docs/safetensors
public struct StateFile: Sendable {
  /// The tensors, in the order of the header.
  public var tensors: [(name: String, tensor: Tensor)]
  /// Free text by key.
  public var metadata: [String: String]

  /// The longest header that is read or written, the limit of other implementations.
  static let longestHeader = 100_000_000

  /// A file of these tensors, not written yet.
  public init(tensors: [(name: String, tensor: Tensor)], metadata: [String: String] = [:]) {
    self.tensors = tensors.map { ($0.name, $0.tensor.detached) }
    self.metadata = metadata
  }

  /// The tensor of a name.
  public subscript(name: String) -> Tensor? {
    tensors.first { $0.name == name }?.tensor
  }
}

/// The element types of the format that are read.
enum StoredType: String, CaseIterable {
  case float64 = "F64"
  case float32 = "F32"
  case float16 = "F16"
  case bfloat16 = "BF16"
  case int64 = "I64"
  case int32 = "I32"
  case int16 = "I16"
  case int8 = "I8"
  case uint64 = "U64"
  case uint32 = "U32"
  case uint16 = "U16"
  case uint8 = "U8"
  case bool = "BOOL"

  init(_ dtype: DType) {
    switch dtype {
    case .bool: self = .bool
    case .int32: self = .int32
    case .int64: self = .int64
    case .float32: self = .float32
    case .float64: self = .float64
    }
  }

  var byteCount: Int {
    switch self {
    case .bool, .int8, .uint8: 1
    case .float16, .bfloat16, .int16, .uint16: 2
    case .float32, .int32, .uint32: 4
    case .float64, .int64, .uint64: 8
    }
  }

  /// The type of the tensor that is read.
  var dtype: DType {
    switch self {
    case .float64: .float64
    case .float32, .float16, .bfloat16: .float32
    case .int64, .uint64, .uint32: .int64
    case .int32, .int16, .uint16, .int8, .uint8: .int32
    case .bool: .bool
    }
  }
}
