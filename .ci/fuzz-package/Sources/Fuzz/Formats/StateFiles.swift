import Core
import Foundation

/// A training whose state takes all kinds of parts.
private struct Training: TrainingState {
  let model = withRandom(seed: 3) {
    Sequential {
      Dense(2, 3, activation: .tanh)
      Dense(3, 1)
    }
  }
  var step = 7
  var rate = 0.25
  var isWarm = true
  var losses = [0.5, 1.5]

  mutating func visit(by visitor: inout some StateVisitor) {
    visitor.visit("model", layer: model)
    visitor.visit("step", &step)
    visitor.visit("rate", &rate)
    visitor.visit("warm", &isWarm)
    visitor.visit("losses", list: &losses)
  }
}

extension Format {
  static func safetensors(in scratch: Scratch) throws -> Format {
    let model = Training().model
    return Format(
      name: "safetensors", corpus: try stateFiles(in: scratch), words: words,
      repair: setHeaderLength
    ) { input in
      let path = input.file()
      let file = try StateFile(contentsOf: path)
      for (_, tensor) in file.tensors { _ = tensor.scalars(as: Double.self) }
      for isStrict in [false, true] {
        do { try model.load(from: path, strict: isStrict) } catch StateFileError.mismatch {}
      }
    }
  }

  /// The header alone is damaged, as text, and put before data of the right length.
  static func json(in scratch: Scratch) throws -> Format {
    let corpus = try stateFiles(in: scratch).map { file in
      Array(file[8..<8 + (headerLength(of: file) ?? 0)])
    }
    return Format(name: "json", corpus: corpus, words: words) { input in
      var length = UInt64(input.bytes.count).littleEndian
      let header = withUnsafeBytes(of: &length) { Array($0) } + input.bytes
      input.bytes = header + [UInt8](repeating: 1, count: 1 << 12)
      do {
        _ = try StateFile(contentsOf: input.file())
      } catch StateFileError.damaged(_, "length of the file", let expected, _) {
        // The header is sound up to here: it gets the data that it speaks of.
        let count = Int(expected.prefix { $0.isNumber }) ?? 0
        input.bytes = header + [UInt8](repeating: 1, count: count)
        _ = try StateFile(contentsOf: input.file())
      }
    }
  }

  static func checkpoint(in scratch: Scratch) throws -> Format {
    let corpus = try [nil, 0.125, -.infinity].map { (metric: Double?) in
      let folder = scratch.path("checkpoints")
      let checkpoints = try Checkpoints(directory: folder)
      let path = try checkpoints.save(Training(), metric: metric, notes: ["words": "a \"note\"\n"])
      defer { try? FileManager.default.removeItem(atPath: folder) }
      return [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    }
    let words = words + ["checksum", "metric", "note.", "apus-checkpoint", "version"]
    return Format(name: "checkpoint", corpus: corpus, words: words, repair: setHeaderLength) {
      input in
      var path = input.file()
      do {
        _ = try Checkpoint(contentsOf: path)
      } catch StateFileError.damaged(_, "checksum", let expected, let found) {
        // As if somebody had meant the damage: what comes after the checksum is read as well.
        guard let place = input.bytes.firstRange(of: Array(expected.utf8)) else { return }
        input.bytes.replaceSubrange(place, with: found.utf8)
        path = input.file()
      }
      var state = Training()
      let checkpoint = try Checkpoint(contentsOf: path)
      try checkpoint.restore(&state)
      try checkpoint.restore(state.model, from: "model")
    }
  }

  private static let words = [
    "F64", "F32", "F16", "BF16", "I64", "I32", "BOOL", "\"dtype\":", "\"shape\":[", "]", "[", "{",
    "}", ",", ":", "\"data_offsets\":[0,8]", "__metadata__", "\\u0000", "\\ud800", "\\ud83d\\ude00",
    "\\", "\"", "null", "true", "[[[[[[[[[[[[[[[[[[[[", "18446744073709551615",
    "9223372036854775807", "4294967296", "-1", "1e5", "0",
  ]

  private static func stateFiles(in scratch: Scratch) throws -> [[UInt8]] {
    let types: [DType] = [.bool, .int32, .int64, .float32, .float64]
    let mixed = types.map { type in ("a.\(type)", Tensor([[0, 1, 1], [1, 0, 1]]).cast(to: type)) }
    let files = [
      StateFile(tensors: mixed.map { (name: $0.0, tensor: $0.1) }, metadata: ["é\n": "\u{1F989}"]),
      StateFile(tensors: [("empty", Tensor.zeros([0, 3])), ("scalar", Tensor(2.5))]),
      StateFile(tensors: []),
    ]
    var result = try files.map { file in
      try scratch.bytes(named: "state") { try file.write(to: $0) }
    }
    result.append(try scratch.bytes(named: "model") { try Training().model.save(to: $0) })
    // Halves, which are read but not written: two of them in the place of a float32.
    for half in ["F16 ", "BF16"] {
      let header = """
        {"h":{"dtype":"\(half.filter { $0 != " " })","shape":[3,2],"data_offsets":[0,12]}}
        """
      result.append([UInt8](repeating: 0, count: 8) + header.utf8 + (0..<12).map { 20 * $0 })
      setHeaderLength(&result[result.count - 1])
    }
    return result
  }

  private static func headerLength(of file: [UInt8]) -> Int? {
    guard file.count >= 8, let end = file[8...].lastIndex(of: UInt8(ascii: "}")) else { return nil }
    var length = end - 7
    while length % 8 != 0, 8 + length < file.count, file[8 + length] == 0x20 { length += 1 }
    return length
  }

  /// The length of the header is what it is after the damage.
  private static func setHeaderLength(_ file: inout [UInt8]) {
    guard let length = headerLength(of: file) else { return }
    for index in 0..<8 { file[index] = UInt8(truncatingIfNeeded: length >> (8 * index)) }
  }
}
