extension StateFile {
  /// Writes the file, whole or not at all: under another name in the same folder first, then renamed
  /// over what was there once it is safe on the disk.
  ///
  /// The bytes depend on the tensors, their order and the metadata alone. Traps when two tensors
  /// have one name.
  public func write(to path: String) throws(StateFileError) {
    let (header, order) = serializedHeader()
    let file = try AtomicFile(path)
    try file.write((0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) } + header)
    for index in order {
      let dense = tensors[index].tensor.detached.contiguous()
      let bytes = UnsafeRawBufferPointer(
        start: dense.pointer, count: dense.count * dense.dtype.byteCount)
      try file.write(bytes)
      extendLifetime(dense.storage)
    }
    try file.commit()
  }

  /// The header, padded so that the elements start at a multiple of 8 bytes, and the order in which
  /// their bytes follow: wide types first, so that each is aligned.
  private func serializedHeader() -> (bytes: [UInt8], order: [Int]) {
    let order = tensors.indices.sorted {
      let (a, b) = (tensors[$0].tensor.dtype.byteCount, tensors[$1].tensor.dtype.byteCount)
      return a == b ? $0 < $1 : a > b
    }
    var offsets = [Range<Int>](repeating: 0..<0, count: tensors.count)
    var end = 0
    for index in order {
      let (start, tensor) = (end, tensors[index].tensor)
      end += tensor.count * tensor.dtype.byteCount
      offsets[index] = start..<end
    }
    var names: Set<String> = ["__metadata__"]
    var entries: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key < $1.key }.map {
        "\(quoted($0.key)):\(quoted($0.value))"
      }
      entries.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
    }
    for (index, (name, tensor)) in tensors.enumerated() {
      require(names.insert(name).inserted, "StateFile: the name '\(name)' is taken")
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      let range = offsets[index]
      entries.append(
        """
        \(quoted(name)):{"dtype":"\(StoredType(tensor.dtype).rawValue)","shape":[\(shape)],\
        "data_offsets":[\(range.lowerBound),\(range.upperBound)]}
        """)
    }
    var bytes = Array("{\(entries.joined(separator: ","))}".utf8)
    while bytes.count % 8 != 0 { bytes.append(UInt8(ascii: " ")) }
    return (bytes, order)
  }
}

/// A string as JSON writes it.
private func quoted(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case "\u{0}"..<" ":
      let digits = String(scalar.value, radix: 16)
      result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result + "\""
}
