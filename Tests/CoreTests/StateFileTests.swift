import Core
import Foundation
import Testing

@Suite struct StateFileTests {
  /// A folder of its own for each test, removed with it.
  final class Folder {
    let path: String

    init() throws {
      path = NSTemporaryDirectory() + "apus-\(UUID().uuidString)"
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String = "state.safetensors") -> String { path + "/" + name }

    var names: [String] {
      get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
    }
  }

  let folder = try! Folder()

  /// A file with the given header and data.
  func write(_ header: String, data: [UInt8] = [], length: UInt64? = nil) throws -> String {
    let count = length ?? UInt64(header.utf8.count)
    let bytes = (0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }
    try Data(bytes + Array(header.utf8) + data).write(to: URL(fileURLWithPath: folder.file()))
    return folder.file()
  }

  func entry(_ dtype: String, _ shape: String, _ offsets: String) -> String {
    #"{"dtype":"\#(dtype)","shape":\#(shape),"data_offsets":\#(offsets)}"#
  }

  static let tensors: [(name: String, tensor: Tensor)] = [
    ("weight", Tensor([[1.5, -2, 0.25], [3, 0, -0.5]])),
    ("small", Tensor(scalars: [5, -6, 7] as [Int32], shape: [3])),
    ("double", Tensor([0.1, -1e300], dtype: .float64)),
    ("truth", Tensor([true, false, true])),
    ("index", Tensor([-7, 1 << 40] as [Int])),
    ("scalar", Tensor(4)),
    ("empty", Tensor.zeros([0, 3])),
  ]

  // MARK: Reading what was written

  @Test func `what is written is read`() throws {
    let metadata = ["b": "two\nlines, \"quoted\" \\ \u{1}", "a": "é 🐦"]
    let path = folder.file()
    try StateFile(tensors: Self.tensors, metadata: metadata).write(to: path)
    let file = try StateFile(contentsOf: path)
    #expect(file.metadata == metadata)
    #expect(file.tensors.map(\.name) == Self.tensors.map(\.name))
    for (name, tensor) in Self.tensors { #expect(file[name] == tensor, "\(name)") }
    #expect(file["nothing"] == nil)
  }

  @Test func `views are written as they look`() throws {
    let x = Tensor([[1, 2, 3], [4, 5, 6]])
    let path = folder.file()
    try StateFile(tensors: [
      ("t", x.transposed()), ("s", x[0..., 1]), ("b", x[0].broadcast(to: [2, 3])),
    ])
    .write(to: path)
    let file = try StateFile(contentsOf: path)
    #expect(file["t"] == x.transposed() && file["s"] == Tensor([2, 5]))
    #expect(file["b"] == Tensor([[1, 2, 3], [1, 2, 3]]))
  }

  @Test func `an empty file of no tensors is one`() throws {
    let path = folder.file()
    try StateFile(tensors: []).write(to: path)
    #expect(try StateFile(contentsOf: path).tensors.isEmpty)
  }

  @Test func `the bytes depend on the values alone, and elements are aligned`() throws {
    let metadata = Dictionary(uniqueKeysWithValues: (0..<20).map { ("key \($0)", "\($0)") })
    var first: Data?
    for round in 0..<5 {
      let path = folder.file("\(round)")
      let shuffled = Dictionary(uniqueKeysWithValues: metadata.shuffled())
      try StateFile(tensors: Self.tensors, metadata: shuffled).write(to: path)
      let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
      #expect(first == nil || bytes == first)
      first = bytes
    }
    let bytes = try #require(first)
    let length = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    #expect((8 + length) % 8 == 0)
    let header = try #require(
      JSONSerialization.jsonObject(with: bytes[8..<(8 + length)]) as? [String: [String: Any]])
    for (name, tensor) in Self.tensors {
      let offsets = try #require(header[name]?["data_offsets"] as? [Int])
      #expect(offsets[0] % tensor.dtype.byteCount == 0)
    }
  }

