/// The header of a safetensors file, checked.
struct StateFileHeader {
  struct Entry {
    let name: String
    let type: StoredType
    let shape: Shape
    /// The place of the elements, counted from the end of the header.
    let bytes: Range<Int>
  }

  private(set) var entries: [Entry] = []
  private(set) var metadata: [String: String] = [:]
  let byteCount: Int

  private let path: String

  /// - Parameter dataByteCount: The bytes of the file after the header.
  init(_ header: [UInt8], dataByteCount: Int, path: String) throws(StateFileError) {
    byteCount = header.count
    self.path = path
    let fields: [(key: String, value: JSON)]
    do throws(JSON.Failure) {
      guard header.first == UInt8(ascii: "{"), case .object(let parsed) = try JSON(parsing: header)
      else { throw JSON.Failure(offset: 0, expected: "an object") }
      fields = parsed
    } catch {
      throw .damaged(
        path: path, part: "header", expected: error.expected,
        found: "something else \(8 + error.offset) bytes into the file")
    }
    for (name, value) in fields {
      if name == "__metadata__" {
        try readMetadata(value)
      } else {
        entries.append(try entry(name, value, dataByteCount))
      }
    }
    try checkTiling(dataByteCount)
  }

  private mutating func readMetadata(_ value: JSON) throws(StateFileError) {
    guard case .object(let pairs) = value else {
      throw damaged("__metadata__", expected: "an object of strings", found: value.kind)
    }
    for (key, value) in pairs {
      guard case .string(let text) = value else {
        throw damaged("__metadata__", expected: "a string for '\(key)'", found: value.kind)
      }
      metadata[key] = text
    }
  }

  private func entry(
    _ name: String, _ value: JSON, _ dataByteCount: Int
  ) throws(StateFileError) -> Entry {
    let part = "tensor '\(name)'"
    guard case .object(let fields) = value else {
      throw damaged(part, expected: "an object", found: value.kind)
    }
    var values: [String: JSON] = [:]
    for (key, value) in fields { values[key] = value }
    guard values.count == 3, let type = values["dtype"], let shape = values["shape"],
      let offsets = values["data_offsets"]
    else {
      throw damaged(
        part, expected: "dtype, shape and data_offsets",
        found: fields.map(\.key).joined(separator: ", "))
    }
    guard case .string(let typeName) = type else {
      throw damaged(part, expected: "a string as dtype", found: type.kind)
    }
    guard let storedType = StoredType(rawValue: typeName) else {
      throw .unsupportedType(path: path, tensor: name, type: typeName)
    }
    guard let extents = shape.integers, extents.count <= Shape.maximumRank else {
      throw damaged(
        part, expected: "a shape of at most \(Shape.maximumRank) extents", found: shape.summary)
    }
    guard let range = offsets.integers, range.count == 2, range[0] <= range[1] else {
      throw damaged(part, expected: "two ascending data_offsets", found: offsets.summary)
    }
    guard range[1] <= dataByteCount else {
      throw damaged(
        part, expected: "data_offsets within the \(dataByteCount) bytes after the header",
        found: "\(range)")
    }
    let (first, last) = (range[0], range[1])
    let wanted = byteCount(of: extents, storedType)
    guard wanted == last - first else {
      throw damaged(
        part,
        expected:
          "\(wanted.map { "\($0) bytes" } ?? "fewer elements") for \(typeName) of shape \(extents)",
        found: "\(last - first)")
    }
    return Entry(name: name, type: storedType, shape: Shape(extents), bytes: first..<last)
  }

  /// `nil` when the number does not fit an integer, or, of an empty tensor, the strides do not.
  private func byteCount(of extents: [Int], _ type: StoredType) -> Int? {
    var product = type.byteCount
    for extent in extents {
      let (next, overflows) = product.multipliedReportingOverflow(by: max(extent, 1))
      if overflows { return nil }
      product = next
    }
    return extents.contains(0) ? 0 : product
  }

  /// The tensors must cover the bytes after the header without gaps and overlaps.
  private func checkTiling(_ dataByteCount: Int) throws(StateFileError) {
    var end = 0
    let inOrder = entries.sorted {
      ($0.bytes.lowerBound, $0.bytes.upperBound) < ($1.bytes.lowerBound, $1.bytes.upperBound)
    }
    for entry in inOrder {
      guard entry.bytes.lowerBound == end else {
        throw damaged(
          "tensor '\(entry.name)'",
          expected: "data that begins at byte \(end), where the last ended",
          found: "\(entry.bytes.lowerBound)")
      }
      end = entry.bytes.upperBound
    }
    guard end == dataByteCount else {
      throw damaged(
        "length of the file", expected: "\(end) bytes of data after the header",
        found: "\(dataByteCount)")
    }
  }

  private func damaged(_ part: String, expected: String, found: String) -> StateFileError {
    .damaged(path: path, part: part, expected: expected, found: found)
  }
}
