import Foundation
import Kernels
import Testing

extension KernelTests {
  @Suite(.serialized) struct UnitTests {
    struct Unit: Sendable, CustomTestStringConvertible {
      let unit: apus_unit
      var constants = [0.0, 0, 0]
      /// The greatest distance of the value from the exact one, in units of the last place.
      var ulps = 2.0
      let exact: @Sendable (Double) -> Double
      /// The derivative.
      let slope: @Sendable (Double) -> Double
      var testDescription: String { "\(unit) \(constants)" }
    }

    static let units: [Unit] = [
      Unit(unit: .leaky_relu, constants: [0.25, 0, 0], ulps: 0.5) {
        $0 > 0 ? $0 : 0.25 * $0
      } slope: {
        $0 > 0 ? 1 : 0.25
      },
      Unit(unit: .leaky_relu, ulps: 0) {
        $0 > 0 ? $0 : $0.isNaN ? .nan : 0
      } slope: {
        $0 > 0 ? 1 : 0
      },
      Unit(unit: .hard_tanh, constants: [-1, 2, 0], ulps: 0) {
        $0 < -1 ? -1 : $0 > 2 ? 2 : $0
      } slope: {
        $0 > -1 && $0 < 2 ? 1 : 0
      },
      Unit(unit: .hard_sigmoid, ulps: 3) {
        $0 < -3 ? 0 : $0 > 3 ? 1 : ($0 + 3) / 6
      } slope: {
        $0 > -3 && $0 < 3 ? 1 / 6 : 0
      },
      Unit(unit: .hard_swish, ulps: 3) {
        $0 < -3 ? 0 : $0 > 3 ? $0 : $0 * (($0 + 3) / 6)
      } slope: {
        $0 <= -3 ? 0 : $0 >= 3 ? 1 : $0 / 3 + 0.5
      },
      // λ, λ α and another rate: the ELU, SELU and CELU at once.
      Unit(unit: .exponential, constants: [1.25, 1.75, 0.5], ulps: 3) {
        $0 > 0 ? 1.25 * $0 : 1.75 * expm1(0.5 * $0)
      } slope: {
        $0 > 0 ? 1.25 : 0.875 * exp(0.5 * $0)
      },
      Unit(unit: .softsign) {
        $0.isInfinite ? ($0 > 0 ? 1 : -1) : $0 / (1 + abs($0))
      } slope: {
        1 / ((1 + abs($0)) * (1 + abs($0)))
      },
      Unit(unit: .mish, ulps: 4) {
        $0 < -700 ? 0 : $0 * tanh(log1p(exp(min($0, 700))))
      } slope: {
        let x = max(min($0, 700), -700)
        let t = tanh(log1p(exp(x)))
        return t + x * (1 - t * t) / (1 + exp(-x))
      },
    ]

    static func apply<Scalar: KernelScalar>(
      _ unit: Unit, _ x: [Scalar], stride: Int = 1
    ) -> [Scalar] {
      var result = [Scalar](repeating: .nan, count: x.count / stride)
      apus_apply_unit(
        unit.unit, unit.constants, Scalar.type, 1, [result.count], x, [stride], &result)
      return result
    }

    static func slope<Scalar: KernelScalar>(
      _ unit: Unit, _ x: [Scalar], upstream: [Scalar], strides: (Int, Int), count: Int
    ) -> [Scalar] {
      var result = [Scalar](repeating: .nan, count: count)
      apus_apply_unit_slope(
        unit.unit, unit.constants, Scalar.type, 1, [count], upstream, [strides.0], x, [strides.1],
        &result)
      return result
    }

    static func check<Scalar: KernelScalar>(_ unit: Unit, _ x: [Scalar], _ level: Level) {
      let y = onAnyThreads("\(unit.unit) at \(level)") { apply(unit, x) }
      let upstream = x.indices.map { Scalar($0 % 3 == 0 ? 1 : -1.5) }
      let gradient = onAnyThreads("slope of \(unit.unit) at \(level)") {
        slope(unit, x, upstream: upstream, strides: (1, 1), count: x.count)
      }
      for index in x.indices {
        let exact = unit.exact(Double(x[index]))
        let distance = y[index].distance(inUlpsTo: exact)
        #expect(
          distance <= unit.ulps + (unit.ulps == 0 ? 0 : 0.01),
          "\(unit.unit) at \(level): \(distance) ulps at \(x[index])")
        let expected = unit.slope(Double(x[index])) * Double(upstream[index])
        let error = abs(Double(gradient[index]) - expected)
        #expect(
          error <= 4 * Double(Scalar.ulpOfOne) * max(abs(expected), 0.25),
          "slope of \(unit.unit) at \(level), \(x[index]): \(gradient[index]) is not \(expected)")
      }
    }

    @Test(arguments: levels, units)
    func `values and slopes agree with the formulas`(level: Level, unit: Unit) {
      at(level) {
        var numbers = Numbers(state: 21)
        let near: [Float] = numbers.values(300, in: -4...4)
        let far: [Float] = numbers.values(100, in: -90...90)
        let edges: [Float] = [0, -1, 2, 3, -3, 1e-30, -1e-30, 1e30, -1e30]
        Self.check(unit, near + far + edges, level)
        Self.check(unit, (near + edges).map(Double.init), level)
      }
    }

    @Test(arguments: levels, units)
    func `strides, tails and a repeated operand give the same bits`(level: Level, unit: Unit) {
      at(level) {
        var numbers = Numbers(state: 22)
        for count in [0, 1, 3, 8, 17, 33, 70] {
          let x: [Float] = numbers.values(count, in: -5...5)
          let spread = x.flatMap { [$0, .nan] }
          let y = Self.apply(unit, x)
          #expect(Self.apply(unit, spread, stride: 2).map(\.bits) == y.map(\.bits))
          let ones = [Float](repeating: 1.5, count: count)
          let dense = Self.slope(unit, x, upstream: ones, strides: (1, 1), count: count)
          let repeated = Self.slope(unit, x, upstream: [1.5], strides: (0, 1), count: count)
          let strided = Self.slope(unit, spread, upstream: ones, strides: (1, 2), count: count)
          #expect(dense.map(\.bits) == repeated.map(\.bits))
          #expect(dense.map(\.bits) == strided.map(\.bits))
          let (x0, upstream): ([Float], [Float]) = ([0.5], [1.5])
          let single = Self.slope(unit, x0, upstream: upstream, strides: (0, 0), count: count)
          let same = [Float](repeating: 0.5, count: count)
          #expect(
            single.map(\.bits)
              == Self.slope(unit, same, upstream: ones, strides: (1, 1), count: count).map(\.bits))
        }
      }
    }

    @Test(arguments: levels, units)
    func `infinities and NaN`(level: Level, unit: Unit) {
      at(level) {
        let x: [Float] = [.infinity, -.infinity, .nan]
        let y = Self.apply(unit, x)
        #expect(y[0] == Float(unit.exact(.infinity)) && y[1] == Float(unit.exact(-.infinity)))
        #expect(y[2].isNaN)
        let ones: [Float] = [1, 1, 1]
        let slopes = Self.slope(unit, x, upstream: ones, strides: (1, 1), count: 3)
        #expect(slopes[0] == Float(unit.slope(.infinity)))
        #expect(slopes[1] == Float(unit.slope(-.infinity)))
      }
    }
  }
}
