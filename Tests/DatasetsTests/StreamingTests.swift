import Core
import Foundation
import Synchronization
import Testing

@testable import Datasets

/// All examples of a stream as one dataset's numbers.
private func joined(_ batches: [Dataset]) -> (inputs: [Float], labels: [Double]) {
  (
    batches.flatMap { $0.inputs.scalars(as: Float.self) },
    batches.flatMap { $0.labels.scalars(as: Double.self) }
  )
}

@Suite struct CSVBatchesTests {
  private static let text =
    "\u{FEFF}x,\"kind, of\",y\r\n1,pear,2\r\n\r\n-3,\"a \"\"b\"\"\r\nc\",4e1\r\n5,apple,6\r7,pear,8\n\n9,\"a\n\",10"

  @Test(arguments: [1, 2, 3, 7, 1000], [1, 2, 3, 100])
  func `batches are the rows of the whole file`(stretch: Int, size: Int) throws {
    let readers = [
      CSVReader(hasHeader: true, labelColumn: .named("kind, of")),
      CSVReader(hasHeader: true, labelColumn: .number(2)),
    ]
    for reader in readers {
      for bytes in [Array(Self.text.utf8), Gzip.compress(Array(Self.text.utf8))] {
        try withFile(bytes) { path in
          let whole = try Dataset(csv: path, reader)
          var stream = try CSVBatches(path, of: size, reader, stretch: stretch)
          let batches = try stream.collect()
          #expect(batches.dropLast().allSatisfy { $0.count == size })
          #expect(batches.allSatisfy { $0.classNames == whole.classNames })
          #expect(joined(batches).inputs == whole.inputs.scalars(as: Float.self))
          #expect(joined(batches).labels == whole.labels.scalars(as: Double.self))
        }
      }
    }
  }

  @Test(arguments: [1, 5, 1000])
  func `damage is found at the line where it is`(stretch: Int) throws {
    let reader = CSVReader(labelColumn: .none)
    for (text, message) in [
      ("1,2\r\n3,4\r\n\"5\n\",6\n", "line 3, column 1: expected a number, found \"5\n\""),
      ("1,2\n\n\n3\n", "line 4: expected 2 fields, found 1"),
      (
        "1,2\n3,\"4\n5",
        "line 2, column 2: expected a closing quotation mark, found the end of the file"
      ),
      ("1,2\r3,4\r5,x", "line 3, column 2: expected a number, found \"x\""),
    ] {
      try withFile(Array(text.utf8)) { path in
        var stream = try CSVBatches(path, of: 1, reader, stretch: stretch)
        let error = #expect(throws: DataError.self) { try stream.collect() }
        #expect(error.map { "\($0)" } == "\(path), \(message)")
      }
    }
    try withFile([]) { path in
      var stream = try CSVBatches(path, of: 1, reader, stretch: stretch)
      let error = #expect(throws: DataError.self) { try stream.collect() }
      #expect(error?.kind == .empty)
    }
  }

  @Test func `random tables with quotes are cut like whole ones`() throws {
    var generator = RandomGenerator(seed: 4)
    let pieces = ["1", "2.5", ",", "\n", "\r\n", "\"3\"", "\"", " ", "\r", "-4"]
    for _ in 0..<150 {
      let text = (0..<Int.random(in: 1...25, using: &generator)).map { _ in
        pieces[Int.random(in: 0..<pieces.count, using: &generator)]
      }.joined()
      try withFile(Array(text.utf8)) { path in
        func outcome(_ read: () throws -> [Float]) -> Result<[Float], DataError> {
          Result { try read() }.mapError {
            $0 as? DataError ?? DataError(.empty, file: "", at: .file, expected: "", found: "")
          }
        }
        let reader = CSVReader(labelColumn: .none)
        let whole = outcome { try reader.read(path).values }
        for stretch in [1, 4] {
          let streamed = outcome {
            var stream = try CSVBatches(path, of: 2, reader, stretch: stretch)
            return joined(try stream.collect()).inputs
          }
          #expect(streamed == whole)
        }
      }
    }
  }
}

