/// Something that reads bytes from strangers, and sound examples of them to start from.
struct Format {
  let name: String
  /// Sound inputs, made by the package's own writers where there are such.
  let corpus: [[UInt8]]
  /// What the format is made of: names, numbers, marks. Mutations put them anywhere.
  var words: [String] = []
  /// Makes damaged bytes pass the checks that come first, lengths and checksums, so that damage
  /// further in is reached as well.
  var repair: (inout [UInt8]) -> Void = { _ in }
  /// Reads bytes in every way there is. What it throws must be one of the package's typed errors.
  let read: (Input) throws -> Void
}

extension Format {
  static func all(in scratch: Scratch) throws -> [Format] {
    [
      try .safetensors(in: scratch), try .json(in: scratch), try .checkpoint(in: scratch),
      .gzip, try .idx(in: scratch), try .npy(in: scratch), try .npz(in: scratch),
      try .png(in: scratch), try .pnm(in: scratch), .csv, .text,
      try .vocabulary(in: scratch), try .vectors(in: scratch), .commandLine,
    ]
  }
}