  @Test func `a file of Python's safetensors is read`() throws {
    // Made by Tests/References/state_files.py.
    let hex = """
      50020000000000007b225f5f6d657461646174615f5f223a7b226d616465206279223a22507974686f6e2c205c22\
      71756f7465645c2220c3a9227d2c22696e646578223a7b226474797065223a22493634222c227368617065223a5b\
      325d2c22646174615f6f666673657473223a5b302c31365d7d2c22646f75626c65223a7b226474797065223a2246\
      3634222c227368617065223a5b325d2c22646174615f6f666673657473223a5b31362c33325d7d2c22656d707479\
      223a7b226474797065223a22463332222c227368617065223a5b302c335d2c22646174615f6f666673657473223a\
      5b33322c33325d7d2c227363616c6172223a7b226474797065223a22463332222c227368617065223a5b5d2c2264\
      6174615f6f666673657473223a5b33322c33365d7d2c22776569676874223a7b226474797065223a22463332222c\
      227368617065223a5b322c335d2c22646174615f6f666673657473223a5b33362c36305d7d2c22736d616c6c223a\
      7b226474797065223a22493332222c227368617065223a5b335d2c22646174615f6f666673657473223a5b36302c\
      37325d7d2c22627261696e223a7b226474797065223a2242463136222c227368617065223a5b335d2c2264617461\
      5f6f666673657473223a5b37322c37385d7d2c2268616c66223a7b226474797065223a22463136222c2273686170\
      65223a5b365d2c22646174615f6f666673657473223a5b37382c39305d7d2c227472757468223a7b226474797065\
      223a22424f4f4c222c227368617065223a5b335d2c22646174615f6f666673657473223a5b39302c39335d7d7d20\
      2020f9ffffffffffffff00000000000100009a9999999999b93f9c7500883ce437fe000080400000c03f000000c0\
      0000803e0000404000000000000000bf05000000faffffff07000000803f40c04a71003c00c100040100ff7b00fc\
      010001
      """
    let digits = Array(hex.utf8.filter { $0 != 10 && $0 != 32 })
    let bytes = stride(from: 0, to: digits.count, by: 2).map {
      UInt8(String(decoding: digits[$0...($0 + 1)], as: UTF8.self), radix: 16)!
    }
    try Data(bytes).write(to: URL(fileURLWithPath: folder.file()))
    let file = try StateFile(contentsOf: folder.file())
    #expect(file.metadata == ["made by": "Python, \"quoted\" é"])
    #expect(file.tensors.count == 9)
    for (name, tensor) in Self.tensors { #expect(file[name] == tensor, "\(name)") }
    #expect(
      file["half"]
        == Tensor([1, -2.5, 0x1p-14, 0x1p-24, 65504, -.infinity]))
    #expect(file["brain"]?[..<2] == Tensor([1, -3]))
    #expect(file["brain"]?[2].item() == 1.0002555517425873e+30)
  }

  @Test func `every half-precision number is read exactly`() throws {
    let data = (0..<65536).flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
    let path = try write(
      "{\"x\":\(entry("F16", "[65536]", "[0,131072]"))}", data: data)
    let values = try #require(try StateFile(contentsOf: path)["x"]).scalars(as: Float.self)
    for bits in 0..<65536 {
      let exponent = bits >> 10 & 31
      let fraction = Double(bits & 1023)
      let sign = bits < 32768 ? 1.0 : -1.0
      let scale = { (power: Int) in Double(sign: .plus, exponent: power, significand: 1) }
      let expected =
        exponent == 0 ? fraction * scale(-24) : (1024 + fraction) * scale(exponent - 25)
      switch (exponent, fraction) {
      case (31, 0): #expect(Double(values[bits]) == sign * .infinity)
      case (31, _): #expect(values[bits].isNaN)
      default:
        #expect(Double(values[bits]) == sign * expected)
        #expect((values[bits].sign == .minus) == (sign < 0))
      }
    }
  }

