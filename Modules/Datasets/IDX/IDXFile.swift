import Core

/// An array of numbers in the IDX format, in which MNIST and its successors come.
///
/// ```swift
/// let images = try IDXFile("train-images-idx3-ubyte.gz")
/// print(images.shape, images.elementType)                     // [60000, 28, 28] uint8
/// let pixels = try images.read(as: .float32)
/// ```
///
/// Opening reads the header only. A file that gzip packed is unpacked on the way, whatever its name.
///
/// The format: two zero bytes, the element type, the number of axes, each axis' extent in four
/// bytes, then the elements in row-major order; all numbers begin with their highest byte.
public struct IDXFile: Sendable {
  /// The types of elements, by the code that files have for them.
  public enum ElementType: UInt8, Sendable, CaseIterable {
    /// Bytes without a sign.
    case uint8 = 0x08
    /// Bytes with a sign.
    case int8 = 0x09
    /// Integers of 16 bits.
    case int16 = 0x0B
    /// Integers of 32 bits.
    case int32 = 0x0C
    /// Floating-point numbers of 32 bits.
    case float32 = 0x0D
    /// Floating-point numbers of 64 bits.
    case float64 = 0x0E

    /// Bytes that one element takes in a file.
    public var byteCount: Int {
      switch self {
      case .uint8, .int8: 1
      case .int16: 2
      case .int32, .float32: 4
      case .float64: 8
      }
    }

    /// The type of tensors that holds every element exactly: `int32` for all integers.
    public var dtype: DType {
      switch self {
      case .uint8, .int8, .int16, .int32: .int32
      case .float32: .float32
      case .float64: .float64
      }
    }
  }

  /// Where the file is.
  public let path: String
  /// The type of the elements.
  public let elementType: ElementType
  /// The extents of the axes.
  public let shape: Shape
  /// Whether gzip packed the file.
  public let isCompressed: Bool

  /// Reads the header of the file at `path`.
  ///
  /// - Throws: ``DataError`` when there is no such file, when it is no IDX file of up to 8 axes, or
  ///   when it cannot have as many bytes as its header promises.
  public init(_ path: String) throws(DataError) {
    self.path = path
    let source = try openUnpacked(path)
    isCompressed = source is GzipSource
    (elementType, shape) = try readIDXHeader(source)
  }

  /// All elements, of the shape ``shape``.
  ///
  /// - Parameter dtype: The type to convert the elements to; by default the one that holds every
  ///   element exactly.
  /// - Throws: ``DataError`` when the file is damaged, or has changed since it was opened.
  public func read(as dtype: DType? = nil) throws(DataError) -> Tensor {
    let source = try reopened()
    let bytes = try source.bytes(
      shape.reduce(elementType.byteCount, *), of: "the elements of \(shape) \(elementType)")
    try source.requireEnd(after: "the elements of \(shape) \(elementType)")
    return decodeIDX(bytes, elementType, shape, as: dtype ?? elementType.dtype)
  }

  /// The file, open behind its header.
  func reopened() throws(DataError) -> any ByteSource {
    let source = try openUnpacked(path)
    let header = try readIDXHeader(source)
    guard header == (elementType, shape) else {
      throw DataError(
        .mismatched, file: path, at: .offset(0),
        expected: "\(shape) \(elementType) as when it was opened",
        found: "\(header.1) \(header.0)")
    }
    return source
  }
}

/// Reads a header and makes sure that the source can hold what it promises.
func readIDXHeader(
  _ source: any ByteSource
) throws(DataError) -> (IDXFile.ElementType, Shape) {
  func damage(
    _ kind: DataError.Kind, _ offset: Int, _ expected: String, _ found: String
  ) -> DataError {
    DataError(kind, file: source.name, at: .offset(offset), expected: expected, found: found)
  }
  let magic = try source.bytes(4, of: "the header of an IDX file")
  guard magic[0] == 0, magic[1] == 0 else {
    throw damage(
      .malformed, 0, "the two zeros that begin an IDX file",
      "\(hexadecimal(magic[0])) \(hexadecimal(magic[1]))")
  }
  guard let type = IDXFile.ElementType(rawValue: magic[2]) else {
    throw damage(
      .unsupported, 2, "an element type of IDX: 08, 09, 0B, 0C, 0D or 0E", hexadecimal(magic[2]))
  }
  let rank = Int(magic[3])
  guard rank <= 8 else { throw damage(.unsupported, 3, "at most 8 axes", "\(rank)") }
  let extents = try source.bytes(4 * rank, of: "the extents of \(rank) axes")
  var shape = Shape()
  var total = type.byteCount
  var space = type.byteCount
  for axis in 0..<rank {
    let extent = extents[4 * axis..<4 * axis + 4].reduce(0) { $0 << 8 | Int($1) }
    shape.append(extent)
    total = total.multipliedSaturating(by: extent)
    // An empty array must have an address for each of its elements all the same.
    space = space.multipliedSaturating(by: max(extent, 1))
  }
  let room = source.byteLimit - source.position
  // Nothing larger than the file, or than it can unpack to, is ever allocated.
  guard total <= room, space < 1 << 60 else {
    throw damage(
      .truncated, 4, "\(total) bytes, as the header promises for \(shape) \(type)",
      source is FileSource ? "\(room)" : "a file too small to hold them")
  }
  return (type, shape)
}
