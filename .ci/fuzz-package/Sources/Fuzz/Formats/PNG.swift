import Core
import Datasets

extension Format {
  static func png(in scratch: Scratch) throws -> Format {
    var corpus: [[UInt8]] = []
    for channels in 1...4 {
      let picture = Tensor.linspace(from: 0, to: 1, count: channels * 20).reshaped([channels, 4, 5])
      for depth in ImageFile.Depth.allCases {
        corpus.append(
          try scratch.bytes(named: "a.png") { try ImageFile.write(picture, to: $0, depth: depth) })
      }
    }
    // What the writer never writes: palettes, less than eight bits, interlacing, transparency.
    let palette = Chunk("PLTE", [0, 0, 0, 255, 0, 0, 0, 255, 0, 9, 9, 9])
    let form: [(depth: UInt8, colour: UInt8, before: [Chunk])] = [
      (1, 3, [palette]), (2, 3, [palette, Chunk("tRNS", [0, 128])]), (8, 3, [palette]), (1, 0, []),
      (4, 0, [Chunk("tRNS", [0, 3])]), (8, 2, [Chunk("tRNS", [0, 1, 0, 2, 0, 3])]), (16, 6, []),
    ]
    for (depth, colour, before) in form {
      for interlace in [0, 1] as [UInt8] {
        corpus.append(encoded(8, 8, depth, colour, interlace, before))
      }
    }
    return Format(
      name: "png", corpus: corpus,
      words: ["IHDR", "PLTE", "tRNS", "IDAT", "IEND", "tEXt", "\0\0\0\0", "\0\0\0\u{1}"],
      repair: repairChecksums
    ) { try readPicture($0) }
  }

  private struct Chunk {
    let bytes: [UInt8]

    init(_ type: String, _ data: [UInt8]) {
      bytes =
        bigEndian(UInt32(data.count)) + type.utf8 + data
        + bigEndian(crc32(Array(type.utf8) + data))
    }
  }

  /// A picture of the pixels 0, 1, 2… as bytes, without filters.
  private static func encoded(
    _ width: Int, _ height: Int, _ depth: UInt8, _ colour: UInt8, _ interlace: UInt8,
    _ before: [Chunk]
  ) -> [UInt8] {
    let channels = [0: 1, 2: 3, 3: 1, 4: 2, 6: 4][Int(colour)]!
    // Adam7's passes: first column, first row, steps.
    let passes =
      interlace == 0
      ? [(0, 0, 1, 1)]
      : [
        (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2),
        (0, 1, 1, 2),
      ]
    var rows: [UInt8] = []
    for (x, y, right, down) in passes {
      let columns = (width - x + right - 1) / right
      let bytes = (columns * channels * Int(depth) + 7) / 8
      for row in 0..<(height - y + down - 1) / down {
        rows.append(UInt8(row % 5))
        rows += (0..<bytes).map {
          UInt8(truncatingIfNeeded: $0 * 37 + row) & (colour == 3 ? 1 : 255)
        }
      }
    }
    let packed = Gzip.compress(rows).dropFirst(10).dropLast(8)
    let header =
      bigEndian(UInt32(width)) + bigEndian(UInt32(height)) + [depth, colour, 0, 0, interlace]
    let chunks =
      [Chunk("IHDR", header)] + before + [
        Chunk("IDAT", [0x78, 0x9C] + packed + bigEndian(adler32(rows))), Chunk("IEND", []),
      ]
    return [0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10] + chunks.flatMap(\.bytes)
  }

  /// Makes the checksum of each chunk that of its content.
  private static func repairChecksums(_ file: inout [UInt8]) {
    var place = 8
    while place + 12 <= file.count {
      let length = file[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
      let end = place + 8 + length
      guard end + 4 <= file.count else { return }
      file.replaceSubrange(end..<end + 4, with: bigEndian(crc32(Array(file[place + 4..<end]))))
      place = end + 4
    }
  }
}

private func bigEndian(_ value: UInt32) -> [UInt8] {
  [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
}

private let crcTable: [UInt32] = (0..<256).map { byte in
  (0..<8).reduce(UInt32(byte)) { crc, _ in crc >> 1 ^ (crc & 1 == 1 ? 0xEDB8_8320 : 0) }
}

private func crc32(_ bytes: [UInt8]) -> UInt32 {
  ~bytes.reduce(~0) { $0 >> 8 ^ crcTable[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] }
}

private func adler32(_ bytes: [UInt8]) -> UInt32 {
  let (a, b) = bytes.reduce((1, 0)) { sums, byte in
    let a = (sums.0 + Int(byte)) % 65_521
    return (a, (sums.1 + a) % 65_521)
  }
  return UInt32(b << 16 | a)
}
