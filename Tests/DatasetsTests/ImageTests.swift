import Core
import Foundation
import Testing

@testable import Datasets

/// The sample that `References/datasets.py` puts at a place.
private func sample(_ x: Int, _ y: Int, _ channel: Int, _ depth: Int) -> Int32 {
  Int32((7 * x + 13 * y + 29 * channel + x * y) % (1 << depth))
}

/// A picture of 9×10 by a formula, [channel, height, width].
private func picture(_ channels: Int, _ value: (_ x: Int, _ y: Int, _ c: Int) -> Int32) -> Tensor {
  var values: [Int32] = []
  for channel in 0..<channels {
    for y in 0..<10 {
      for x in 0..<9 { values.append(value(x, y, channel)) }
    }
  }
  return Tensor(scalars: values, shape: [channels, 10, 9])
}

@Suite struct PNGTests {
  @Test(arguments: PackedReferences.png)
  func `every colour type, depth and interlacing`(
    reference: (colour: Int, depth: Int, isInterlaced: Bool, base64: String)
  ) throws {
    let (colour, depth, _, base64) = reference
    let read = try ImageFile.read(bytes: decoded(base64), as: .integers)
    let expected =
      switch colour {
      case 3: picture(3) { x, y, c in (sample(x, y, 0, depth) * 11 + Int32(c) * 83) % 256 }
      case 0: picture(1) { sample($0, $1, $2, depth) }
      default: picture([2: 3, 4: 2, 6: 4][colour] ?? 0) { sample($0, $1, $2, depth) }
      }
    #expect(read == expected)
    let unit = try ImageFile.read(bytes: decoded(base64))
    let greatest = colour == 3 ? 255 : Float(1 << depth - 1)
    #expect(
      unit.scalars(as: Float.self) == expected.scalars(as: Float.self).map { $0 / greatest })
  }

  @Test func `transparent colours become a channel of opacity`() throws {
    func read(_ name: String) throws -> Tensor {
      try ImageFile.read(bytes: decoded(PackedReferences.special[name] ?? ""), as: .integers)
    }
    #expect(
      try read("grey 20 is clear")
        == picture(2) { x, y, c in
          c == 0 ? sample(x, y, 0, 8) : sample(x, y, 0, 8) == 20 ? 0 : 255
        })
    #expect(
      try read("colour (20, 49, 78) is clear")
        == picture(4) { x, y, c in
          c < 3 ? sample(x, y, c, 8) : sample(x, y, 0, 8) == 20 ? 0 : 255
        })
    #expect(
      try read("palette of 16, three clearer")
        == picture(4) { x, y, c in
          let index = sample(x, y, 0, 4)
          return c < 3 ? (index * 11 + Int32(c) * 83) % 256 : index < 3 ? index * 64 : 255
        })
    #expect(
      try read("one pixel") == Tensor(scalars: [0, 29, 58, 87] as [Int32], shape: [4, 1, 1]))
  }

  @Test(arguments: 1...4, ImageFile.Depth.allCases)
  func `what is written is read again`(channels: Int, depth: ImageFile.Depth) throws {
    let scale: Int32 = depth == .eight ? 1 : 257
    let tensor = picture(channels) { x, y, c in sample(x, y, c, 8) * scale }
    try withTemporaryFolder { folder in
      let path = folder + "/picture.PNG"
      try ImageFile.write(tensor, to: path, depth: depth)
      #expect(try ImageFile.read(path, as: .integers) == tensor)
      let unit = try ImageFile.read(path)
      try ImageFile.write(unit, to: path, depth: depth)
      #expect(try ImageFile.read(path) == unit)
    }
  }

  @Test func `a large smooth picture packs`() throws {
    let columns = Tensor.range(to: 300).reshaped([1, 1, 300])
    let ramp = (columns + Tensor.range(to: 200).reshaped([1, 200, 1])) / 500
    let bytes = encodePNG(Pixels(ramp, .eight))
    #expect(bytes.count < 3000)
    let error = try abs(ImageFile.read(bytes: bytes) - ramp).maximum().item()
    #expect(error <= 0.5 / 255 + 1e-6)
  }

  @Test(arguments: [0, 21, 26, 29])
  func `a damaged file is refused`(index: Int) throws {
    let bytes = decoded(PackedReferences.png[index].base64)
    let (cuts, changes) = try damages(bytes) { _ = try ImageFile.read(bytes: $0) }
    #expect(cuts.isEmpty)
    #expect(changes.isEmpty)
  }

  @Test func `errors name the place`() throws {
    func message(_ index: Int, _ change: (inout [UInt8]) -> Void) -> String {
      var bytes = decoded(PackedReferences.png[index].base64)
      change(&bytes)
      do {
        _ = try ImageFile.read(bytes: bytes, file: "a.png")
        return "none"
      } catch {
        return "\(error)"
      }
    }
    #expect(
      message(6) { $0[4] = 0 }
        == "a.png, byte 2: expected the signature of a PNG file, 4E 47 0D 0A 1A 0A, "
        + "found 4E 47 00 0A 1A 0A")
    #expect(message(6) { $0[18] = 1 }.hasPrefix("a.png, byte 29: expected the CRC-32 "))
    #expect(message(6) { $0.removeLast(12) }.hasSuffix("found the end"))
    #expect(message(6) { $0[36] = 255 }.contains("as the chunk gAMA promises, found "))
    #expect(
      message(6) { $0[37] = UInt8(ascii: "G") }.contains("expected a chunk that may stand here"))
    #expect(
      message(6) { $0[0] = 1 }
        == "a.png, byte 0: expected a picture in PNG, PGM or PPM, found bytes that begin none of them"
    )
  }
}

