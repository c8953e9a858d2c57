/// What the metadata of a checkpoint's file says.
struct CheckpointHeader {
  static let checksumKey = "checksum"
  private static let format = "apus-checkpoint"
  private static let notePrefix = "note."

  let metric: Double?
  let notes: [String: String]
  let checksum: String

  /// Reads no more of a file than its header.
  init(of path: String) throws(StateFileError) {
    let file = try InputFile(path)
    self = try CheckpointHeader(try StateFile.header(of: file).metadata, path: path)
  }

  init(_ metadata: [String: String], path: String) throws(StateFileError) {
    func damaged(_ part: String, _ expected: String) -> StateFileError {
      .damaged(path: path, part: part, expected: expected, found: metadata[part] ?? "nothing")
    }
    guard metadata["format"] == Self.format else { throw damaged("format", Self.format) }
    guard let version = metadata["version"].flatMap({ Int($0) }), version > 0 else {
      throw damaged("version", "a number from 1 up")
    }
    guard version <= Checkpoint.version else {
      throw .newerVersion(path: path, found: version, supported: Checkpoint.version)
    }
    guard let checksum = metadata[Self.checksumKey] else { throw damaged(Self.checksumKey, "one") }
    metric = try metadata["metric"].map { text throws(StateFileError) in
      guard let number = Double(text) else { throw damaged("metric", "a number") }
      return number
    }
    self.checksum = checksum
    notes = Dictionary(
      uniqueKeysWithValues: metadata.filter { $0.key.hasPrefix(Self.notePrefix) }.map {
        (String($0.key.dropFirst(Self.notePrefix.count)), $0.value)
      })
  }

  static func metadata(metric: Double?, notes: [String: String]) -> [String: String] {
    var metadata = ["format": format, "version": String(Checkpoint.version)]
    metadata["metric"] = metric.map { "\($0)" }
    for (key, value) in notes { metadata[notePrefix + key] = value }
    return metadata
  }
}
