import Foundation
import Kernels
import Testing

extension KernelTests {
  @Suite(.serialized) struct ElementwiseTests {
    struct Function: Sendable, CustomTestStringConvertible {
      let name: String
      let operation: apus_unary
      /// The greatest distance from the exact value, in units of the last place.
      var ulps = 2.0
      var domain = -20.0...20.0
      let exact: @Sendable (Double) -> Double
      var testDescription: String { name }
    }

    static let functions: [Function] = [
      Function(name: "negate", operation: .negate, ulps: 0) { -$0 },
      Function(name: "abs", operation: .abs, ulps: 0) { abs($0) },
      Function(name: "square", operation: .square, ulps: 0.5) { $0 * $0 },
      Function(name: "sign", operation: .sign, ulps: 0) {
        $0 > 0 ? 1 : $0 < 0 ? -1 : $0.isNaN ? .nan : 0
      },
      Function(name: "sqrt", operation: .sqrt, ulps: 0.5, domain: 0...1e6) { $0.squareRoot() },
      Function(name: "rsqrt", operation: .rsqrt, ulps: 2, domain: 1e-6...1e6) {
        1 / $0.squareRoot()
      },
      Function(name: "reciprocal", operation: .reciprocal, ulps: 0.5) { 1 / $0 },
      Function(name: "exp", operation: .exp, domain: -110...100) { exp($0) },
      Function(name: "expm1", operation: .expm1, domain: -30...80) { expm1($0) },
      Function(name: "log", operation: .log, domain: 1e-6...1e6) { log($0) },
      Function(name: "log1p", operation: .log1p, domain: -0.999...100) { log1p($0) },
      Function(name: "sin", operation: .sin, domain: -100...100) { sin($0) },
      Function(name: "cos", operation: .cos, domain: -100...100) { cos($0) },
      Function(name: "tan", operation: .tan, ulps: 4, domain: -1.5...1.5) { tan($0) },
      Function(name: "atan", operation: .atan) { atan($0) },
      Function(name: "tanh", operation: .tanh) { tanh($0) },
      Function(name: "erf", operation: .erf, ulps: 4, domain: -7...7) { erf($0) },
      Function(name: "sigmoid", operation: .sigmoid, domain: -100...100) {
        $0 >= 0 ? 1 / (1 + exp(-$0)) : exp($0) / (1 + exp($0))
      },
      Function(name: "softplus", operation: .softplus, domain: -100...100) {
        log1p(exp(-abs($0))) + max($0, 0)
      },
      Function(name: "relu", operation: .relu, ulps: 0) { $0 > 0 ? $0 : $0.isNaN ? .nan : 0 },
      Function(name: "heaviside", operation: .heaviside, ulps: 0) {
        $0 > 0 ? 1 : $0 < 0 ? 0 : $0.isNaN ? .nan : 0.5
      },
      Function(name: "silu", operation: .silu, ulps: 4, domain: -80...80) {
        $0 < -800 ? -0.0 : $0 >= 0 ? $0 / (1 + exp(-$0)) : $0 * exp($0) / (1 + exp($0))
      },
      Function(name: "floor", operation: .floor, ulps: 0) { $0.rounded(.down) },
      Function(name: "ceil", operation: .ceil, ulps: 0) { $0.rounded(.up) },
      Function(name: "round", operation: .round, ulps: 0) { $0.rounded(.toNearestOrEven) },
      Function(name: "trunc", operation: .trunc, ulps: 0) { $0.rounded(.towardZero) },
    ]

    static func apply<Scalar: KernelScalar>(
      _ operation: apus_unary, _ x: [Scalar], step: Int = 1, offset: Int = 0
    ) -> [Scalar] {
      let count = x.count / abs(step)
      var result = [Scalar](repeating: .nan, count: count)
      x.withUnsafeBufferPointer { x in
        guard let base = x.baseAddress else { return }
        apus_apply_unary(operation, Scalar.type, 1, [count], base + offset, [step], &result)
      }
      return result
    }

