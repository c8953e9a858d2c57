import Kernels
import Testing

extension KernelTests {
  /// Moving elements about by index: every type, at every level, on any threads.
  @Suite(.serialized) struct GatherTests {
    /// [outer, length, inner] and the number of indices; the last fills many parts.
    static let sizes = [
      (1, 5, 1, 7), (2, 3, 4, 5), (3, 1, 33, 2), (2, 4, 0, 3), (1, 4, 3, 0), (3, 40, 70, 90),
    ]

    static func values<T: ElementScalar>(_ count: Int, _: T.Type) -> [T] {
      (0..<count).map { T.small(($0 * 7 + 3) % 11) }
    }

    static func indices(_ count: Int, below length: Int) -> [Int64] {
      var numbers = Numbers(state: 5)
      return (0..<count).map { _ in Int64.random(in: 0..<Int64(length), using: &numbers) }
    }

    static func check<T: ElementScalar>(_: T.Type, _ size: (Int, Int, Int, Int)) {
      let (outer, length, inner, count) = size
      let a = values(outer * length * inner, T.self)
      let few = indices(count, below: length)
      let many = indices(outer * count * inner, below: length)
      let updates = values(outer * count * inner, T.self)
      func at(_ o: Int, _ j: Int, _ i: Int) -> Int { (o * count + j) * inner + i }
      func place(_ o: Int, _ j: Int, _ i: Int) -> Int { (o * length + j) * inner + i }

      var gathered = updates
      var taken = updates
      var added = a
      var addedAlong = a
      var put = a
      for o in 0..<outer {
        for j in 0..<count {
          for i in 0..<inner {
            let (row, along) = (Int(few[j]), Int(many[at(o, j, i)]))
            gathered[at(o, j, i)] = a[place(o, row, i)]
            taken[at(o, j, i)] = a[place(o, along, i)]
            added[place(o, row, i)] = T.sum(added[place(o, row, i)], updates[at(o, j, i)])
            addedAlong[place(o, along, i)] = T.sum(
              addedAlong[place(o, along, i)], updates[at(o, j, i)])
            put[place(o, along, i)] = updates[at(o, j, i)]
          }
        }
      }
      func expect(
        _ expected: [T], from start: [T], _ kernel: (UnsafeMutableRawPointer) -> Void,
        line: Int = #line
      ) {
        let original = apus_thread_count()
        defer { apus_set_thread_count(original) }
        for threads in 1...3 as ClosedRange<Int32> {
          apus_set_thread_count(threads)
          var out = start
          out.withUnsafeMutableBytes { if let base = $0.baseAddress { kernel(base) } }
          #expect(out == expected, "\(T.self), \(size), \(threads) threads, line \(line)")
        }
      }
      let type = T.element
      expect(gathered, from: updates) {
        apus_gather(type, outer, length, inner, a, few, count, $0)
      }
      expect(taken, from: updates) {
        apus_take_along(type, outer, length, inner, a, many, count, $0)
      }
      expect(added, from: a) {
        apus_scatter_add(type, outer, length, inner, updates, few, count, $0)
      }
      expect(addedAlong, from: a) {
        apus_scatter_add_along(type, outer, length, inner, updates, many, count, $0)
      }
      expect(put, from: a) {
        apus_put_along(type, outer, length, inner, updates, many, count, $0)
      }
    }

    @Test(arguments: levels, sizes)
    func `each element goes where its index says`(level: Level, size: (Int, Int, Int, Int)) {
      at(level) {
        Self.check(UInt8.self, size)
        Self.check(Int32.self, size)
        Self.check(Int64.self, size)
        Self.check(Float.self, size)
        Self.check(Double.self, size)
      }
    }

    @Test(arguments: levels, [0, 1, 7, 8, 9, 100, 4097])
    func `true positions are found`(level: Level, count: Int) {
      at(level) {
        var numbers = Numbers(state: UInt64(count))
        for rarity in [1, 2, 30] {
          let mask = (0..<count).map { _ in
            UInt8(Int.random(in: 0..<rarity, using: &numbers) == 0 ? 1 : 0)
          }
          let expected = mask.indices.filter { mask[$0] == 1 }.map(Int64.init)
          #expect(apus_count_true(count, mask) == expected.count)
          var found = [Int64](repeating: -1, count: expected.count)
          apus_true_positions(count, mask, &found)
          #expect(found == expected)
        }
      }
    }
  }
}

/// An element type of tensors, a bool as one byte.
protocol ElementScalar: Equatable, BitwiseCopyable, Sendable {
  static var element: apus_dtype { get }
  static func small(_ value: Int) -> Self
  /// The sum as the kernels add: truth values by "or".
  static func sum(_ a: Self, _ b: Self) -> Self
}

extension UInt8: ElementScalar {
  static var element: apus_dtype { .bool }
  static func small(_ value: Int) -> UInt8 { UInt8(value % 2) }
  static func sum(_ a: UInt8, _ b: UInt8) -> UInt8 { a | b }
}

extension Int32: ElementScalar {
  static var element: apus_dtype { .int32 }
  static func small(_ value: Int) -> Int32 { Int32(value) - 5 }
  static func sum(_ a: Int32, _ b: Int32) -> Int32 { a + b }
}

extension Int64: ElementScalar {
  static var element: apus_dtype { .int64 }
  static func small(_ value: Int) -> Int64 { Int64(value) - 5 }
  static func sum(_ a: Int64, _ b: Int64) -> Int64 { a + b }
}

extension Float: ElementScalar {
  static var element: apus_dtype { .float32 }
  static func small(_ value: Int) -> Float { Float(value) * 0.5 - 2 }
  static func sum(_ a: Float, _ b: Float) -> Float { a + b }
}

extension Double: ElementScalar {
  static var element: apus_dtype { .float64 }
  static func small(_ value: Int) -> Double { Double(value) * 0.5 - 2 }
  static func sum(_ a: Double, _ b: Double) -> Double { a + b }
}
