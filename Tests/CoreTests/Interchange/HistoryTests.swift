import Core
import Foundation
import Testing

@Suite struct HistoryTests {
  private func history() -> TrainingHistory {
    var history = TrainingHistory()
    history.record(["loss": 0.5, "accuracy, \"test\"": 0.25], at: 1, time: 1_700_000_000.5)
    history.record(["loss": 0.1], at: 2, time: 1_700_000_001)
    history.record("rate", .nan, at: 300, time: 1_700_000_002)
    return history
  }

  @Test func `numbers by name and step`() {
    let history = history()
    #expect(history.names == ["loss", "accuracy, \"test\"", "rate"])
    #expect(history["loss"].map(\.value) == [0.5, 0.1] && history["loss"].map(\.step) == [1, 2])
    #expect(history["nothing"].isEmpty)
    #expect(
      history.csv == """
        step,loss,"accuracy, ""test""\",rate
        1,0.5,0.25,
        2,0.1,,
        300,,,nan

        """)
    var now = TrainingHistory()
    now.record("x", 1, at: 0)
    #expect(abs(now["x"][0].time - Date().timeIntervalSince1970) < 60)
  }

  @Test func `it is a state`() throws {
    let before = history()
    var after = TrainingHistory()
    after.record("other", 7, at: 7)
    let parts = Dictionary(uniqueKeysWithValues: before.stateTensors.map { ($0.name, $0.tensor) })
    try after.restore(parts)
    #expect(after.names == before.names && after.csv == before.csv)
    #expect(after["loss"] == before["loss"])
  }

  // The bytes are those that TensorBoard's own reader takes (`Tests/References/tensorboard_events.py` asks it);
  // here a reader of ten lines checks lengths, checksums and numbers.
  @Test func `event files are records with masked checksums`() throws {
    let folder = NSTemporaryDirectory() + "apus-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var history = history()
    try history.write(tensorBoard: folder)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    #expect(names == ["events.out.tfevents.1700000000.apus"])
    let url = URL(fileURLWithPath: folder + "/" + names[0])
    let first = [UInt8](try Data(contentsOf: url))
    let records = try records(first)
    #expect(records.count == 5)
    #expect(String(decoding: records[0], as: UTF8.self).hasSuffix("brain.Event:2"))
    // Field 1, a double; field 2, a varint; field 5 > 1 > (1: name, 2: float).
    let time = withUnsafeBytes(of: 1_700_000_000.5) { Array($0) }
    let value = withUnsafeBytes(of: Float(0.5)) { Array($0) }
    #expect(
      records[1] == [0x09] + time + [0x10, 1, 0x2A, 13, 0x0A, 11, 0x0A, 4] + Array("loss".utf8)
        + [0x15] + value)
    #expect(records[4][9...].starts(with: [0x10, 0xAC, 0x02]))
    history.record("loss", 0.05, at: 3, time: 1_700_000_003)
    try history.write(tensorBoard: folder)
    let second = [UInt8](try Data(contentsOf: url))
    #expect(second.starts(with: first) && second.count > first.count)
    if let kept = ProcessInfo.processInfo.environment["APUS_ROUND_TRIP"] {
      try history.write(tensorBoard: kept + "/board")
    }
  }

  private func records(_ bytes: [UInt8]) throws -> [[UInt8]] {
    func number(_ place: Int, _ size: Int) -> Int {
      bytes[place..<place + size].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
    var (place, result) = (0, [[UInt8]]())
    while place < bytes.count {
      let count = number(place, 8)
      #expect(number(place + 8, 4) == Int(masked(bytes[place..<place + 8])))
      let data = bytes[place + 12..<place + 12 + count]
      #expect(number(place + 12 + count, 4) == Int(masked(data)))
      result.append(Array(data))
      place += 16 + count
    }
    return result
  }

  /// Bit by bit, as the polynomial is defined; 123456789 gives E3069283 by RFC 3720's kin.
  private func crc(_ bytes: some Sequence<UInt8>) -> UInt32 {
    var crc: UInt32 = ~0
    for byte in bytes {
      for bit in 0..<8 {
        let low = (crc ^ UInt32(byte) >> UInt32(bit)) & 1
        crc = crc >> 1 ^ (low == 1 ? 0x82F6_3B78 : 0)
      }
    }
    return ~crc
  }

  private func masked(_ bytes: some Sequence<UInt8>) -> UInt32 {
    let crc = crc(bytes)
    return (crc >> 15 | crc << 17) &+ 0xA282_EAD8
  }

  @Test func `the reader's checksum is Castagnoli's`() {
    #expect(crc("123456789".utf8) == 0xE306_9283)
  }
}
