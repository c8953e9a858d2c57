import Core
import Testing

@testable import Datasets

@Suite struct DeflateTests {
  /// Bytes of some kind, fixed by a seed.
  private static func bytes(_ kind: String, _ count: Int) -> [UInt8] {
    var generator = RandomGenerator(seed: 11)
    return (0..<count).map { index in
      switch kind {
      case "zeros": 0
      case "random": UInt8.random(in: 0...255, using: &generator)
      case "two letters": Bool.random(using: &generator) ? 65 : 66
      case "steps": UInt8(truncatingIfNeeded: index / 5)
      // Few values, some much rarer than others, so that codes get long.
      default: UInt8(truncatingIfNeeded: generator.next().leadingZeroBitCount)
      }
    }
  }

  @Test(
    arguments: ["zeros", "random", "two letters", "steps", "rare"],
    [0, 1, 2, 3, 4, 257, 258, 259, 1000, 40_000])
  func `what is packed unpacks to itself`(kind: String, count: Int) throws {
    let bytes = Self.bytes(kind, count)
    let packed = Gzip.compress(bytes)
    #expect(try Gzip.decompress(packed) == bytes)
    #expect(packed == Gzip.compress(bytes))
    // Stored blocks bound the loss: 5 bytes for each of 32 KB at least, and the file's own 18.
    #expect(packed.count <= count + 5 * (count / 32_768 + 1) + 18)
  }

  @Test func `text packs as well as zlib does at its default`() throws {
    let text = try TextCorpus.genesis().lines[..<400].joined(separator: "\n")
    let bytes = Array(text.utf8)
    let packed = Gzip.compress(bytes)
    #expect(try Gzip.decompress(packed) == bytes)
    // zlib 1.2.13 makes 14,244 bytes of it at level 6, without gzip's 18 around them.
    #expect(bytes.count == 47_915)
    #expect(packed.count < 14_300)
  }

  @Test func `matches reach back 32 KB and no further`() throws {
    var generator = RandomGenerator(seed: 2)
    let word = (0..<200).map { _ in UInt8.random(in: 0...255, using: &generator) }
    for gap in [32_768 - 200, 32_768 - 199] {
      let filler = (0..<gap).map { UInt8(truncatingIfNeeded: $0 / 37 * 91) }
      let bytes = word + filler + word
      #expect(try Gzip.decompress(Gzip.compress(bytes)) == bytes)
    }
  }

  @Test(arguments: [7, 9, 15])
  func `Huffman codes are complete, within the limit, and the best ones`(limit: Int) {
    var generator = RandomGenerator(seed: 3)
    for _ in 0..<50 {
      let frequencies = (0..<Int.random(in: 2...40, using: &generator)).map { _ in
        Int.random(in: 0...3, using: &generator) == 0
          ? 0 : 1 << Int.random(in: 0...20, using: &generator)
      }
      let code = HuffmanCode(frequencies: frequencies, limit: limit)
      let lengths = code.lengths.filter { $0 > 0 }.map(Int.init)
      #expect(lengths.allSatisfy { $0 <= limit })
      #expect(lengths.reduce(0) { $0 + 1 << (limit - $1) } == 1 << limit)
      #expect(zip(frequencies, code.lengths).allSatisfy { $0.0 == 0 || $0.1 > 0 })
      // Without a limit that binds, the cost is that of Huffman's algorithm: the sum of all merged
      // weights.
      var weights = frequencies.filter { $0 > 0 }
      if limit == 15, weights.count >= 2, lengths.max() ?? 0 < 15 {
        var cost = 0
        while weights.count > 1 {
          weights.sort(by: >)
          let pair = weights.removeLast() + weights.removeLast()
          cost += pair
          weights.append(pair)
        }
        #expect(code.cost(of: frequencies) == cost)
      }
    }
  }
}
