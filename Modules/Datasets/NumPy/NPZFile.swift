import Core

/// Named arrays in one file, as `numpy.savez` and `numpy.savez_compressed` write them: a zip archive
/// of `.npy` files.
///
/// ```swift
/// let file = try NPZFile("digits.npz")
/// let images = try file.read("images")
/// try NPZFile.write([("x", x), ("y", y)], to: "pair.npz", isCompressed: true)
/// ```
///
/// Opening reads the archive's directory only. Entries may be stored or deflated; each is checked by
/// its length and CRC-32. Those whose names do not end in `.npy` are passed over.
public struct NPZFile: Sendable {
  /// Where the file is.
  public let path: String
  /// The names of the arrays, in the order of the archive.
  public let names: [String]

  /// Reads the directory of the archive at `path`.
  ///
  /// - Throws: ``DataError`` when there is no such file, or when it is no zip archive.
  public init(_ path: String) throws(DataError) {
    self.path = path
    names = try ZipDirectory(FileSource(path)).entries.compactMap {
      $0.name.hasSuffix(Self.suffix) ? String($0.name.dropLast(Self.suffix.count)) : nil
    }
  }

  /// One array.
  ///
  /// - Parameters:
  ///   - name: As in ``names``.
  ///   - dtype: The type to convert the elements to; by default the one that holds every element
  ///     exactly (see ``NPYFile/ElementType/dtype``).
  /// - Throws: ``DataError`` when there is no such array, when it is damaged, or when it is no array
  ///   of numbers or truth values of up to 8 axes.
  public func read(_ name: String, as dtype: DType? = nil) throws(DataError) -> Tensor {
    let directory = try ZipDirectory(FileSource(path))
    guard let entry = directory.entries.first(where: { $0.name == name + Self.suffix }) else {
      throw DataError(
        .missingColumn, file: path, at: .file, expected: "an array '\(name)'",
        found: names.isEmpty ? "none" : names.joined(separator: ", "))
    }
    let source = try directory.source(of: entry)
    let tensor = try readNPYElements(of: NPYHeader(source), from: source)
    return dtype.map { tensor.cast(to: $0) } ?? tensor
  }

  /// Every array, in the order of the archive.
  public func readAll() throws(DataError) -> [(name: String, tensor: Tensor)] {
    var arrays: [(name: String, tensor: Tensor)] = []
    for name in names { arrays.append((name, try read(name))) }
    return arrays
  }

  /// Writes arrays, each in its own type and row-major order; the file appears under its name only
  /// when it is complete. The same arrays always give the same bytes.
  ///
  /// Traps when two arrays have one name.
  ///
  /// - Parameters:
  ///   - arrays: The tensors by name.
  ///   - path: Where to, `.npz` by custom.
  ///   - isCompressed: Whether entries are deflated; stored unless told otherwise.
  /// - Throws: ``DataError`` when the file cannot be written, or when it would need 4 GB or more.
  public static func write(
    _ arrays: [(name: String, tensor: Tensor)], to path: String, isCompressed: Bool = false
  ) throws(DataError) {
    var archive = ZipWriter()
    var names: Set<String> = []
    for (name, tensor) in arrays {
      require(names.insert(name).inserted, "NPZFile: the name '\(name)' is taken")
      archive.add(name + suffix, encodeNPY(tensor), isCompressed: isCompressed)
      guard archive.fits else {
        throw DataError(
          .unsupported, file: path, at: .file, expected: "arrays of less than 4 GB in all",
          found: "more")
      }
    }
    try writeFile(archive.finish(), to: path)
  }

  private static let suffix = ".npy"
}
