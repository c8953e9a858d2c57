import Foundation
import Kernels
import Testing

extension KernelTests {
  /// Random numbers have the same bits at any level and on any threads; the portable level is
  /// compared with formulas.
  @Suite(.serialized) struct RandomTests {
    static let stream = apus_random(key: 0x1234_5678_9abc_def0, stream: 42)

    /// Philox 4×32-10, one block, as its paper writes it.
    static func philox(_ position: UInt64, _ generator: apus_random) -> [UInt32] {
      var c = [
        UInt32(truncatingIfNeeded: position), UInt32(position >> 32),
        UInt32(truncatingIfNeeded: generator.stream), UInt32(generator.stream >> 32),
      ]
      var k = (UInt32(truncatingIfNeeded: generator.key), UInt32(generator.key >> 32))
      for _ in 0..<10 {
        let (p, q) = (UInt64(c[0]) * 0xD251_1F53, UInt64(c[2]) * 0xCD9E_8D57)
        c = [
          UInt32(q >> 32) ^ c[1] ^ k.0, UInt32(truncatingIfNeeded: q),
          UInt32(p >> 32) ^ c[3] ^ k.1, UInt32(truncatingIfNeeded: p),
        ]
        k = (k.0 &+ 0x9E37_79B9, k.1 &+ 0xBB67_AE85)
      }
      return c
    }

    @Test(arguments: levels)
    func `bits are Philox's`(level: Level) {
      at(level) {
        for (position, count) in [(0, 1), (5, 7), (1 << 40, 300)] as [(UInt64, Int)] {
          var bits = [UInt64](repeating: 0, count: count)
          let blocks = apus_random_bits(Self.stream, position, count, &bits)
          #expect(blocks == UInt64((count + 1) / 2))
          let expected = (0..<count).map { index -> UInt64 in
            let block = Self.philox(position + UInt64(index / 2), Self.stream)
            return UInt64(block[index % 2 * 2 + 1]) << 32 | UInt64(block[index % 2 * 2])
          }
          #expect(bits == expected)
        }
      }
    }

    /// Everything that is drawn, for lengths that fill no vector and many parts.
    static func draws<Scalar: KernelScalar>(_: Scalar.Type, _ count: Int) -> [Scalar] {
      let type = Scalar.type
      var all: [Scalar] = []
      func draw(_ kernel: (UnsafeMutableRawPointer) -> Void) {
        var out = [Scalar](repeating: .nan, count: count)
        out.withUnsafeMutableBytes { kernel($0.baseAddress!) }
        all += out
      }
      draw { _ = apus_random_uniform(type, stream, 3, count, -1, 2, $0) }
      draw { _ = apus_random_normal(type, stream, 3, count, 1, 2, $0) }
      draw { _ = apus_random_exponential(type, stream, 3, count, 2, $0) }
      draw { _ = apus_random_gumbel(type, stream, 3, count, 1, 2, $0) }
      draw { _ = apus_random_bernoulli(type, stream, 3, count, 0.3, 2, $0) }
      for concentration in [0.01, 0.6, 1, 3, 1e6] {
        draw { out in
          withUnsafePointer(to: concentration) {
            apus_random_gamma(type, stream, count, $0, 0, 2, out)
          }
        }
      }
      let ranges: [ClosedRange<Double>] = [
        -1...1, 0...Double.infinity, 2...2.5, -9 ... -4, -Double.infinity...3,
      ]
      for range in ranges {
        draw {
          apus_random_truncated_normal(
            type, stream, count, 0.5, 1.5, range.lowerBound, range.upperBound, $0)
        }
      }
      return all
    }

    @Test(arguments: [1, 63, 64, 1000, 20_011])
    func `levels and threads do not change a bit`(count: Int) {
      func check<Scalar: KernelScalar>(_: Scalar.Type) {
        let results = levels.map { level in
          at(level) { onAnyThreads("\(level)") { Self.draws(Scalar.self, count) }.map(\.bits) }
        }
        for result in results { #expect(result == results[0]) }
        #expect(at(.portable) { Self.draws(Scalar.self, count) }.allSatisfy { $0.isFinite })
      }
      check(Float.self)
      check(Double.self)
    }

    @Test func `numbers are what the formulas make of the bits`() {
      let count = 500
      var bits = [UInt64](repeating: 0, count: count)
      _ = apus_random_bits(Self.stream, 9, count, &bits)
      let units = bits.map { (Double($0 >> 12) + 0.5) * 0x1p-52 }
      var out = [Double](repeating: 0, count: count)
      _ = apus_random_exponential(.float64, Self.stream, 9, count, 0.5, &out)
      for (found, u) in zip(out, units) {
        #expect(found.distance(inUlpsTo: -2 * log(u)) <= 2)
      }
      _ = apus_random_gumbel(.float64, Self.stream, 9, count, 0, 1, &out)
      for (found, u) in zip(out, units) {
        #expect(Swift.abs(found + log(-log(u))) <= 4e-16 * max(1, Swift.abs(found)))
      }
      _ = apus_random_uniform(.float64, Self.stream, 9, count, 0, 1, &out)
      #expect(zip(out, bits).allSatisfy { $0 == Double($1 >> 11) * 0x1p-53 })
    }

    @Test(arguments: levels)
    func `integers, classes and permutations follow their bits`(level: Level) {
      at(level) {
        let count = 1001
        var bits = [UInt64](repeating: 0, count: count)
        _ = apus_random_bits(Self.stream, 2, count, &bits)
        var wide = [Int64](repeating: 0, count: count)
        _ = apus_random_integers(.int64, Self.stream, 2, count, -3, 8, &wide)
        #expect(wide == bits.map { Int64($0.multipliedFullWidth(by: 11).high) - 3 })
        var narrow = [Int32](repeating: 0, count: count)
        _ = apus_random_integers(.int32, Self.stream, 2, count, -3, 8, &narrow)
        #expect(narrow == wide.map(Int32.init))

        let weights = [0.5, 0, 0.25, 0.25, 0, 1, 0, 3]
        let cumulative = [0.5, 0.5, 0.75, 1, 0, 1, 1, 4]
        var classes = [Int64](repeating: -1, count: 2 * 400)
        let blocks = apus_random_categorical(Self.stream, 2, 2, 4, weights, false, 400, &classes)
        #expect(blocks == 400)
        for (index, label) in classes.enumerated() {
          let row = cumulative[(index / 400 * 4)..<(index / 400 * 4 + 4)]
          let target = Double(bits[index] >> 11) * 0x1p-53 * row.last!
          #expect(Int(label) == row.filter { $0 <= target }.count)
        }
        var logits = [Int64](repeating: -1, count: 2 * 400)
        _ = apus_random_categorical(
          Self.stream, 2, 2, 4, weights.map { log($0) + 700 }, true, 400, &logits)
        #expect(zip(classes, logits).filter { $0 != $1 }.count <= 1)

        var order = [Int64](repeating: -1, count: count)
        _ = apus_random_permutation(Self.stream, 2, count, count, &order)
        var items = (0..<Int64(count)).map { $0 }
        for index in 0..<count {
          let other = index + Int(bits[index].multipliedFullWidth(by: UInt64(count - index)).high)
          items.swapAt(index, other)
        }
        #expect(order == items)
        var few = [Int64](repeating: -1, count: 10)
        _ = apus_random_permutation(Self.stream, 2, count, 10, &few)
        #expect(few == Array(items[0..<10]))
      }
    }
  }
}