    /// Float64 references come from float64 functions, which are not exact themselves.
    static func check<Scalar: KernelScalar>(
      _ function: Function, _ x: [Scalar], _ level: Level, slack: Double
    ) {
      let y = onAnyThreads("\(function.name) at \(level)") { apply(function.operation, x) }
      var worst = (ulps: 0.0, index: 0)
      for index in x.indices {
        let distance = y[index].distance(inUlpsTo: function.exact(Double(x[index])))
        if distance > worst.ulps { worst = (distance, index) }
      }
      let limit = function.ulps == 0 ? 0 : function.ulps + slack
      #expect(
        worst.ulps <= limit,
        "\(function.name) of \(Scalar.self) at \(level): \(worst.ulps) ulps at \(x[worst.index]): \(y[worst.index])"
      )
    }

    @Test(arguments: levels, functions)
    func `functions agree with the C library`(level: Level, function: Function) {
      at(level) {
        var numbers = Numbers(state: 3)
        let near: [Float] = numbers.values(1000, in: max(function.domain.lowerBound, -1)...1)
          .filter { function.domain.contains(Double($0)) }
        let wide: [Float] = numbers.values(20_000, in: function.domain)
        Self.check(function, wide + near, level, slack: 0.01)
        let doubles: [Double] = numbers.values(3000, in: function.domain)
        Self.check(function, doubles + near.map(Double.init), level, slack: 2.5)
      }
    }

