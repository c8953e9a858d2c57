import Core
import Datasets

extension Format {
  static var gzip: Format {
    var noise = Generator(seed: 5, 0)
    let random = (0..<700).map { _ in UInt8(truncatingIfNeeded: noise.next()) }
    let texts: [[UInt8]] = [
      [], Array("ABABABABABAB".utf8), Array(String(repeating: "In the beginning ", count: 40).utf8),
      random, [UInt8](repeating: 7, count: 5000), random + random,
    ]
    let members = texts.map(Gzip.compress)
    // Flags for a name, a comment and a checksum of the header, and two members in a row.
    var named = members[1]
    named[3] = 0x18
    named.insert(contentsOf: Array("name\0a comment\0".utf8), at: 10)
    // A stored block, and one of fixed codes, which the packer may never choose.
    let stored =
      members[0].prefix(10) + [1, 3, 0, 0xFC, 0xFF, 97, 98, 99, 0xC2, 0x41, 0x24, 0x35]
      + [3, 0, 0, 0]
    let fixed =
      members[0].prefix(10) + [0x4B, 0x4C, 0x4A, 0x06, 0x00, 0xC2, 0x41, 0x24, 0x35]
      + [3, 0, 0, 0]
    return Format(
      name: "gzip", corpus: members + [named, members[1] + members[2], Array(stored), Array(fixed)]
    ) { input in
      _ = try Gzip.decompress(input.bytes, limit: 1 << 22)
    }
  }

  static func idx(in scratch: Scratch) throws -> Format {
    var corpus: [[UInt8]] = []
    for type in IDXFile.ElementType.allCases {
      for tensor in [
        Tensor([[1, 2, 3], [4, 5, 6]]), Tensor.zeros([2, 2, 2]), Tensor.zeros([0, 4]),
      ] {
        corpus.append(try scratch.bytes(named: "a") { try IDXFile.write(tensor, to: $0, as: type) })
      }
    }
    corpus.append(Gzip.compress(corpus[0]))
    return Format(name: "idx", corpus: corpus) { input in
      let path = input.file()
      // Both ways, whatever the first one says.
      let result = Result { try IDXFile(path).read() }
      let batches = try IDXBatches(inputs: path, of: 1)
      for _ in 0..<8 { if try batches.next() == nil { break } }
      var generator = RandomGenerator(seed: 1)
      let shuffled = try IDXBatches(inputs: path, labels: path, of: 2, using: &generator)
      for _ in 0..<8 { if try shuffled.next() == nil { break } }
      _ = try result.get()
    }
  }

  static func pnm(in scratch: Scratch) throws -> Format {
    var corpus: [[UInt8]] = []
    for (channels, name) in [(1, "a.pgm"), (3, "a.ppm")] {
      let picture = Tensor.linspace(from: 0, to: 1, count: channels * 12)
        .reshaped([channels, 3, 4])
      for depth in ImageFile.Depth.allCases {
        for isText in [false, true] {
          corpus.append(
            try scratch.bytes(named: name) {
              try ImageFile.write(picture, to: $0, depth: depth, asText: isText)
            })
        }
      }
    }
    corpus.append(Gzip.compress(corpus[0]))
    corpus.append(Array("P2 # a comment\n2 1\n# another\n9 3 4\n".utf8))
    return Format(name: "pnm", corpus: corpus, words: ["P2", "P3", "P5", "P6", "#", "\n", "65536"])
    {
      try readPicture($0)
    }
  }

  /// Reads a picture as a file and from memory.
  static func readPicture(_ input: Input) throws {
    let result = Result { try ImageFile.read(input.file()) }
    _ = try ImageFile.read(bytes: input.bytes, as: .integers)
    _ = try result.get()
  }
}
