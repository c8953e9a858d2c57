import Foundation
import Kernels
import Testing

extension KernelTests {
  @Suite(.serialized) struct MatrixProductTests {
    /// How an operand lies in memory.
    enum Order: CaseIterable { case rows, columns, paddedRows, everyOther, backward }

    struct Operand<Scalar: KernelScalar> {
      var storage: [Scalar]
      var start = 0
      var row = 0, column = 0

      init(_ rows: Int, _ columns: Int, _ order: Order, _ numbers: inout Numbers) {
        switch order {
        case .rows: (row, column) = (columns, 1)
        case .columns: (row, column) = (1, rows)
        case .paddedRows: (row, column) = (columns + 3, 1)
        case .everyOther: (row, column) = (2 * columns + 1, 2)
        case .backward: (row, column) = (-columns, 1)
        }
        let last = abs(row) * max(rows - 1, 0) + column * max(columns - 1, 0)
        storage = numbers.values(last + 1)
        if order == .backward { start = columns * max(rows - 1, 0) }
      }

      func callAsFunction(_ i: Int, _ j: Int) -> Double {
        Double(storage[start + i * row + j * column])
      }
    }

    /// Products of random operands at one size, against float64 sums index by index.
    static func check<Scalar: KernelScalar>(
      _: Scalar.Type, _ m: Int, _ n: Int, _ k: Int, _ a: Order, _ b: Order,
      padding: Int = 0, accumulate: Bool = false,
      activation: apus_activation = .identity, hasBias: Bool = false, comment: Comment
    ) {
      var numbers = Numbers(state: UInt64(m * 1_000_003 + n * 1009 + k))
      let left = Operand<Scalar>(m, k, a, &numbers)
      let right = Operand<Scalar>(k, n, b, &numbers)
      let bias: [Scalar] = numbers.values(n)
      let start: [Scalar] = numbers.values(m * (n + padding))
      let result = onAnyThreads(comment) { () -> [Scalar] in
        var c = start
        left.storage.withUnsafeBufferPointer { x in
          right.storage.withUnsafeBufferPointer { y in
            bias.withUnsafeBufferPointer { bias in
              var lhs = apus_matrix()
              lhs.data = UnsafeRawPointer(x.baseAddress! + left.start)
              (lhs.row, lhs.column) = (left.row, left.column)
              var rhs = apus_matrix()
              rhs.data = UnsafeRawPointer(y.baseAddress! + right.start)
              (rhs.row, rhs.column) = (right.row, right.column)
              var epilogue = apus_epilogue(
                bias: hasBias ? UnsafeRawPointer(bias.baseAddress) : nil, activation: activation)
              c.withUnsafeMutableBufferPointer { c in
                apus_gemm(
                  Scalar.type, m, n, k, &lhs, &rhs, c.baseAddress, n + padding, 0, nil, accumulate,
                  hasBias || activation != .identity ? withUnsafePointer(to: &epilogue) { $0 } : nil
                )
              }
            }
          }
        }
        return c
      }
      let epsilon = Double(Scalar.ulpOfOne)
      let (sums, sizes) = reference(left, right, m, n, k)
      var wrong = 0
      for i in 0..<m {
        for j in 0..<(n + padding) {
          let found = Double(result[i * (n + padding) + j])
          let before = Double(start[i * (n + padding) + j])
          if j >= n {
            if found != before { wrong += 1 }
            continue
          }
          let extra = accumulate ? before : hasBias ? Double(bias[j]) : 0
          let expected = apply(activation, sums[i * n + j] + extra)
          let size = sizes[i * n + j] + abs(extra)
          let bound = epsilon * (4 * abs(expected) + size * (2 + Double(k).squareRoot()))
          if !(abs(found - expected) <= bound + 1e-30) { wrong += 1 }
        }
      }
      #expect(wrong == 0, "\(comment), m \(m), n \(n), k \(k), \(a) × \(b): \(wrong) are wrong")
    }

    /// The product in float64, and that of the magnitudes, which bounds the rounding error.
    static func reference<Scalar: KernelScalar>(
      _ a: Operand<Scalar>, _ b: Operand<Scalar>, _ m: Int, _ n: Int, _ k: Int
    ) -> ([Double], [Double]) {
      let rows = (0..<m).flatMap { i in (0..<k).map { a(i, $0) } }
      let columns = (0..<n).flatMap { j in (0..<k).map { b($0, j) } }
      var (sums, sizes) = (
        [Double](repeating: 0, count: m * n), [Double](repeating: 0, count: m * n)
      )
      for i in 0..<m {
        for j in 0..<n {
          var (sum, size) = (0.0, 0.0)
          rows.withUnsafeBufferPointer { rows in
            columns.withUnsafeBufferPointer { columns in
              var p = 0
              while p < k {
                let term = rows[i * k + p] * columns[j * k + p]
                sum += term
                size += abs(term)
                p += 1
              }
            }
          }
          (sums[i * n + j], sizes[i * n + j]) = (sum, size)
        }
      }
      return (sums, sizes)
    }