    @Test(arguments: levels, functions)
    func `tails, strides and special values`(level: Level, function: Function) {
      at(level) {
        var numbers = Numbers(state: 4)
        for count in [0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 47, 63, 65] {
          let x: [Float] = numbers.values(count, in: function.domain)
          let y: [Float] = Self.apply(function.operation, x)
          // The last elements go another way through the kernel: the result is the same.
          let more: [Float] = x + [1] + x + [Float](repeating: 1, count: 64)
          let padded = Self.apply(function.operation, more)
          #expect(y.map(\.bits) == padded[..<count].map(\.bits))
          let spread: [Float] = x.flatMap { [$0, 0.5, 0.25] }
          #expect(Self.apply(function.operation, spread, step: 3).map(\.bits) == y.map(\.bits))
          let backward = Self.apply(
            function.operation, x, step: -1, offset: max(count - 1, 0))
          #expect(backward.reversed().map(\.bits) == y.map(\.bits))
        }
        let tiny = Float.leastNonzeroMagnitude * 1000
        let special: [Float] = [
          0, -0.0, .infinity, -.infinity, .nan, tiny, -tiny, 3e38, -3e38, 88, -88, 104, -104,
        ]
        for (x, y) in zip(special, Self.apply(function.operation, special)) {
          let exact = Float(function.exact(Double(x)))
          let isNear = y == exact || y.isNaN && exact.isNaN || abs(y - exact) <= 3 * exact.ulp
          // Functions of a period need not know where 3e38 lies in it.
          let isPeriodic = [apus_unary.sin, .cos, .tan].contains(function.operation)
          #expect(
            isNear || isPeriodic && abs(x) > 1e6,
            "\(function.name) of \(x) at \(level): \(y), expected \(exact)")
        }
      }
    }

    @Test(arguments: levels, functions)
    func `special values in double precision`(level: Level, function: Function) {
      at(level) {
        let tiny = Double.leastNonzeroMagnitude * 1000
        let special: [Double] = [
          0, -0.0, .infinity, -.infinity, .nan, tiny, -tiny, 1e308, -1e308, 40, -40, 709, -709, 745,
          -745, 1e-20, -1e-20,
        ]
        for (x, y) in zip(special, Self.apply(function.operation, special)) {
          let exact = function.exact(x)
          let isNear = y == exact || y.isNaN && exact.isNaN || abs(y - exact) <= 4 * exact.ulp
          let isPeriodic = [apus_unary.sin, .cos, .tan].contains(function.operation)
          #expect(
            isNear || isPeriodic && abs(x) > 1e6,
            "\(function.name) of \(x) at \(level): \(y), expected \(exact)")
          if x == 0, [apus_unary.expm1, .log1p, .tanh].contains(function.operation) {
            #expect(y.sign == x.sign, "the zero of \(function.name)")
          }
        }
      }
    }

    @Test(arguments: levels)
    func `the exact GELU keeps its tail`(level: Level) {
      at(level) {
        var numbers = Numbers(state: 5)
        let x: [Float] =
          numbers.values(4000, in: -14.4...14) + numbers.values(2000) + [0, 20, .infinity]
        for (x, y) in zip(x, Self.apply(.gelu, x)) {
          let wide = Double(x)
          let distance = y.distance(inUlpsTo: wide * 0.5 * erfc(-wide * 0.5.squareRoot()))
          #expect(distance <= 4, "gelu of \(x) at \(level): \(distance) ulps")
        }
        #expect(Self.apply(.gelu, [-Float.infinity]) == [0])
      }
    }

    struct Pair: Sendable, CustomTestStringConvertible {
      let name: String
      let operation: apus_binary
      var ulps = 0.5
      var isPositive = false
      let exact: @Sendable (Double, Double) -> Double
      var testDescription: String { name }
    }

    static let pairs: [Pair] = [
      Pair(name: "add", operation: .add) { $0 + $1 },
      Pair(name: "subtract", operation: .subtract) { $0 - $1 },
      Pair(name: "multiply", operation: .multiply) { $0 * $1 },
      Pair(name: "divide", operation: .divide) { $0 / $1 },
      Pair(name: "maximum", operation: .maximum, ulps: 0) {
        $0.isNaN || $1.isNaN ? .nan : max($0, $1)
      },
      Pair(name: "minimum", operation: .minimum, ulps: 0) {
        $0.isNaN || $1.isNaN ? .nan : min($0, $1)
      },
      Pair(name: "remainder", operation: .remainder, ulps: 0) { fmod($0, $1) },
      Pair(name: "power", operation: .power, ulps: 4, isPositive: true) { pow($0, $1) },
      Pair(name: "atan2", operation: .atan2, ulps: 4) { atan2($0, $1) },
      Pair(name: "relu_from_output", operation: .relu_from_output, ulps: 0) { $1 > 0 ? $0 : 0 },
    ]

    @Test(arguments: levels, pairs)
    func `functions of two operands, broadcast and strided`(level: Level, pair: Pair) {
      at(level) {
        var numbers = Numbers(state: 6)
        let range = pair.isPositive ? 0.1...8.0 : -8.0...8.0
        let (rows, columns) = (37, 41)
        let x: [Float] = numbers.values(rows * columns, in: range)
        let y: [Float] = numbers.values(rows * columns, in: range)
        // Strides of x and y: dense, a row, a column, a scalar, transposed.
        let strides = [[columns, 1], [0, 1], [1, 0], [0, 0], [1, rows]]
        for a in strides {
          for b in strides {
            let result = onAnyThreads("\(pair.name) at \(level)") { () -> [Float] in
              var result = [Float](repeating: .nan, count: rows * columns)
              apus_apply_binary(pair.operation, .float32, 2, [rows, columns], x, a, y, b, &result)
              return result
            }
            var worst = 0.0
            for i in 0..<rows {
              for j in 0..<columns {
                let exact = pair.exact(
                  Double(x[i * a[0] + j * a[1]]), Double(y[i * b[0] + j * b[1]]))
                worst = max(worst, result[i * columns + j].distance(inUlpsTo: exact))
              }
            }
            #expect(worst <= pair.ulps * 1.01, "\(pair.name) at \(level), strides \(a), \(b)")
          }
        }
      }
    }

    @Test(arguments: levels)
    func `comparisons and selection`(level: Level) {
      at(level) {
        var numbers = Numbers(state: 7)
        let x: [Float] = numbers.values(75).map { ($0 * 2).rounded() } + [.nan, .nan, 1]
        let y: [Float] = numbers.values(75).map { ($0 * 2).rounded() } + [.nan, 0, .nan]
        let laws: [(apus_comparison, (Float, Float) -> Bool)] = [
          (.equal, ==), (.not_equal, !=), (.less, <), (.less_equal, <=), (.greater, >),
          (.greater_equal, >=),
        ]
        for (operation, law) in laws {
          var truths = [Bool](repeating: false, count: x.count)
          apus_apply_comparison(operation, .float32, 1, [x.count], x, [1], y, [1], &truths)
          #expect(truths == zip(x, y).map(law), "\(operation.rawValue) at \(level)")
          var chosen = [Float](repeating: 0, count: x.count)
          apus_select(.float32, 1, [x.count], truths, [1], x, [1], y, [1], &chosen)
          let expected = zip(truths, zip(x, y)).map { $0 ? $1.0 : $1.1 }
          #expect(chosen.map(\.bits) == expected.map(\.bits))
        }
      }
    }
  }
}
