import Kernels
import Testing

extension KernelTests {
  @Suite(.serialized) struct ScanTests {
    /// [outer, length, inner]; the last fills many parts.
    static let shapes = [
      (1, 1, 1), (2, 7, 1), (1, 5, 33), (3, 4, 32), (2, 0, 3), (0, 3, 2), (2, 3, 0), (7, 50, 100),
    ]

    /// Whether a law holds for each line: it is given the positions along the middle axis in order.
    static func lines(
      _ shape: (Int, Int, Int), reverse: Bool, _ law: ([Int]) -> Bool
    ) -> Bool {
      (0..<shape.0).allSatisfy { o in
        (0..<shape.2).allSatisfy { i in
          let places = (0..<shape.1).map { (o * shape.1 + $0) * shape.2 + i }
          return law(reverse ? places.reversed() : places)
        }
      }
    }

    static func check<Scalar: KernelScalar>(
      _: Scalar.Type, _ shape: (Int, Int, Int), _ reverse: Bool
    ) {
      var numbers = Numbers(state: 3)
      let count = shape.0 * shape.1 * shape.2
      let a: [Scalar] = numbers.values(count, in: -1.5...1.5)
      let b: [Scalar] = numbers.values(count)
      for exclusive in [false, true] {
        for kind in [apus_scan_kind.sum, .product] {
          let found = onAnyThreads { () -> [Scalar] in
            var out = [Scalar](repeating: .nan, count: count)
            apus_scan(kind, Scalar.type, shape.0, shape.1, shape.2, reverse, exclusive, a, &out)
            return out
          }
          let isRight = lines(shape, reverse: reverse) { places in
            var total = kind == .sum ? 0.0 : 1.0
            return places.allSatisfy { place in
              let before = total
              total = kind == .sum ? total + Double(a[place]) : total * Double(a[place])
              return found[place] == Scalar(exclusive ? before : total)
            }
          }
          #expect(isRight, "\(kind) over \(shape)")
        }
      }
      let states = onAnyThreads { () -> [Scalar] in
        var out = [Scalar](repeating: .nan, count: count)
        apus_scan_recurrence(Scalar.type, shape.0, shape.1, shape.2, reverse, a, b, &out)
        return out
      }
      let isRight = lines(shape, reverse: reverse) { places in
        var state = 0.0
        return places.allSatisfy { place in
          state = (place == places[0] ? 0 : Double(a[place]) * state) + Double(b[place])
          return states[place] == Scalar(state)
        }
      }
      #expect(isRight, "the recurrence over \(shape)")
      for largest in [false, true] {
        var found = [Int64](repeating: -1, count: count)
        apus_scan_extremes(
          Scalar.type, shape.0, shape.1, shape.2, largest, reverse, a, &found)
        let isRight = lines(shape, reverse: reverse) { places in
          var best = places.first ?? 0
          return places.allSatisfy { place in
            if largest ? a[place] > a[best] : a[place] < a[best] { best = place }
            return Int(found[place]) == best / shape.2 % shape.1
          }
        }
        #expect(isRight, "the extremes over \(shape)")
      }
    }

    @Test(arguments: levels, shapes)
    func `scans are their loops`(level: Level, shape: (Int, Int, Int)) {
      at(level) {
        for reverse in [false, true] {
          Self.check(Float.self, shape, reverse)
          Self.check(Double.self, shape, reverse)
        }
      }
    }

    @Test(arguments: levels)
    func `integers and truth values are counted in 64 bits`(level: Level) {
      at(level) {
        var out = [Int64](repeating: -1, count: 4)
        apus_scan(.sum, .bool, 1, 4, 1, false, false, [1, 0, 1, 1] as [UInt8], &out)
        #expect(out == [1, 1, 2, 3])
        let large = [Int32](repeating: .max, count: 4)
        apus_scan(.sum, .int32, 1, 4, 1, true, false, large, &out)
        #expect(out == [4, 3, 2, 1].map { $0 * Int64(Int32.max) })
        apus_scan(.product, .int64, 2, 2, 1, false, true, [3, 4, 5, 6] as [Int64], &out)
        #expect(out == [1, 3, 1, 5])
        apus_scan_extremes(.int32, 1, 2, 2, true, false, [1, 9, 2, 3] as [Int32], &out)
        #expect(out == [0, 0, 1, 0])
      }
    }
  }
}