@Suite struct IDXBatchesTests {
  private func withFiles(_ body: (String, String) throws -> Void) throws {
    try withTemporaryFolder { folder in
      for ending in ["", ".gz"] {
        let (x, y) = (folder + "/x" + ending, folder + "/y" + ending)
        try IDXFile.write(Tensor.range(to: 40).reshaped([10, 2, 2]), to: x, as: .uint8)
        try IDXFile.write(Tensor.range(to: 10), to: y, as: .uint8)
        try body(x, y)
      }
    }
  }

  @Test(arguments: [1, 3, 10, 11])
  func `batches cover the file in order`(size: Int) throws {
    try withFiles { x, y in
      var stream = try IDXBatches(inputs: x, labels: y, of: size)
      #expect(stream.count == 10)
      let batches = try stream.collect()
      #expect(batches.map(\.count) == (0..<10).map { $0 }.chunked(size).map(\.count))
      #expect(batches[0].inputs.shape == [min(size, 10), 2, 2])
      #expect(batches[0].labels.dtype == .int64)
      #expect(joined(batches).inputs == (0..<40).map { Float($0) })
      #expect(joined(batches).labels == (0..<10).map { Double($0) })
      var unlabelled = try IDXBatches(inputs: x, of: size)
      #expect(try unlabelled.collect()[0].labels.shape == [min(size, 10), 0])
    }
  }

  @Test func `a random order holds every example once, inputs with their labels`() throws {
    try withFiles { x, y in
      var generator = RandomGenerator(seed: 1)
      guard !x.hasSuffix("gz") else {
        let error = #expect(throws: DataError.self) {
          try IDXBatches(inputs: x, labels: y, of: 3, using: &generator)
        }
        #expect(error?.kind == .unsupported)
        return
      }
      var orders: [[Double]] = []
      for _ in 0..<2 {
        var stream = try IDXBatches(inputs: x, labels: y, of: 3, using: &generator)
        let (inputs, labels) = joined(try stream.collect())
        #expect(labels.sorted() == (0..<10).map { Double($0) })
        for (row, label) in labels.enumerated() { #expect(inputs[4 * row] == Float(4 * label)) }
        orders.append(labels)
      }
      #expect(orders[0] != orders[1])
      // The order is the one of batches in memory.
      var again = RandomGenerator(seed: 1)
      let whole = Dataset(inputs: try IDXFile(x).read(), labels: try IDXFile(y).read())
      #expect(joined(Array(whole.batches(of: 3, using: &again))).labels == orders[0])
    }
  }

  @Test func `files that differ in number are refused`() throws {
    try withFiles { x, y in
      try IDXFile.write(Tensor.zeros([9]), to: y)
      let error = #expect(throws: DataError.self) { try IDXBatches(inputs: x, labels: y, of: 2) }
      #expect(error?.kind == .mismatched)
    }
  }
}

extension [Int] {
  fileprivate func chunked(_ size: Int) -> [ArraySlice<Int>] {
    stride(from: 0, to: count, by: size).map { self[$0..<Swift.min($0 + size, count)] }
  }
}

@Suite struct PrefetchTests {
  /// Counts up, and tells how far it came.
  private struct Counting: DataStream, Sendable {
    final class Progress: Sendable {
      let made = Atomic(0)
    }

    private var number = 0
    let limit: Int
    let failure: Int?
    let progress: Progress

    init(limit: Int, failure: Int?, progress: Progress) {
      self.limit = limit
      self.failure = failure
      self.progress = progress
    }

    mutating func next() throws(DataError) -> Int? {
      if number == failure {
        throw DataError(.malformed, file: "f", at: .offset(number), expected: "a", found: "b")
      }
      guard number < limit else { return nil }
      defer { number += 1 }
      progress.made.add(1, ordering: .sequentiallyConsistent)
      return number
    }
  }

