import Kernels
import Testing

extension KernelTests {
  @Suite(.serialized) struct SortTests {
    /// Lengths on either side of where the method changes: insertion, merging, radix.
    static let lengths = [1, 2, 16, 17, 33, 383, 384, 1000]

    /// Stable, NaN last either way.
    static func order<T: ElementScalar & Comparable>(_ row: ArraySlice<T>, _ descending: Bool)
      -> [Int64]
    {
      row.indices.sorted { a, b in
        let (x, y) = (row[a], row[b])
        if x != x || y != y { return (x != x) == (y != y) ? a < b : y != y }
        return x == y ? a < b : descending ? x > y : x < y
      }.map { Int64($0 - row.startIndex) }
    }

    static func check<T: ElementScalar & Comparable>(
      _: T.Type, _ length: Int, special: [T], isWide: Bool
    ) {
      var numbers = Numbers(state: UInt64(length))
      let rows = 3
      // Few distinct values in the first row, many in the others.
      let values = (0..<rows * length).map { index -> T in
        if let one = special.randomElement(using: &numbers),
          Int.random(in: 0..<6, using: &numbers) == 0
        {
          return one
        }
        return T.small(
          isWide && index >= length
            ? Int.random(in: -1_000_000..<1_000_000, using: &numbers)
            : Int.random(in: 0..<9, using: &numbers))
      }
      let original = apus_thread_count()
      defer { apus_set_thread_count(original) }
      for descending in [false, true] {
        let expected = (0..<rows).map {
          order(values[($0 * length)..<(($0 + 1) * length)], descending)
        }
        for threads in 1...2 as ClosedRange<Int32> {
          apus_set_thread_count(threads)
          var out = [Int64](repeating: -1, count: rows * length)
          apus_argsort(T.element, rows, length, values, descending, &out)
          #expect(out == Array(expected.joined()), "\(T.self), \(length), \(descending)")
        }
        for k in Set([0, 1, 3, length / 9, length / 2, length]).filter({ $0 <= length }) {
          var out = [Int64](repeating: -1, count: rows * k)
          apus_top_k(T.element, rows, length, values, k, descending, &out)
          #expect(
            out == expected.flatMap { $0.prefix(k) }, "\(T.self), \(k) of \(length), \(descending)")
        }
      }
    }

    @Test(arguments: levels, lengths)
    func `sorting and selecting follow the order`(level: Level, length: Int) {
      at(level) {
        Self.check(UInt8.self, length, special: [], isWide: false)
        Self.check(Int32.self, length, special: [.min, .max], isWide: true)
        Self.check(Int64.self, length, special: [.min, .max], isWide: true)
        Self.check(Float.self, length, special: [.nan, .infinity, -.infinity, -0], isWide: true)
        Self.check(Double.self, length, special: [.nan, .infinity, -.infinity, -0], isWide: true)
      }
    }
  }
}