    static func apply(_ activation: apus_activation, _ x: Double) -> Double {
      switch activation {
      case .identity: x
      case .relu: max(x, 0)
      case .tanh: tanh(x)
      case .sigmoid: 1 / (1 + exp(-x))
      case .softplus: log1p(exp(-abs(x))) + max(x, 0)
      }
    }

    static let small = [0, 1, 2, 3, 5, 8, 13, 16, 17, 31]

    @Test(arguments: levels)
    func `small products of every shape`(level: Level) {
      var numbers = Numbers(state: 1)
      at(level) {
        for index in 0..<150 {
          let (m, n, k) = (
            Self.small.randomElement(using: &numbers)!, Self.small.randomElement(using: &numbers)!,
            Self.small.randomElement(using: &numbers)!
          )
          let (a, b) = (
            Order.allCases.randomElement(using: &numbers)!,
            Order.allCases.randomElement(using: &numbers)!
          )
          let padding = index % 3 == 0 ? 5 : 0
          Self.check(Float.self, m, n, k, a, b, padding: padding, comment: "float32 at \(level)")
          Self.check(Double.self, m, n, k, a, b, padding: padding, comment: "float64 at \(level)")
        }
      }
    }

    @Test(arguments: levels)
    func `blocks, edges and panels of larger products`(level: Level) {
      let sizes = [
        (64, 64, 64), (65, 33, 50), (150, 37, 20), (7, 200, 40), (60, 3, 330), (97, 97, 33),
        (10, 20, 700), (1, 300, 150), (300, 1, 150), (200, 150, 1), (6, 16, 400),
      ]
      at(level) {
        for (index, (m, n, k)) in sizes.enumerated() {
          for (a, b) in [
            (Order.rows, Order.rows), (.rows, .columns), (.columns, .rows), (.columns, .columns),
          ] {
            Self.check(Float.self, m, n, k, a, b, comment: "float32 at \(level)")
            if index % 3 == 0 {
              Self.check(Double.self, m, n, k, a, b, comment: "float64 at \(level)")
            }
          }
          Self.check(Float.self, m, n, k, .everyOther, .backward, padding: 1, comment: "\(level)")
        }
      }
    }

    @Test(arguments: levels)
    func `accumulation, bias and activation`(level: Level) {
      at(level) {
        for (m, n, k) in [
          (5, 7, 3), (33, 50, 17), (1, 40, 20), (40, 1, 20), (4, 4, 0), (40, 50, 30),
        ] {
          for (a, b) in [(Order.rows, Order.rows), (.rows, .columns), (.columns, .rows)] {
            Self.check(
              Float.self, m, n, k, a, b, padding: 2, accumulate: true,
              comment: "accumulating at \(level)")
            Self.check(
              Double.self, m, n, k, a, b, accumulate: true, comment: "accumulating at \(level)")
            for activation in [apus_activation.identity, .relu, .tanh, .sigmoid, .softplus] {
              Self.check(
                Float.self, m, n, k, a, b, activation: activation, hasBias: true,
                comment: "activation \(activation.rawValue) at \(level)")
              Self.check(
                Double.self, m, n, k, a, b, activation: activation, hasBias: m % 2 == 0,
                comment: "activation \(activation.rawValue) at \(level)")
            }
          }
        }
      }
    }

    @Test(arguments: levels)
    func `batches, some of them shared`(level: Level) {
      let (outer, inner, m, n, k) = (3, 2, 5, 6, 7)
      var numbers = Numbers(state: 5)
      let x: [Float] = numbers.values(outer * m * k)
      let y: [Float] = numbers.values(inner * k * n)
      at(level) {
        let result = onAnyThreads { () -> [Float] in
          var c = [Float](repeating: .nan, count: outer * inner * m * n)
          x.withUnsafeBytes { x in
            y.withUnsafeBytes { y in
              var lhs = apus_matrix()
              (lhs.data, lhs.row, lhs.column) = (x.baseAddress, k, 1)
              lhs.batch.0 = m * k
              var rhs = apus_matrix()
              (rhs.data, rhs.row, rhs.column) = (y.baseAddress, n, 1)
              rhs.batch.1 = k * n
              apus_gemm(.float32, m, n, k, &lhs, &rhs, &c, n, 2, [outer, inner], false, nil)
            }
          }
          return c
        }
        for o in 0..<outer {
          for q in 0..<inner {
            for i in 0..<m {
              for j in 0..<n {
                let expected = (0..<k).reduce(0.0) {
                  $0 + Double(x[(o * m + i) * k + $1]) * Double(y[(q * k + $1) * n + j])
                }
                let found = Double(result[((o * inner + q) * m + i) * n + j])
                #expect(abs(found - expected) < 1e-5)
              }
            }
          }
        }
      }
    }
  }
}
