import Core

/// Opens a file; one that gzip packed is unpacked on the way, whatever its name.
func openUnpacked(_ path: String) throws(DataError) -> any ByteSource {
  let file = try FileSource(path)
  return try isGzip(file) ? GzipSource(file) : file
}

/// Whether a file begins as gzip's do.
func isGzip(_ file: FileSource) throws(DataError) -> Bool {
  var start: (UInt8, UInt8) = (0, 0)
  let count = try withUnsafeMutableBytes(of: &start) { bytes throws(DataError) -> Int in
    try file.read(into: bytes, at: 0)
  }
  return count == 2 && start == (0x1F, 0x8B)
}

/// The bytes of a file, unpacked.
func readFile(_ path: String) throws(DataError) -> [UInt8] {
  try openUnpacked(path).rest()
}

/// Writes a file that appears under its name only when it is complete.
func writeFile(_ bytes: [UInt8], to path: String) throws(DataError) {
  do throws(StateFileError) {
    let file = try AtomicFile(path)
    try file.write(bytes)
    try file.commit()
  } catch {
    var found = "\(error)"
    if case .inaccessible(_, let operation, let reason) = error {
      found = "cannot \(operation): \(reason)"
    }
    throw DataError(
      .unwritable, file: path, at: .file, expected: "a place to write a file", found: found)
  }
}
