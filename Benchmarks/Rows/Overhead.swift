import Core

// Additions so small that only the cost of an operation itself is left. The chain adds the same
// tensor a hundred times and differentiates with respect to both; its time is that of the whole.

extension Catalogue {
  static var overhead: [Row] {
    [
      Row("overhead/add-4x4-fwd") {
        let (a, b) = (normal([4, 4]), normal([4, 4]))
        return { _ = a + b }
      },
      chain("overhead/add-4x4-fwdbwd-single", length: 1),
      chain("overhead/add-4x4-fwdbwd-chain100", length: 100),
    ]
  }

  private static func chain(_ name: String, length: Int) -> Row {
    Row(name) {
      let (a, b, upstream) = (normal([4, 4]), normal([4, 4]), normal([4, 4]))
      return {
        let (_, pullback) = vjp(at: a, b) { a, b in
          var sum = a
          for _ in 0..<length { sum = sum + b }
          return sum
        }
        _ = pullback(upstream)
      }
    }
  }
}
