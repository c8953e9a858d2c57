import Core
import Testing

@testable import Datasets

/// All that a source gives.
private func unpacked(_ bytes: [UInt8], piece: Int) throws -> [UInt8] {
  try GzipSource(ChoppedSource(bytes, piece: piece)).rest()
}

/// What `PackedReferences.long` unpacks to.
let longText: [UInt8] = {
  let lines = (0..<300).flatMap { Array("\($0 * $0 % 977)\n".utf8) }
  return [[UInt8]](repeating: lines + [UInt8](repeating: 48, count: 31_500), count: 4).flatMap {
    $0
  }
}()

@Suite struct InflateTests {
  @Test func `checksums of the standard's examples`() {
    // The check values that the catalogues of checksums give for these nine digits.
    #expect(CRC32.of(Array("123456789".utf8)) == 0xCBF4_3926)
    #expect(Adler32.of(Array("123456789".utf8)) == 0x091E_01DE)
    #expect(CRC32.of([]) == 0)
    #expect(Adler32.of([]) == 1)
  }

  @Test(arguments: [1, 7, 8, 9, 5552, 5553, 20_000])
  func `checksums do not depend on the pieces`(count: Int) {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * $0 &+ 255) }
    var (crc, adler) = (CRC32(), Adler32())
    for start in stride(from: 0, to: count, by: 13) {
      bytes[start..<min(start + 13, count)].withUnsafeBytes {
        crc.update($0)
        adler.update($0)
      }
    }
    #expect(crc.value == CRC32.of(bytes))
    #expect(adler.value == Adler32.of(bytes))
    // Bit by bit.
    var plain: UInt32 = .max
    for byte in bytes {
      plain ^= UInt32(byte)
      for _ in 0..<8 { plain = plain & 1 == 1 ? plain >> 1 ^ 0xEDB8_8320 : plain >> 1 }
    }
    #expect(crc.value == ~plain)
    var (low, high) = (1, 0)
    for byte in bytes {
      low = (low + Int(byte)) % 65_521
      high = (high + low) % 65_521
    }
    #expect(Int(adler.value) == high << 16 | low)
  }

  @Test(arguments: PackedReferences.gzip)
  func `files of zlib are unpacked`(reference: (name: String, base64: String)) throws {
    let packed = decoded(reference.base64)
    for piece in [1, 2, 7, 1000] {
      #expect(try unpacked(packed, piece: piece) == decoded(PackedReferences.text))
    }
  }

  @Test(arguments: [1, 5, 100_000])
  func `a file longer than the window is unpacked`(piece: Int) throws {
    #expect(try unpacked(decoded(PackedReferences.long), piece: piece) == longText)
  }

  @Test(arguments: PackedReferences.gzip)
  func `a damaged file is never taken for a sound one`(
    reference: (name: String, base64: String)
  ) throws {
    let packed = decoded(reference.base64)
    let text = decoded(PackedReferences.text)
    // What is left of several members may be some of them.
    let isCut = reference.name == "two members" || reference.name == "an empty member"
    let (cuts, changes) = try damages(packed) { bytes in
      let result = try Gzip.decompress(bytes)
      #expect(result == text || isCut && text.starts(with: result))
    }
    // Cut between members, or in the padding, a file is whole so far as anybody can tell.
    #expect(cuts.count == (reference.name == "padded" ? 13 : isCut ? 1 : 0))
    // Nothing but a header's own checksum checks the date, the system, hints about the content and
    // the packer, and bits that fill up a byte.
    #expect(changes.count <= (reference.name == "all header fields" ? 1 : 16))
  }

  @Test func `errors name the file, the place and what was expected`() throws {
    func message(_ change: (inout [UInt8]) -> Void) -> String {
      var bytes = decoded(PackedReferences.gzip[0].base64)
      change(&bytes)
      do {
        _ = try Gzip.decompress(bytes, file: "a.gz")
        return "none"
      } catch {
        return "\(error)"
      }
    }
    #expect(
      message { $0[0] = 0 }
        == "a.gz, byte 0: expected the bytes 1F 8B of a gzip member, found 00 8B")
    #expect(
      message { $0[2] = 7 } == "a.gz, byte 2: expected compression method 8, deflate, found 7")
    #expect(message { $0[3] = 0x20 } == "a.gz, byte 3: expected flags below 32, found 32")
    #expect(message { $0 = [] } == "a.gz, byte 0: expected a gzip header, found the end")
    #expect(message { $0.removeLast(9) }.hasSuffix("expected compressed data, found the end"))
    #expect(message { $0[$0.count - 4] = 0 }.hasSuffix("expected the length 87, found 0"))
    #expect(
      message { $0[$0.count - 8] = 0 }.contains("expected the CRC-32 3A393076, found 3A393000"))
    #expect(
      message { $0 += [1] }.hasSuffix("expected a gzip header, found the end"))
    #expect(message { $0 += [0, 1] }.hasSuffix("expected zeros up to the end, found another byte"))
  }

  @Test func `broken blocks`() throws {
    func message(_ bits: [UInt8]) -> String {
      do {
        let header: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
        _ = try Gzip.decompress(header + bits, file: "a.gz")
        return "none"
      } catch {
        return "\(error)"
      }
    }
    #expect(message([0b111]) == "a.gz, byte 10: expected a block of type 0, 1 or 2, found type 3")
    #expect(
      message([1, 5, 0, 0, 0])
        == "a.gz, byte 10: expected a length and its complement, found 5 and 0")
    // The fixed code of length 3, then distance 1, with nothing before it.
    #expect(message([0b011, 0b10, 0, 0]).contains("expected a distance of at most 0, found 1"))
    // 287 literals and 31 distances.
    #expect(message([0b1111_0101, 0b1111_1110, 0, 0]).contains("at most 286 literals"))
    #expect(message([0b101, 0, 0, 0]).contains("expected the code of a code length"))
    #expect(message([0b101, 0]).contains("expected the codes of a block, found the end"))
    #expect(
      message([0b101, 0, 0b1111_1110, 255, 255, 255, 255, 255]).contains("Huffman code of code"))
  }

  @Test func `unpacking stops at the limit that it is given`() throws {
    let packed = Gzip.compress([UInt8](repeating: 7, count: 3_000_000))
    #expect(packed.count < 4000)
    let error = #expect(throws: DataError.self) {
      try Gzip.decompress(packed, limit: 100_000, file: "a.gz")
    }
    #expect(error?.kind == .outOfRange)
    #expect(try Gzip.decompress(packed, limit: 3_000_000).count == 3_000_000)
  }
}
