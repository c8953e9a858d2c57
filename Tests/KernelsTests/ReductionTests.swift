import Foundation
import Kernels
import Testing

extension KernelTests {
  @Suite(.serialized) struct ReductionTests {
    /// Reduces a [3]-axis array by the slow loop over all positions.
    static func naive(
      _ x: [Double], _ shape: [Int], _ strides: [Int], _ axes: UInt32,
      _ fold: ([Double]) -> Double
    ) -> [Double] {
      var groups: [Int: [Double]] = [:]
      let kept = (0..<3).map { axes & (1 << UInt32($0)) == 0 ? shape[$0] : 1 }
      for i in 0..<shape[0] {
        for j in 0..<shape[1] {
          for k in 0..<shape[2] {
            let index = [i, j, k]
            var position = 0
            for axis in 0..<3 {
              position = position * kept[axis] + (kept[axis] == 1 ? 0 : index[axis])
            }
            groups[position, default: []].append(
              x[i * strides[0] + j * strides[1] + k * strides[2]])
          }
        }
      }
      return (0..<kept.reduce(1, *)).map { fold(groups[$0] ?? []) }
    }

    static func name(of operation: apus_reduction) -> String {
      let names = [
        "sum", "product", "maximum", "minimum", "argmax", "argmin", "any", "all", "log_sum_exp",
        "sum_squares",
      ]
      return names[Int(operation.rawValue)]
    }

    static let cases: [(shape: [Int], strides: [Int])] = [
      ([2, 3, 4], [12, 4, 1]), ([5, 7, 33], [231, 33, 1]), ([33, 2, 5], [1, 165, 33]),
      ([4, 70, 3], [210, 1, 70]), ([1, 1, 300], [0, 0, 1]), ([300, 1, 1], [1, 1, 1]),
      ([6, 0, 2], [0, 2, 1]), ([3, 20, 9], [180, 0, 1]),
    ]

    static func check<Scalar: KernelScalar>(
      _: Scalar.Type, _ level: Level, _ shape: [Int], _ strides: [Int]
    ) {
      var numbers = Numbers(state: 8)
      let count = zip(shape, strides).reduce(1) { $0 + max($1.0 - 1, 0) * $1.1 }
      // Magnitudes near 1, so that no product underflows.
      let x: [Scalar] = numbers.values(count, in: 0.5...1.5).map {
        Bool.random(using: &numbers) ? -$0 : $0
      }
      let doubles = x.map(Double.init)
      let laws: [(apus_reduction, Double, ([Double]) -> Double)] = [
        (.sum, 4, { $0.reduce(0, +) }), (.product, 1, { $0.reduce(1, *) }),
        (.maximum, 0, { $0.max() ?? -.infinity }), (.minimum, 0, { $0.min() ?? .infinity }),
        (.sum_squares, 4, { $0.reduce(0) { $0 + $1 * $1 } }),
        (
          .log_sum_exp, 8,
          { values in
            guard let top = values.max() else { return -.infinity }
            return top + log(values.reduce(0) { $0 + exp($1 - top) })
          }
        ),
      ]
      for axes in 0..<8 as Range<UInt32> {
        let results = (0..<3).reduce(1) { axes & (1 << UInt32($1)) == 0 ? $0 * shape[$1] : $0 }
        let length = Double(shape.reduce(1, *) / max(results, 1))
        for (operation, factor, fold) in laws {
          let found = onAnyThreads("\(Self.name(of: operation)) at \(level)") { () -> [Scalar] in
            var out = [Scalar](repeating: .nan, count: results)
            apus_reduce(operation, Scalar.type, 3, shape, x, strides, axes, &out)
            return out
          }
          let expected = naive(doubles, shape, strides, axes, fold)
          let sizes = naive(doubles, shape, strides, axes) { $0.reduce(1) { $0 + abs($1) } }
          let isRight = zip(found, zip(expected, sizes)).allSatisfy { found, other in
            let exact = other.0
            // A product's error is relative to itself, and grows with the number of factors.
            let size = operation == .product ? abs(exact) * length : other.1
            if Double(found) == exact { return true }
            return abs(Double(found) - exact) <= factor * Double(Scalar.ulpOfOne) * size
              * max(1, log2(length + 1))
          }
          #expect(
            isRight,
            "\(Self.name(of: operation)) of \(shape) over \(axes) at \(level): \(found.prefix(8)), expected \(expected.prefix(8))"
          )
        }
        guard length > 0, results > 0 else { continue }
        for (operation, best) in [(apus_reduction.argmax, 1.0), (.argmin, -1.0)] {
          var out = [Int64](repeating: -1, count: results)
          apus_reduce(operation, Scalar.type, 3, shape, x, strides, axes, &out)
          let expected = naive(doubles, shape, strides, axes) { values in
            Double(
              values.indices.max {
                values[$0] * best < values[$1] * best || values[$0] == values[$1] && $0 > $1
              }!)
          }
          #expect(
            out.map(Double.init) == expected,
            "\(Self.name(of: operation)) of \(shape) over \(axes) at \(level)")
        }
      }
    }

    @Test(arguments: levels, cases)
    func `reductions over any axes equal the loop`(
      level: Level, example: (shape: [Int], strides: [Int])
    ) {
      at(level) {
        Self.check(Float.self, level, example.shape, example.strides)
        Self.check(Double.self, level, example.shape, example.strides)
      }
    }

    @Test(arguments: levels, [([400, 500], [500, 1]), ([500, 400], [1, 500])])
    func `large sums are exact to rounding and do not depend on the threads`(
      level: Level, example: (shape: [Int], strides: [Int])
    ) {
      at(level) {
        var numbers = Numbers(state: 9)
        let x: [Float] = numbers.values(200_000)
        for axes in [1, 2, 3] as [UInt32] {
          let results = axes == 3 ? 1 : example.shape[axes == 1 ? 1 : 0]
          for operation in [apus_reduction.sum, .maximum, .sum_squares, .log_sum_exp] {
            let found = onAnyThreads("\(Self.name(of: operation)) at \(level)") { () -> [Float] in
              var out = [Float](repeating: .nan, count: results)
              apus_reduce(operation, .float32, 2, example.shape, x, example.strides, axes, &out)
              return out
            }
            guard operation == .sum, axes == 3 else { continue }
            let exact = x.reduce(0.0) { $0 + Double($1) }
            #expect(abs(Double(found[0]) - exact) < 0.01)
          }
        }
        let dot = onAnyThreads { () -> [Float] in
          var out: Float = .nan
          apus_dot(.float32, x.count, x, x, &out)
          return [out]
        }
        let exact = x.reduce(0.0) { $0 + Double($1) * Double($1) }
        #expect(abs(Double(dot[0]) / exact - 1) < 1e-6)
      }
    }

    @Test(arguments: levels)
    func `a NaN is never lost`(level: Level) {
      at(level) {
        for position in [0, 1, 7, 8, 30, 63, 64, 99] {
          var x = (0..<100).map { Float($0) }
          x[position] = .nan
          for operation in [
            apus_reduction.sum, .product, .maximum, .minimum, .log_sum_exp, .sum_squares,
          ] {
            var out: Float = 0
            apus_reduce(operation, .float32, 1, [100], x, [1], 1, &out)
            #expect(out.isNaN, "\(Self.name(of: operation)) at \(level), NaN at \(position)")
          }
          var index: Int64 = -1
          apus_reduce(.argmax, .float32, 1, [100], x, [1], 1, &index)
          #expect(index == position)
          apus_reduce(.argmin, .float32, 1, [100], x, [1], 1, &index)
          #expect(index == position)
        }
      }
    }
  }
}