  @Test(arguments: [1, 2, 7, 1000])
  func `elements come in order, all of them, once`(depth: Int) throws {
    var stream = Prefetched(
      Counting(limit: 500, failure: nil, progress: .init()), depth: depth)
    #expect(try stream.collect() == Array(0..<500))
    #expect(try stream.next() == nil)
    #expect(Array((0..<500).prefetched(depth: depth)) == Array(0..<500))
  }

  @Test func `an error comes in its place`() throws {
    let stream = Prefetched(Counting(limit: 500, failure: 3, progress: .init()), depth: 100)
    for number in 0..<3 { #expect(try stream.next() == number) }
    let error = #expect(throws: DataError.self) { try stream.next() }
    #expect(error?.place == .offset(3))
  }

  @Test func `no more than the depth is made ahead, and nothing after it is dropped`() throws {
    let progress = Counting.Progress()
    do {
      let stream = Prefetched(Counting(limit: 10_000, failure: nil, progress: progress), depth: 3)
      #expect(try stream.next() == 0)
      Thread.sleep(forTimeInterval: 0.05)
      #expect(progress.made.load(ordering: .sequentiallyConsistent) <= 4)
    }
    Thread.sleep(forTimeInterval: 0.05)
    let made = progress.made.load(ordering: .sequentiallyConsistent)
    Thread.sleep(forTimeInterval: 0.05)
    #expect(made <= 5 && progress.made.load(ordering: .sequentiallyConsistent) == made)
  }

  @Test func `a dropped pass frees what its thread held`() {
    final class Token: Sendable {}
    struct Tokens: Sequence, IteratorProtocol, Sendable {
      let token: Token
      mutating func next() -> Token? { token }
    }
    weak var seen: Token?
    do {
      let token = Token()
      seen = token
      for (count, _) in Tokens(token: token).prefetched().enumerated() where count == 5 { break }
    }
    let deadline = Date(timeIntervalSinceNow: 10)
    while seen != nil, Date() < deadline { Thread.sleep(forTimeInterval: 0.005) }
    #expect(seen == nil)
  }

  @Test func `augmented batches are the same bits ahead of time`() {
    let dataset = Dataset(
      inputs: Tensor.range(to: 20 * 16).reshaped([20, 1, 4, 4]), labels: Tensor.zeros([20]))
    func batches() -> AugmentedBatches {
      var generator = RandomGenerator(seed: 9)
      return dataset.batches(of: 3, using: &generator)
        .augmented(by: [RandomShift(by: 1), RandomNoise(0.1)], using: &generator)
    }
    let plain = Array(batches())
    for depth in [1, 4] {
      let ahead = Array(batches().prefetched(depth: depth))
      #expect(
        ahead.map { $0.inputs.scalars(as: Float.self) }
          == plain.map { $0.inputs.scalars(as: Float.self) })
    }
    // Each batch has a stream of its own, so that the order of asking does not matter.
    #expect(batches()[5].inputs == plain[5].inputs)
  }

  @Test func `a stream of a file, transformed and ahead of time`() throws {
    try withFile(encodeIDX(Tensor.range(to: 24).reshaped([6, 1, 2, 2]), as: .uint8)) { path in
      var generator = RandomGenerator(seed: 3)
      var plain = try IDXBatches(inputs: path, of: 4)
        .augmented(by: [RandomFlip(horizontally: 1)], using: &generator)
        .map { $0.inputs.scalars(as: Float.self) }
      var again = RandomGenerator(seed: 3)
      var ahead = Prefetched(
        try IDXBatches(inputs: path, of: 4)
          .augmented(by: [RandomFlip(horizontally: 1)], using: &again)
          .map { $0.inputs.scalars(as: Float.self) })
      let elements = try plain.collect()
      #expect(elements[0].prefix(4) == [1, 0, 3, 2])
      #expect(try ahead.collect() == elements)
    }
  }
}
