import Core
import Foundation
import Testing

@testable import Datasets

/// Every format that reads bytes from strangers.
private enum Format: CaseIterable, Sendable {
  case gzip, idx, npy, npz, png, pgm, csv, text, vocabulary

  /// A small sound file.
  var sound: [UInt8] {
    switch self {
    case .gzip: decoded(PackedReferences.gzip[0].base64)
    case .idx: encodeIDX(Tensor([[1, 2, 3], [4, 5, 6]]), as: .int16)
    case .npy: encodeNPY(Tensor([[1, 2, 3], [4, 5, 6]]).cast(to: .int64))
    case .npz:
      {
        var archive = ZipWriter()
        archive.add("a.npy", encodeNPY(Tensor([1, 2])), isCompressed: false)
        archive.add("b.npy", encodeNPY(Tensor([true])), isCompressed: true)
        return archive.finish()
      }()
    case .png: decoded(PackedReferences.png[13].base64)
    case .pgm: Array("P5\n3 2\n255\nabcdef".utf8)
    case .csv: Array("x,y\n1,2\n\"3\",4\n".utf8)
    case .text: Array("one\ntwo 🦉\r\nthree".utf8)
    case .vocabulary: Array("apus vocabulary 1\t0\n<unknown>\t0\nword\\n\t3\n".utf8)
    }
  }

  /// Reads bytes in every way there is for the format.
  func read(_ bytes: [UInt8], in folder: String) throws {
    let path = folder + "/file"
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    switch self {
    case .gzip: _ = try Gzip.decompress(bytes, limit: 1 << 24)
    case .idx:
      _ = try IDXFile(path).read()
      _ = try Prefetched(IDXBatches(inputs: path, of: 1)).next()
    case .npy: _ = try NPYFile(path).read()
    case .npz: _ = try NPZFile(path).readAll()
    case .png, .pgm: _ = try ImageFile.read(path)
    case .csv:
      let reader = CSVReader(hasHeader: true, labelColumn: .last)
      _ = try Dataset(csv: path, reader)
      var batches = try CSVBatches(path, of: 1, reader, stretch: 3)
      _ = try batches.collect()
    case .text: _ = try TextCorpus(path)
    case .vocabulary: _ = try Vocabulary(path)
    }
  }
}

@Suite struct RobustnessTests {
  @Test(arguments: Format.allCases)
  private func `random damage gives values or errors, and nothing else`(format: Format) throws {
    var generator = RandomGenerator(seed: 17)
    let sound = format.sound
    try withTemporaryFolder { folder in
      try format.read(sound, in: folder)
      for _ in 0..<400 {
        var bytes = sound
        for _ in 0..<Int.random(in: 1...4, using: &generator) where !bytes.isEmpty {
          let place = Int.random(in: 0..<bytes.count, using: &generator)
          switch Int.random(in: 0..<5, using: &generator) {
          case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
          case 1: bytes.remove(at: place)
          case 2: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: place)
          case 3: bytes.replaceSubrange(place..., with: [])
          default:
            let end = Int.random(in: place..<bytes.count, using: &generator)
            bytes.insert(contentsOf: bytes[place...end], at: place)
          }
        }
        do {
          try format.read(bytes, in: folder)
        } catch let error as DataError {
          // The text is for people; it must be there, and on one line unless the file's text is not.
          #expect("\(error)".contains("expected"))
        }
      }
    }
  }

  @Test(arguments: Format.allCases)
  private func `a missing file, a folder and an unreadable place are named`(format: Format) throws {
    guard format != .gzip else { return }
    for (path, found) in [
      ("/nowhere/file", "none"), ("/tmp", "a folder"), ("/dev/null", "regular"),
    ] {
      let error = #expect(throws: DataError.self) {
        switch format {
        case .idx: _ = try IDXFile(path)
        case .npy: _ = try NPYFile(path)
        case .npz: _ = try NPZFile(path)
        case .csv: _ = try CSVBatches(path, of: 1)
        case .text: _ = try TextLines(path)
        case .vocabulary: _ = try Vocabulary(path)
        default: _ = try ImageFile.read(path)
        }
      }
      #expect(error?.kind == .unreadable)
      #expect(error.map { "\($0)" }?.hasPrefix("\(path): expected a readable file, found ") == true)
      #expect(error?.found.contains(found) == true)
    }
    let error = #expect(throws: DataError.self) {
      try ImageFile.write(Tensor.zeros([1, 1, 1]), to: "/nowhere/a.png")
    }
    #expect(error?.kind == .unwritable)
  }

  #if os(Linux)
    // In a process of its own, whose memory is limited to little more than it has.
    @Test func `a header that lies costs no memory`() async {
      await #expect(processExitsWith: .success) {
        let status = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
        let pages = try #require(status.split(separator: " ").first.flatMap { Int($0) })
        var limit = rlimit()
        limit.rlim_cur = rlim_t(pages * 4096 + 200 << 20)
        limit.rlim_max = limit.rlim_cur
        #expect(setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0)

        func refuses(_ bytes: [UInt8], _ read: (String) throws -> Void) throws {
          try withFile(bytes) { path in
            _ = #expect(throws: DataError.self) { try read(path) }
          }
        }
        // Half a gigabyte and more of elements, promised by a few bytes, packed ones too.
        let idx: [UInt8] = [0, 0, 8, 2, 0, 1, 0, 0, 0, 0, 0x80, 0, 1, 2, 3]
        let padded = idx + [UInt8](repeating: 0, count: 60_000)
        let array = NPYHeader.magic + [1, 0, 64, 0]
        let text = "{'descr': '<f8', 'fortran_order': False, 'shape': (99999999,)}  "
        let lie = array + Array(text.utf8)
        try refuses(lie) { _ = try NPYFile($0).read() }
        var archive = ZipWriter()
        archive.add("x.npy", lie, isCompressed: true)
        try refuses(archive.finish()) { _ = try NPZFile($0).read("x") }
        for bytes in [idx, Gzip.compress(idx), padded] {
          try refuses(bytes) { _ = try IDXFile($0).read() }
          try refuses(bytes) { path in
            let batches = try IDXBatches(inputs: path, of: 1 << 16)
            _ = try batches.next()
          }
        }
        // 2 MB that nothing packs, so that the file is large enough for what its header promises.
        var noise = RandomGenerator(seed: 1)
        let random = (0..<1 << 19).map { _ in UInt8.random(in: 0...255, using: &noise) }
        try refuses(Gzip.compress(Array(idx.dropLast(3)) + random)) { _ = try IDXFile($0).read() }

        for text in ["P5 60000 60000 255\n", "P2 60000 60000 255\n", "P6 99999 99999 9 abc"] {
          try refuses(Array(text.utf8)) { _ = try ImageFile.read($0) }
        }
        var png = decoded(PackedReferences.png[6].base64)
        png.replaceSubrange(16..<24, with: [0, 0, 0x60, 0, 0, 0, 0x60, 0])
        let crc = CRC32.of(Array(png[12..<29]))
        png.replaceSubrange(
          29..<33, with: (0..<4).map { UInt8(truncatingIfNeeded: crc >> (24 - 8 * $0)) })
        try refuses(png) { _ = try ImageFile.read($0) }
      }
    }
  #endif
}
