import Core
import Foundation
import Testing

private struct Counting: TrainingState {
  var count = 0
  var values = [0.5, 1.5, 2.5]
  mutating func visit(by visitor: inout some StateVisitor) {
    visitor.visit("count", &count)
    visitor.visit("values", list: &values)
  }
}

@Suite struct CheckpointDamageTests {
  let folder = try! StateFileTests.Folder()
  let checkpoints: Checkpoints

  init() throws {
    checkpoints = try Checkpoints(directory: folder.path)
    for count in 1...2 { try checkpoints.save(Counting(count: count), metric: -Double(count)) }
  }

  var last: URL { URL(fileURLWithPath: folder.file("checkpoint-000002.safetensors")) }

  /// The last one cannot be read, the one before is taken if asked for.
  func expectFallingBack(_ isExpected: (StateFileError) -> Bool, _ what: String) throws {
    let error = #expect(throws: StateFileError.self, "\(what)") { try checkpoints.latest() }
    #expect(error.map { isExpected($0) && $0.path == last.path } == true, "\(what)")
    for checkpoint in [
      try checkpoints.latest(fallingBack: true), try checkpoints.best(fallingBack: true),
    ] {
      var state = Counting()
      try checkpoint?.restore(&state)
      #expect(state.count == 1, "\(what)")
    }
  }

  func isDamaged(_ error: StateFileError) -> Bool {
    if case .damaged = error { true } else { false }
  }

  @Test func `a file cut anywhere is an error, and the one before is as good as ever`() throws {
    let bytes = try Data(contentsOf: last)
    for length in 0..<bytes.count {
      try bytes.prefix(length).write(to: last)
      try expectFallingBack(isDamaged, "\(length) bytes")
    }
    try (bytes + [0]).write(to: last)
    try expectFallingBack(isDamaged, "a byte too many")
  }

  @Test func `a changed bit anywhere is an error`() throws {
    let bytes = try Data(contentsOf: last)
    for index in bytes.indices {
      var changed = bytes
      changed[index] ^= 1 << (index % 7)
      try changed.write(to: last)
      // A space of the header that becomes another space changes nothing.
      if changed[index] == 0x09 || changed[index] == 0x0a || changed[index] == 0x0d { continue }
      #expect(throws: StateFileError.self, "byte \(index)") { try checkpoints.latest() }
      #expect(try checkpoints.latest(fallingBack: true)?.metric == -1, "byte \(index)")
    }
  }

  @Test func `a newer version is named`() throws {
    var file = try StateFile(contentsOf: last.path)
    file.metadata["version"] = "\(Checkpoint.version + 1)"
    try file.write(to: last.path)
    try expectFallingBack(
      { $0 == .newerVersion(path: last.path, found: 2, supported: 1) }, "a newer version")
    for (key, value) in [("version", "0"), ("version", "one"), ("format", "other")] {
      file = try StateFile(contentsOf: last.path)
      file.metadata[key] = value
      try file.write(to: last.path)
      try expectFallingBack(isDamaged, "\(key) \(value)")
    }
    // A file of parameters is no checkpoint.
    try Dense(2, 2).save(to: last.path)
    try expectFallingBack(isDamaged, "parameters alone")
  }

  @Test func `when none is good, the error is that of the last`() throws {
    for number in 1...2 {
      let url = URL(fileURLWithPath: folder.file("checkpoint-00000\(number).safetensors"))
      try Data([1]).write(to: url)
    }
    let error = #expect(throws: StateFileError.self) { try checkpoints.latest(fallingBack: true) }
    #expect(error?.path == last.path)
    // Saving goes on, and damaged ones leave in their turn.
    for count in 3...5 { try checkpoints.save(Counting(count: count)) }
    #expect(
      try folder.names == (3...5).map { "checkpoint-00000\($0).safetensors" })
  }

  @Test func `a folder that cannot be made or written into is named`() throws {
    let file = folder.file("file")
    try Data().write(to: URL(fileURLWithPath: file))
    for path in [file, file + "/inside", "/proc/apus/nowhere"] {
      let error = #expect(throws: StateFileError.self) { try Checkpoints(directory: path) }
      guard case .inaccessible = error else {
        Issue.record("\(path): \(String(describing: error))")
        continue
      }
    }
    let gone = folder.path + "/gone/deep/"
    let checkpoints = try Checkpoints(directory: gone)
    #expect(checkpoints.directory == gone)
    try checkpoints.save(Counting())
    #expect(try checkpoints.latest()?.path == gone + "checkpoint-000001.safetensors")
    try FileManager.default.removeItem(atPath: gone)
    let error = #expect(throws: StateFileError.self) { try checkpoints.save(Counting()) }
    guard case .inaccessible = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }
}
