import Core

/// A function that minimisers are tried on.
struct TestFunction: Sendable, CustomStringConvertible {
  let name: String
  let starts: [[Double]]
  /// Every minimum that one of the starts may lead to.
  let minima: [[Double]]
  let value: @Sendable (Tensor) -> Tensor

  var description: String { name }

  static let rosenbrock = TestFunction(
    name: "Rosenbrock", starts: [[-1.2, 1], [0, 0], [3, -4]], minima: [[1, 1]]
  ) { x in
    square(1 - x[0]) + 100 * square(x[1] - square(x[0]))
  }

  static let chain = TestFunction(
    name: "Rosenbrock's chain",
    starts: [(0..<10).map { $0 % 2 == 0 ? 0.4 : -0.5 }, .init(repeating: 2, count: 10)],
    minima: [.init(repeating: 1, count: 10)]
  ) { x in
    let (left, right) = (x[..<9], x[1...])
    return (square(1 - left) + 100 * square(right - square(left))).sum()
  }

  static let beale = TestFunction(
    name: "Beale", starts: [[1, 1], [2, 0], [0, 0]], minima: [[3, 0.5]]
  ) { p in
    let (x, y) = (p[0], p[1])
    return square(1.5 - x + x * y) + square(2.25 - x + x * square(y))
      + square(2.625 - x + x * square(y) * y)
  }

  static let himmelblau = TestFunction(
    name: "Himmelblau", starts: [[0, 0], [-1, 3], [-4, -4], [4, -1]],
    minima: [
      [3, 2], [-2.805118086952745, 3.131312518250573],
      [-3.779310253377747, -3.283185991286170], [3.584428340330492, -1.848126526964404],
    ]
  ) { p in
    square(square(p[0]) + p[1] - 11) + square(p[0] + square(p[1]) - 7)
  }

  /// ½ Σ cᵢ (xᵢ − 1)² with curvatures from 1 to 10⁶.
  static let quadratic = TestFunction(
    name: "ill-conditioned quadratic", starts: [[0, 0, 0, 0, 0, 0, 0]],
    minima: [.init(repeating: 1, count: 7)]
  ) { x in
    let curvatures = Tensor((0..<7).map { pow(10, Double($0)) }, dtype: x.dtype)
    return 0.5 * (curvatures * square(x - 1)).sum()
  }

  /// Σ xᵢ − log xᵢ: no number where an element is negative, ∞ at 0.
  static let barrier = TestFunction(
    name: "barrier", starts: [[0.01, 5], [1e-3, 1e-3], [40, 0.5]], minima: [[1, 1]]
  ) { x in
    (x - log(x)).sum()
  }

  static let all = [rosenbrock, chain, beale, himmelblau, quadratic, barrier]

  /// How far a point is from the nearest minimum.
  func error(of position: Tensor) -> Double {
    let found = position.scalars(as: Double.self)
    return minima.map { minimum in
      zip(found, minimum).reduce(0) { max($0, abs($1.0 - $1.1)) }
    }.min()!
  }
}

private func pow(_ base: Double, _ exponent: Double) -> Double {
  (0..<Int(exponent)).reduce(1) { power, _ in power * base }
}
