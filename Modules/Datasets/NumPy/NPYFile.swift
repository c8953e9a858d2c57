import Core

/// An array in NumPy's own format, as `numpy.save` writes it.
///
/// ```swift
/// let x = try NPYFile("x.npy").read()                          // any shape of up to 8 axes
/// try NPYFile.write(x, to: "copy.npy")                         // numpy.load("copy.npy")
/// ```
///
/// Opening reads the header only. A file that gzip packed is unpacked on the way, whatever its name.
/// For several arrays in one file see ``NPZFile``.
///
/// [The format]: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
public struct NPYFile: Sendable {
  /// The types of elements that are read, by NumPy's codes for them.
  public enum ElementType: String, Sendable, CaseIterable {
    /// Truth values, a byte each.
    case bool = "b1"
    /// Integers of 8 bits with a sign.
    case int8 = "i1"
    /// Integers of 8 bits without a sign.
    case uint8 = "u1"
    /// Integers of 16 bits with a sign.
    case int16 = "i2"
    /// Integers of 16 bits without a sign.
    case uint16 = "u2"
    /// Integers of 32 bits with a sign.
    case int32 = "i4"
    /// Integers of 32 bits without a sign.
    case uint32 = "u4"
    /// Integers of 64 bits with a sign.
    case int64 = "i8"
    /// Integers of 64 bits without a sign.
    case uint64 = "u8"
    /// Floating-point numbers of 16 bits.
    case float16 = "f2"
    /// Floating-point numbers of 32 bits.
    case float32 = "f4"
    /// Floating-point numbers of 64 bits.
    case float64 = "f8"

    /// Bytes that one element takes in a file.
    public var byteCount: Int {
      switch self {
      case .bool, .int8, .uint8: 1
      case .int16, .uint16, .float16: 2
      case .int32, .uint32, .float32: 4
      case .int64, .uint64, .float64: 8
      }
    }

    /// The type of tensors that holds every element exactly. (`uint64` beyond the range of `int64`
    /// is an error when it is read.)
    public var dtype: DType {
      switch self {
      case .bool: .bool
      case .int8, .uint8, .int16, .uint16, .int32: .int32
      case .uint32, .int64, .uint64: .int64
      case .float16, .float32: .float32
      case .float64: .float64
      }
    }

    init(holding dtype: DType) {
      switch dtype {
      case .bool: self = .bool
      case .int32: self = .int32
      case .int64: self = .int64
      case .float32: self = .float32
      case .float64: self = .float64
      }
    }
  }

  /// Where the file is.
  public let path: String
  private let header: NPYHeader

  /// Reads the header of the file at `path`.
  ///
  /// - Throws: ``DataError`` when there is no such file, when it is no array of numbers or truth
  ///   values of up to 8 axes, or when it cannot have as many bytes as its header promises.
  public init(_ path: String) throws(DataError) {
    self.path = path
    header = try NPYHeader(try openUnpacked(path))
  }

  /// The type of the elements.
  public var elementType: ElementType { header.type }
  /// The extents of the axes.
  public var shape: Shape { header.shape }
  /// Whether the file has the first axis' elements side by side, as Fortran has them. Tensors come
  /// out the same.
  public var isFortranOrdered: Bool { header.isFortranOrdered }

  /// All elements, of the shape ``shape``.
  ///
  /// - Parameter dtype: The type to convert the elements to; by default the one that holds every
  ///   element exactly.
  /// - Throws: ``DataError`` when the file is damaged, or has changed since it was opened.
  public func read(as dtype: DType? = nil) throws(DataError) -> Tensor {
    let source = try openUnpacked(path)
    let again = try NPYHeader(source)
    guard again == header else {
      throw DataError(
        .mismatched, file: path, at: .offset(0), expected: "\(header) as when it was opened",
        found: "\(again)")
    }
    let tensor = try readNPYElements(of: header, from: source)
    return dtype.map { tensor.cast(to: $0) } ?? tensor
  }

  /// Writes a tensor, in row-major order and its own type; the file appears under its name only when
  /// it is complete.
  ///
  /// - Parameters:
  ///   - tensor: The elements.
  ///   - path: Where to; a name that ends in `.gz` gives a file packed as gzip does.
  /// - Throws: ``DataError`` when the file cannot be written.
  public static func write(_ tensor: Tensor, to path: String) throws(DataError) {
    let bytes = encodeNPY(tensor)
    try writeFile(path.hasSuffix(".gz") ? Gzip.compress(bytes) : bytes, to: path)
  }
}
