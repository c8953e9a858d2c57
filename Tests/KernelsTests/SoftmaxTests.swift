import Foundation
import Kernels
import Testing

extension KernelTests {
  @Suite(.serialized) struct SoftmaxTests {
    static let sizes = [
      (1, 1), (3, 2), (5, 7), (4, 16), (9, 33), (2, 100), (0, 4), (3, 0), (700, 90),
    ]

    static func check<Scalar: KernelScalar>(
      _: Scalar.Type, _ level: Level, _ rows: Int, _ columns: Int
    ) {
      var numbers = Numbers(state: 10)
      let x: [Scalar] = numbers.values(rows * columns, in: -30...30)
      let u: [Scalar] = numbers.values(rows * columns)
      let labels = (0..<rows).map { _ in
        Int64.random(in: 0..<max(Int64(columns), 1), using: &numbers)
      }
      func run(_ kernel: (UnsafeMutablePointer<Scalar>) -> Void) -> [Scalar] {
        onAnyThreads("softmax at \(level)") {
          var out = [Scalar](repeating: .nan, count: rows * columns)
          out.withUnsafeMutableBufferPointer { if let base = $0.baseAddress { kernel(base) } }
          return out
        }
      }
      let y = run { apus_softmax(Scalar.type, rows, columns, x, $0) }
      let z = run { apus_log_softmax(Scalar.type, rows, columns, x, $0) }
      let dy = run { apus_softmax_backward(Scalar.type, rows, columns, y, u, $0) }
      let dz = run { apus_log_softmax_backward(Scalar.type, rows, columns, z, u, $0) }
      guard columns > 0 else { return }
      var losses = [Scalar](repeating: .nan, count: rows)
      var inverses = losses
      var powers = [Scalar](repeating: .nan, count: rows * columns)
      apus_label_cross_entropy(
        Scalar.type, rows, columns, x, .int64, labels, nil, nil, &losses, &powers, &inverses)
      let dx = run {
        apus_label_cross_entropy_backward(
          Scalar.type, rows, columns, powers, inverses, .int64, labels, nil, nil, u, 1, $0)
      }
      let epsilon = Double(Scalar.ulpOfOne)
      var wrong: [String] = []
      for row in 0..<rows {
        let range = (row * columns)..<((row + 1) * columns)
        let values = x[range].map(Double.init)
        let top = values.max()!
        let total = top + log(values.reduce(0) { $0 + exp($1 - top) })
        let sum = values.reduce(0) { $0 + exp($1 - top) }
        let s = values.map { exp($0 - top) / sum }
        let upstream = u[range].map(Double.init)
        let inner = zip(s, upstream).reduce(0) { $0 + $1.0 * $1.1 }
        let whole = upstream.reduce(0, +)
        let label = Int(labels[row])
        func close(_ found: Scalar, _ exact: Double, _ scale: Double, _ name: String) {
          if !(abs(Double(found) - exact) <= 30 * epsilon * scale) {
            wrong.append("\(name)[\(row)]: \(found), expected \(exact)")
          }
        }
        close(losses[row], total - values[label], 60, "loss")
        close(inverses[row], 1 / sum, 1 / sum, "inverse sum")
        for j in 0..<columns {
          let i = range.lowerBound + j
          close(y[i], s[j], s[j] + 1e-30, "softmax")
          close(z[i], values[j] - total, 60, "log-softmax")
          close(dy[i], s[j] * (upstream[j] - inner), 1, "softmax gradient")
          close(dz[i], upstream[j] - s[j] * whole, 30 + Double(columns), "log-softmax gradient")
          close(dx[i], Double(u[row]) * (s[j] - (j == label ? 1 : 0)), 30, "cross-entropy gradient")
        }
      }
      #expect(
        wrong.isEmpty, "\(Scalar.self) at \(level), [\(rows), \(columns)]: \(wrong.prefix(3))")
    }

    @Test(arguments: levels, sizes)
    func `rows agree with the definition`(level: Level, size: (rows: Int, columns: Int)) {
      at(level) {
        Self.check(Float.self, level, size.rows, size.columns)
        Self.check(Double.self, level, size.rows, size.columns)
      }
    }

    @Test(arguments: levels)
    func `extreme rows`(level: Level) {
      at(level) {
        let x: [Float] = [1e38, -1e38, 0, -.infinity, 0, -.infinity, .nan, 0, 1]
        var y = [Float](repeating: 0, count: 9)
        apus_softmax(.float32, 3, 3, x, &y)
        #expect(y[..<6] == [1, 0, 0, 0, 1, 0])
        #expect(y[6...].allSatisfy { $0.isNaN })
        apus_log_softmax(.float32, 2, 3, x, &y)
        #expect(y[0] == 0 && y[4] == 0 && y[3] == -.infinity)
        var inPlace = x
        inPlace.withUnsafeMutableBufferPointer {
          apus_softmax(.float32, 2, 3, $0.baseAddress, $0.baseAddress)
        }
        #expect(inPlace[..<6] == [1, 0, 0, 0, 1, 0])
      }
    }
  }
}