@Suite struct PNMTests {
  private func read(_ text: String, _ more: [UInt8] = []) throws -> Tensor {
    try ImageFile.read(bytes: Array(text.utf8) + more, as: .integers, file: "a.pgm")
  }

  @Test func `text and bytes, comments and blanks`() throws {
    let grey = Tensor(scalars: [0, 1, 2, 3, 4, 5] as [Int32], shape: [1, 2, 3])
    #expect(try read("P2 3 2 5 0 1 2 3 4 5") == grey)
    #expect(try read("P2\n# a comment\n3 # another\n\t2\r\n5\n0 1 2\n3 4 5\n") == grey)
    #expect(try read("P5\n3 2\n255\n", [0, 1, 2, 3, 4, 5]) == grey)
    #expect(try read("P5 3 2 300\n", [0, 0, 0, 1, 0, 2, 0, 3, 0, 4, 0, 5]) == grey)
    let wide = try read("P5 1 1 65535\n", [0x12, 0x34])
    #expect(wide.item() == 0x1234)
    let colour = try read("P6 2 1 255 ", [10, 20, 30, 11, 21, 31])
    #expect(colour == Tensor(scalars: [10, 11, 20, 21, 30, 31] as [Int32], shape: [3, 1, 2]))
    #expect(try read("P3 2 1 255 10 20 30 11 21 31") == colour)
    let unit = try ImageFile.read(bytes: Array("P2 2 1 7 7 1".utf8))
    #expect(unit.scalars(as: Float.self) == [1, 1 / 7])
  }

  @Test(arguments: ["pgm", "ppm", "pnm"], [false, true])
  func `what is written is read again`(ending: String, isText: Bool) throws {
    let channels = ending == "pgm" ? 1 : 3
    let tensor = picture(channels) { sample($0, $1, $2, 8) }
    try withTemporaryFolder { folder in
      let path = folder + "/a." + ending
      for depth in ImageFile.Depth.allCases {
        let values = tensor * (depth == .eight ? 1 : 257)
        try ImageFile.write(values, to: path, depth: depth, asText: isText)
        #expect(try ImageFile.read(path, as: .integers) == values)
      }
      if isText {
        #expect(try TextCorpus(path).lines.allSatisfy { $0.utf8.count <= 70 })
      }
    }
  }

