extension StateFile {
  /// A number that changes with every bit of the tensors, their names and types, and the metadata
  /// (but for the entry `except`): against damage, not against malice.
  ///
  /// Each step is a bijection of the sum so far and of the word that it takes in, so that a change
  /// within one word always shows.
  func checksum(except: String) -> UInt64 {
    var sum = Checksum()
    for (key, value) in metadata.sorted(by: { $0.key < $1.key }) where key != except {
      sum.add(key)
      sum.add(value)
    }
    for (name, tensor) in tensors {
      sum.add(name)
      sum.add(StoredType(tensor.dtype).rawValue)
      for extent in [tensor.rank] + tensor.shape { sum.add(UInt64(extent)) }
      let dense = tensor.contiguous()
      sum.add(
        UnsafeRawBufferPointer(start: dense.pointer, count: dense.count * dense.dtype.byteCount))
      extendLifetime(dense.storage)
    }
    return sum.value
  }
}

private struct Checksum {
  private(set) var value: UInt64 = 0x9e37_79b9_7f4a_7c15

  mutating func add(_ word: UInt64) {
    value = (value ^ word) &* 0xd6e8_feb8_6659_fd93
    value = value << 29 | value >> 35
  }

  mutating func add(_ text: String) {
    let bytes = Array(text.utf8)
    bytes.withUnsafeBytes { add($0) }
  }

  /// The bytes by words, the last one filled up with zeros, after their number.
  mutating func add(_ bytes: UnsafeRawBufferPointer) {
    add(UInt64(bytes.count))
    let whole = bytes.count & ~7
    for offset in stride(from: 0, to: whole, by: 8) {
      add(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
    }
    if whole < bytes.count {
      add(bytes[whole...].reversed().reduce(0) { $0 << 8 | UInt64($1) })
    }
  }
}
