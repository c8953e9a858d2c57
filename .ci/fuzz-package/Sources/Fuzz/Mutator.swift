/// Damages sound inputs.
struct Mutator {
  let format: Format
  private static let longest = 1 << 14
  /// What a careless reader may trip over, as text.
  private static let numbers = [
    "0", "-1", "1", "2", "255", "256", "65535", "65536", "2147483647", "2147483648", "4294967295",
    "4294967296", "9223372036854775807", "9223372036854775808", "-9223372036854775808",
    "18446744073709551615", "18446744073709551616", "99999999999999999999999999", "1e999",
    "-1e-999", "1e38", "3.5e38", "nan", "inf", "-inf", "0x10", "1_000", "00", "-0", ".", "1.", ".5",
    "1e", "1e+", "+1", "",
  ]

  /// The input that `generator` leads to.
  func input(_ generator: inout Generator) -> [UInt8] {
    var bytes = generator.pick(format.corpus)
    // Mostly a little damage: much is noticed at once.
    let rounds = 1 + min(generator.below(6), generator.below(6))
    for _ in 0..<rounds { mutate(&bytes, &generator) }
    if bytes.count > Self.longest { bytes.removeLast(bytes.count - Self.longest) }
    if generator.below(4) > 0 { format.repair(&bytes) }
    return bytes
  }

  private func mutate(_ bytes: inout [UInt8], _ generator: inout Generator) {
    let place = generator.below(bytes.count + 1)
    let end = min(bytes.count, place + generator.below(1 << generator.below(9)))
    switch generator.below(12) {
    case 0, 1:
      if place < bytes.count { bytes[place] ^= 1 << UInt8(generator.below(8)) }
    case 2:
      if place < bytes.count { bytes[place] = UInt8(truncatingIfNeeded: generator.next()) }
    case 3:
      if place < bytes.count {
        bytes[place] = generator.pick([0, 1, 0x7F, 0x80, 0xFF, 10, 13, 34])
      }
    case 4: bytes.removeSubrange(place...)
    case 5: bytes.removeSubrange(place..<end)
    case 6: bytes.insert(contentsOf: Array(bytes[place..<end]), at: generator.below(place + 1))
    case 7: splice(&bytes, at: place, &generator)
    case 8, 9: writeInteger(&bytes, &generator)
    case 10: replaceNumber(in: &bytes, from: place, &generator)
    default:
      let word = format.words.isEmpty ? generator.pick(Self.numbers) : generator.pick(format.words)
      let isInserted = generator.below(2) == 0
      bytes.replaceSubrange(
        place..<(isInserted ? place : min(bytes.count, place + word.utf8.count)), with: word.utf8)
    }
  }

  /// The rest comes from another sound input.
  private func splice(_ bytes: inout [UInt8], at place: Int, _ generator: inout Generator) {
    let other = generator.pick(format.corpus)
    let start = generator.below(2) == 0 ? min(place, other.count) : generator.below(other.count + 1)
    bytes.replaceSubrange(place..., with: other[start...])
  }

  /// Length fields lie anywhere, in either order of bytes; most lie near the start.
  private func writeInteger(_ bytes: inout [UInt8], _ generator: inout Generator) {
    let width = 1 << generator.below(4)
    let room = bytes.count - width
    guard room >= 0 else { return }
    let place =
      generator.below(2) == 0 ? generator.below(min(room, 40) + 1) : generator.below(room + 1)
    let power = UInt64(1) << UInt64(generator.below(64))
    let count = UInt64(bytes.count)
    let value = generator.pick([
      0, 1, .max, .max - 1, power, power &- 1, power &+ 1, ~power, count, count + 1, count &- 8,
      .max - count, UInt64(Int64.max), generator.next(),
    ])
    let isBigEndian = generator.below(2) == 0
    for index in 0..<width {
      let shift = UInt64(8 * (isBigEndian ? width - 1 - index : index))
      bytes[place + index] = UInt8(truncatingIfNeeded: value >> shift)
    }
  }

  /// Puts another number in the place of the next one written in digits.
  private func replaceNumber(
    in bytes: inout [UInt8], from place: Int, _ generator: inout Generator
  ) {
    func isDigit(_ byte: UInt8) -> Bool { byte >= 48 && byte <= 57 }
    guard let start = bytes[place...].firstIndex(where: isDigit) else { return }
    let end = bytes[start...].firstIndex { !isDigit($0) } ?? bytes.count
    bytes.replaceSubrange(start..<end, with: generator.pick(Self.numbers).utf8)
  }
}