  @Test func `values are rounded and cut to the range`() throws {
    let tensor = Tensor([[-1, 0, 0.5, 1, 7, .nan, 0.001]])
    #expect(
      Pixels(tensor, .eight).samples == [0, 0, 128, 255, 255, 0, 0])
    #expect(
      Pixels(Tensor(scalars: [-5, 0, 255, 256] as [Int32], shape: [1, 4]), .eight).samples
        == [0, 0, 255, 255])
  }

  @Test(arguments: [
    ("P4 1 1 ", "byte 1: expected a PGM or PPM: P2, P3, P5 or P6, found the bitmap P4"),
    ("P2 x", "byte 3: expected the width, a whole number, found the byte 78"),
    ("P2 0 1 1 1", "byte 3: expected the width from 1 to 2147483648, found 0"),
    ("P2 1 1 65536 1", "byte 7: expected the greatest value from 1 to 65535, found 65536"),
    ("P2 1 1", "byte 6: expected the greatest value, a whole number, found the end"),
    ("P2 2 1 7 7", "byte 9: expected 3 bytes or more for 2×1 pixels, found 1 at most"),
    ("P2 2 1 7 7 8", "byte 11: expected a sample from 0 to 7, found 8"),
    ("P2 2 1 7 7 7 7", "byte 13: expected the end after the last sample, found more text"),
    ("P5 2 1 7 \u{1}", "byte 9: expected 2 bytes or more for 2×1 pixels, found 1 at most"),
    ("P5 2 1 7 \u{1}\u{9}", "byte 10: expected a sample of at most 7, found 9"),
    (
      "P5 2 1 7 \u{1}\u{2}\u{3}",
      "byte 11: expected the end after the last sample, found more bytes"
    ),
    (
      "P6 99999999999999999999 2 7 ",
      "byte 3: expected the width from 1 to 2147483648, found a larger number"
    ),
  ])
  func `errors name the place`(text: String, message: String) throws {
    let error = #expect(throws: DataError.self) { try read(text) }
    #expect(error.map { "\($0)" } == "a.pgm, " + message)
  }

  @Test(arguments: ["P2 3 2 9 1 2 3 4 5 6\n", "P5 2 2 255 abcd", "P6 1 1 65535 abcdef"])
  func `a damaged file is refused or read, and nothing else`(text: String) throws {
    let (cuts, _) = try damages(Array(text.utf8)) { _ = try ImageFile.read(bytes: $0) }
    // Without its last line end, a picture in text is whole.
    #expect(cuts == (text.hasPrefix("P2") ? [text.utf8.count - 1] : []))
  }
}

@Suite struct ImageGridTests {
  @Test func `pictures stand row by row with gaps between and around`() {
    let batch = Tensor.range(from: 1, to: 7).reshaped([3, 1, 1, 2])
    #expect(
      batch.imageGrid(columns: 2, background: 9)
        == Tensor([
          [
            [9, 9, 9, 9, 9, 9, 9],
            [9, 1, 2, 9, 3, 4, 9],
            [9, 9, 9, 9, 9, 9, 9],
            [9, 5, 6, 9, 9, 9, 9],
            [9, 9, 9, 9, 9, 9, 9],
          ]
        ]))
    #expect(batch.imageGrid(gap: 0).shape == [1, 2, 4])
    #expect(batch.imageGrid(columns: 5, gap: 0).reshaped([6]) == Tensor([1, 2, 3, 4, 5, 6]))
  }

  #if os(Linux) || os(macOS)
    @Test func `what is no batch of pictures, or no name of a format, traps`() async {
      await #expect(processExitsWith: .failure) { _ = Tensor([1, 2]).imageGrid() }
      await #expect(processExitsWith: .failure) {
        try ImageFile.write(Tensor.zeros([3, 1, 1]), to: "/tmp/a.pgm")
      }
    }
  #endif
}
