import Core
import Foundation
import Testing

@testable import Datasets

/// The header of an IDX file.
private func header(_ type: UInt8, _ extents: [UInt32]) -> [UInt8] {
  var bytes: [UInt8] = [0, 0, type, UInt8(extents.count)]
  for extent in extents { bytes.appendBigEndian(extent) }
  return bytes
}

@Suite struct IDXTests {
  @Test(arguments: [false, true])
  func `every element type is read, packed or not`(isPacked: Bool) throws {
    // Bytes by hand, the highest first.
    let files: [(UInt8, [UInt8], [Double], DType)] = [
      (0x08, [0, 1, 255], [0, 1, 255], .int32),
      (0x09, [0, 0x80, 0x7F], [0, -128, 127], .int32),
      (0x0B, [0x01, 0x02, 0x80, 0x00, 0xFF, 0xFF], [258, -32768, -1], .int32),
      (
        0x0C, [0, 1, 0, 0, 0x80, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFE], [65536, -2_147_483_648, -2],
        .int32
      ),
      (
        0x0D, [0x3F, 0x80, 0, 0, 0xC0, 0x20, 0, 0, 0x7F, 0x80, 0, 0], [1, -2.5, .infinity], .float32
      ),
      (
        0x0E,
        [0x3F, 0xF0, 0, 0, 0, 0, 0, 0, 0xC0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
        [1, -2.5, .leastNonzeroMagnitude], .float64
      ),
    ]
    for (code, elements, values, dtype) in files {
      let bytes = header(code, [3]) + elements
      try withFile(isPacked ? Gzip.compress(bytes) : bytes) { path in
        let file = try IDXFile(path)
        #expect(file.elementType.rawValue == code)
        #expect(file.shape == [3])
        #expect(file.isCompressed == isPacked)
        let tensor = try file.read()
        #expect(tensor.dtype == dtype)
        #expect(tensor.scalars(as: Double.self) == values)
        #expect(try file.read(as: .float32).scalars(as: Float.self) == values.map { Float($0) })
      }
    }
  }

  @Test(arguments: IDXFile.ElementType.allCases, ["idx", "idx.gz"])
  func `what is written is read again`(type: IDXFile.ElementType, ending: String) throws {
    let lowest: Double =
      switch type {
      case .uint8: 0
      case .int8: -128
      default: -1000
      }
    for shape in [[], [4], [0, 3], [2, 3], [1, 2, 1, 2, 1, 2, 1, 2]] as [Shape] {
      let values = (0..<shape.elementCount).map { lowest + Double($0 * 7 % 200) }
      let tensor = Tensor(scalars: values, shape: shape)
      try withTemporaryFolder { folder in
        let path = folder + "/array." + ending
        try IDXFile.write(tensor, to: path, as: type)
        let file = try IDXFile(path)
        #expect((file.shape, file.elementType) == (shape, type))
        #expect(file.isCompressed == ending.hasSuffix("gz"))
        #expect(try file.read(as: .float64) == tensor)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 1)
      }
    }
  }

  @Test func `a tensor's own type chooses the element type`() throws {
    try withTemporaryFolder { folder in
      for (dtype, type) in [
        (.bool, .uint8), (.int32, .int32), (.int64, .int32), (.float32, .float32),
        (.float64, .float64),
      ] as [(DType, IDXFile.ElementType)] {
        try IDXFile.write(Tensor([1, 0, 1]).cast(to: dtype), to: folder + "/a")
        #expect(try IDXFile(folder + "/a").elementType == type)
      }
    }
  }

  #if os(Linux) || os(macOS)
    @Test func `a number that the element type cannot hold traps`() async {
      await #expect(processExitsWith: .failure) { _ = encodeIDX(Tensor([256]), as: .uint8) }
      await #expect(processExitsWith: .failure) { _ = encodeIDX(Tensor([0.5]), as: .int32) }
    }
  #endif

  @Test(arguments: [false, true])
  func `a damaged file is refused`(isPacked: Bool) throws {
    let plain = header(0x0B, [2, 3]) + Array(0..<12)
    let bytes = isPacked ? Gzip.compress(plain) : plain
    try withTemporaryFolder { folder in
      let path = folder + "/a.idx"
      let (cuts, changes) = try damages(bytes) { bytes in
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        let tensor = try IDXFile(path).read()
        // A change that no check can see may change elements, never their number.
        #expect(tensor.count == 6)
      }
      #expect(cuts.isEmpty)
      // The header's every byte matters; elements are what they are.
      if !isPacked { #expect(changes == Set(12..<24)) }
    }
  }

  @Test(
    arguments: [
      ([], .truncated, "byte 0: expected the header of an IDX file, 4 more bytes, found the end"),
      (
        [1, 0, 8, 1], .malformed,
        "byte 0: expected the two zeros that begin an IDX file, found 01 00"
      ),
      (
        [0, 0, 0x0A, 1], .unsupported,
        "byte 2: expected an element type of IDX: 08, 09, 0B, 0C, 0D or 0E, found 0A"
      ),
      ([0, 0, 8, 9], .unsupported, "byte 3: expected at most 8 axes, found 9"),
      (
        [0, 0, 8, 1, 0, 0], .truncated,
        "byte 6: expected the extents of 1 axes, 2 more bytes, found the end"
      ),
      (
        [0, 0, 8, 1, 0, 0, 0, 3, 1, 2], .truncated,
        "byte 4: expected 3 bytes, as the header promises for [3] uint8, found 2"
      ),
      (
        [0, 0, 8, 1, 0, 0, 0, 1, 1, 2], .trailing,
        "byte 9: expected the end after the elements of [1] uint8, found more bytes"
      ),
    ] as [([UInt8], DataError.Kind, String)])
  func `errors name the place`(bytes: [UInt8], kind: DataError.Kind, message: String) throws {
    try withFile(bytes) { path in
      let error = #expect(throws: DataError.self) { try IDXFile(path).read() }
      #expect(error?.kind == kind)
      #expect(error.map { "\($0)" } == "\(path), \(message)")
    }
  }

  @Test func `headers that promise more than any file holds are refused`() throws {
    for extents in [
      [.max, .max], [.max, .max, .max, 0], [1 << 31, 1 << 31, 1 << 31, 1 << 31, 1 << 31],
      [0, .max, .max], [.max],
    ] as [[UInt32]] {
      let bytes = header(0x0E, extents) + [1, 2, 3]
      for file in [bytes, Gzip.compress(bytes)] {
        try withFile(file) { path in
          _ = #expect(throws: DataError.self) { try IDXFile(path).read() }
        }
      }
    }
  }
}

@Suite struct IDXImagesTests {
  /// Writes a folder of two pictures to learn from and one to test on.
  private func write(
    _ folder: String, _ ending: String = "-idx%-ubyte", labels: [UInt8] = [3, 0], test: UInt8 = 1
  ) throws {
    func put(_ name: String, _ rank: Int, _ bytes: [UInt8]) throws {
      let path = folder + "/" + name + ending.replacing("%", with: "\(rank)")
      try Data(ending.hasSuffix("gz") ? Gzip.compress(bytes) : bytes)
        .write(to: URL(fileURLWithPath: path))
    }
    try put(
      "train-images", 3, header(8, [2, 2, 3]) + [0, 51, 102, 153, 204, 255] + [1, 2, 3, 4, 5, 6])
    try put("train-labels", 1, header(8, [UInt32(labels.count)]) + labels)
    try put("t10k-images", 3, header(8, [1, 2, 3]) + [6, 5, 4, 3, 2, 1])
    try put("t10k-labels", 1, header(8, [1]) + [test])
  }

  @Test(arguments: ["-idx%-ubyte", "-idx%-ubyte.gz", ".idx%-ubyte", ".idx%-ubyte.gz"])
  func `a folder is loaded under all the names that are about`(ending: String) throws {
    try withTemporaryFolder { folder in
      try write(folder, ending)
      let images = try IDXImages(folder)
      #expect(images.training.inputs.shape == [2, 1, 2, 3])
      #expect(images.test.inputs.shape == [1, 1, 2, 3])
      #expect(images.training.inputs[0].scalars(as: Float.self) == [0, 0.2, 0.4, 0.6, 0.8, 1])
      #expect(images.training.labels.scalars(as: Int.self) == [3, 0])
      #expect(images.training.labels.dtype == .int64)
      #expect(images.classCount == 4)
    }
  }

  @Test func `billions of examples of nothing make no batches`() throws {
    try withFile([0, 0, 8, 2, 0x7F, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0]) { path in
      let file = try IDXFile(path)
      #expect(try file.read().shape == [0x7FFF_FFFF, 0])
      var generator = RandomGenerator(seed: 1)
      let error = #expect(throws: DataError.self) { try IDXBatches(inputs: path, of: 1) }
      #expect(error?.kind == .unsupported)
      #expect(throws: DataError.self) { try IDXBatches(inputs: path, of: 1, using: &generator) }
    }
  }

  @Test func `files that do not fit each other are refused`() throws {
    try withTemporaryFolder { folder in
      try write(folder, labels: [1, 2, 3])
      let error = #expect(throws: DataError.self) { try IDXImages(folder) }
      #expect(error?.kind == .mismatched)
      #expect(
        error.map { "\($0)" }?.contains("expected 2 labels, as many as") == true
          && error?.found == "3")
    }
    try withTemporaryFolder { folder in
      try write(folder, test: 10)
      #expect(try IDXImages(folder).classCount == 11)
      let error = #expect(throws: DataError.self) { try FashionMNIST.load(folder) }
      #expect(error?.kind == .badLabel)
      #expect(error?.place == .offset(8))
      #expect(error?.expected == "a class from 0 to 9")
    }
  }

  @Test func `a missing file is named, and for Fashion-MNIST the package that has it`() throws {
    try withTemporaryFolder { folder in
      try write(folder)
      let path = folder + "/t10k-labels-idx1-ubyte"
      try FileManager.default.removeItem(atPath: path)
      let error = #expect(throws: DataError.self) { try IDXImages(folder) }
      #expect(
        error.map { "\($0)" }
          == "\(path): expected a file of this name, or with .gz behind it, found none")
      let fashion = #expect(throws: DataError.self) { try FashionMNIST.load(folder) }
      #expect(fashion?.expected.contains("Debian's package dataset-fashion-mnist") == true)
    }
    let error = #expect(throws: DataError.self) { try IDXImages("/nowhere") }
    #expect(error?.found == "no such folder")
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: FashionMNIST.folder)))
  func `Debian's labels of Fashion-MNIST are whole`() throws {
    for (name, count) in [("train", 60_000), ("t10k", 10_000)] {
      let file = try IDXFile("\(FashionMNIST.folder)/\(name)-labels-idx1-ubyte.gz")
      #expect(file.shape == [count])
      let labels = try file.read().scalars(as: Int.self)
      for label in 0..<10 { #expect(labels.count { $0 == label } == count / 10) }
      let images = try IDXFile("\(FashionMNIST.folder)/\(name)-images-idx3-ubyte.gz")
      #expect(images.shape == [count, 28, 28])
    }
  }
}