  // MARK: Damage

  func damage(_ path: String) -> (part: String, expected: String, found: String)? {
    do {
      _ = try StateFile(contentsOf: path)
      return nil
    } catch {
      guard case .damaged(let named, let part, let expected, let found) = error else { return nil }
      #expect(named == path)
      return (part, expected, found)
    }
  }

  @Test func `a file that is missing says why`() throws {
    let path = folder.file("nothing")
    #expect(
      throws: StateFileError.inaccessible(
        path: path, operation: "open it", reason: "No such file or directory")
    ) { try StateFile(contentsOf: path) }
    #expect(throws: StateFileError.self) { try StateFile(contentsOf: folder.path) }
  }

  @Test func `every truncation is found`() throws {
    try StateFile(tensors: Self.tensors, metadata: ["a": "b"]).write(to: folder.file())
    let bytes = try Data(contentsOf: URL(fileURLWithPath: folder.file()))
    for length in 0..<bytes.count {
      try bytes.prefix(length).write(to: URL(fileURLWithPath: folder.file("short")))
      #expect(damage(folder.file("short")) != nil, "\(length) bytes")
    }
    try (bytes + [0]).write(to: URL(fileURLWithPath: folder.file("long")))
    #expect(damage(folder.file("long"))?.part == "length of the file")
  }

  @Test func `no changed byte of the header crashes`() throws {
    try StateFile(tensors: Self.tensors, metadata: ["a": "b"]).write(to: folder.file())
    let bytes = try Data(contentsOf: URL(fileURLWithPath: folder.file()))
    let length = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    var generator = RandomGenerator(seed: 1)
    for _ in 0..<400 {
      var changed = bytes
      changed[Int.random(in: 0..<(8 + length), using: &generator)] =
        Bool.random(using: &generator)
        ? UInt8.random(in: 32..<127, using: &generator)
        : UInt8.random(in: 0...255, using: &generator)
      try changed.write(to: URL(fileURLWithPath: folder.file("changed")))
      _ = try? StateFile(contentsOf: folder.file("changed"))
    }
  }

  @Test func `a lying length is found before anything is allocated`() throws {
    for length: UInt64 in [3, 100, 1 << 40, .max, UInt64(Int64.max), 1 << 63] {
      #expect(damage(try write("{}", length: length))?.part == "length of the header")
    }
    let huge = entry("F32", "[4294967296,4294967296]", "[0,0]")
    #expect(damage(try write("{\"x\":\(huge)}"))?.found == "0")
    // No elements, but strides that no integer holds.
    let empty = entry("F32", "[0,9223372036854775807,4294967296]", "[0,0]")
    #expect(damage(try write("{\"x\":\(empty)}"))?.found == "0")
    let large = entry("F64", "[1000000000000]", "[0,8000000000000]")
    let found = try #require(damage(try write("{\"x\":\(large)}", data: [0, 0])))
    #expect(found.expected == "data_offsets within the 2 bytes after the header")
  }

  @Test(arguments: [
    ("[2]", "[0,4]", "8 bytes for F32 of shape [2]"),
    ("[1]", "[4,0]", "two ascending data_offsets"),
    ("[1]", "[-4,0]", "two ascending data_offsets"),
    ("[1]", "[0]", "two ascending data_offsets"),
    ("[-1]", "[0,4]", "a shape of at most 8 extents"),
    ("[1.0]", "[0,4]", "a shape of at most 8 extents"),
    ("[1,1,1,1,1,1,1,1,1]", "[0,4]", "a shape of at most 8 extents"),
    ("\"1\"", "[0,4]", "a shape of at most 8 extents"),
    ("[1]", "[1,5]", "data_offsets within the 4 bytes after the header"),
  ])
  func `a wrong entry says what was expected`(
    shape: String, offsets: String, expected: String
  ) throws {
    let path = try write(
      "{\"x\":\(entry("F32", shape, offsets))}", data: [0, 0, 0, 0])
    let found = try #require(damage(path))
    #expect(found.part == "tensor 'x'" && found.expected == expected)
  }

  @Test func `overlaps and gaps are found`() throws {
    let four = [UInt8](repeating: 0, count: 12)
    func file(_ a: String, _ b: String) throws -> String {
      try write("{\"a\":\(entry("F32", "[1]", a)),\"b\":\(entry("F32", "[1]", b))}", data: four)
    }
    #expect(damage(try file("[0,4]", "[0,4]"))?.part == "tensor 'b'")
    #expect(damage(try file("[0,4]", "[2,6]"))?.part == "tensor 'b'")
    #expect(damage(try file("[8,12]", "[0,4]"))?.part == "tensor 'a'")
    #expect(damage(try file("[4,8]", "[0,4]"))?.part == "length of the file")
  }

  @Test(arguments: [
    "", "[]", "{", "{}x", "{\"x\"}", "{\"x\":}", "{\"x\":1", "{,}", "{\"x\":{}}", "{\"x\":3}",
    "nul",
    "{\"__metadata__\":3}", "{\"__metadata__\":{\"a\":1}}", "{\"a\\q\":1}", "{\"a\u{1}\":1}",
    "{\"a\\ud800\":1}", "{\"x\":01}", "{\"x\":1.}", "{\"x\":-}",
    "{\"__metadata__\":{\"a\":\"b\",\"a\":\"b\"}}",
  ])
  func `a header that is no such JSON is found`(header: String) throws {
    #expect(damage(try write(header)) != nil)
  }

  @Test func `a name that occurs twice is found`() throws {
    let zero = entry("F32", "[0]", "[0,0]")
    let found = damage(try write("{\"x\":\(zero),\"x\":\(zero)}"))
    #expect(found?.expected == "'x' no more than once")
  }

  @Test func `deep nesting is found`() throws {
    #expect(damage(try write(String(repeating: "{\"x\":", count: 100_000))) != nil)
    #expect(damage(try write(String(repeating: "{\"x\":[[", count: 100_000))) != nil)
  }

  @Test func `an unknown type is named`() throws {
    let path = try write("{\"x\":\(entry("F8_E4M3", "[1]", "[0,1]"))}", data: [0])
    #expect(
      throws: StateFileError.unsupportedType(path: path, tensor: "x", type: "F8_E4M3")
    ) { try StateFile(contentsOf: path) }
  }

  @Test func `a truth value that is neither is found`() throws {
    let path = try write("{\"x\":\(entry("BOOL", "[3]", "[0,3]"))}", data: [0, 1, 2])
    #expect(damage(path)?.found == "2 at element 2")
  }

  // MARK: Writing

  @Test func `writing replaces the file and leaves nothing else`() throws {
    let path = folder.file()
    try StateFile(tensors: [("x", Tensor([1]))]).write(to: path)
    try StateFile(tensors: [("x", Tensor([2]))]).write(to: path)
    #expect(try StateFile(contentsOf: path)["x"] == Tensor([2]))
    #expect(try folder.names == ["state.safetensors"])
  }

  @Test func `what cannot be written throws and leaves nothing behind`() throws {
    let file = StateFile(tensors: [("x", Tensor([1]))])
    #expect(throws: StateFileError.self) { try file.write(to: folder.file("no/such/folder")) }
    let inner = folder.file("folder")
    try FileManager.default.createDirectory(atPath: inner, withIntermediateDirectories: false)
    #expect(throws: StateFileError.self) { try file.write(to: inner) }
    #expect(try folder.names == ["folder"])
  }

  @Test func `a name that is taken traps`() async {
    await #expect(processExitsWith: .failure) {
      let file = StateFile(tensors: [("x", Tensor(1)), ("x", Tensor(2))])
      try file.write(to: NSTemporaryDirectory() + "apus-never")
    }
  }
}
