import Core
import Testing

/// A differentiable operation and how to make random examples of it.
struct Operation: Sendable, CustomTestStringConvertible {
  /// The shapes of the inputs, and the function of them with its other arguments chosen.
  typealias Example = (shapes: [Shape], function: @Sendable ([Tensor]) -> Tensor)

  let name: String
  var domain = Domain.real
  /// Whether ties among the elements are harmless: broadcast inputs have them.
  var allowsTies = true
  let example: @Sendable (inout RandomGenerator) -> Example

  var testDescription: String { name }

  /// An elementwise function of one tensor.
  static func unary(
    _ name: String, _ domain: Domain = .real, _ function: @escaping @Sendable (Tensor) -> Tensor
  ) -> Operation {
    Operation(name: name, domain: domain) { generator in
      ([Shape.random(using: &generator)], { function($0[0]) })
    }
  }

  /// An elementwise function of two tensors that broadcast.
  static func binary(
    _ name: String, _ domain: Domain = .real, allowsTies: Bool = true,
    _ function: @escaping @Sendable (Tensor, Tensor) -> Tensor
  ) -> Operation {
    Operation(name: name, domain: domain, allowsTies: allowsTies) { generator in
      (Shape.randomPair(using: &generator), { function($0[0], $0[1]) })
    }
  }

  /// A function of a tensor, some of its axes and whether they are kept.
  static func reduction(
    _ name: String, _ domain: Domain = .real, allowsEmpty: Bool = true, allowsTies: Bool = true,
    _ function: @escaping @Sendable (Tensor, [Int], Bool) -> Tensor
  ) -> Operation {
    Operation(name: name, domain: domain, allowsTies: allowsTies) { generator in
      let shape = Shape.random(isEmptyAllowed: allowsEmpty, using: &generator)
      let axes = shape.randomAxes(using: &generator)
      let keepsAxes = Bool.random(using: &generator)
      return ([shape], { function($0[0], axes, keepsAxes) })
    }
  }

  /// A function of a tensor and one of its axes.
  static func alongAxis(
    _ name: String, allowsEmpty: Bool = true,
    _ function: @escaping @Sendable (Tensor, Int) -> Tensor
  ) -> Operation {
    Operation(name: name) { generator in
      let shape = Shape.random(rank: 1...4, isEmptyAllowed: allowsEmpty, using: &generator)
      let axis = shape.randomAxis(using: &generator)
      return ([shape], { function($0[0], axis) })
    }
  }

  static let all =
    elementary + arithmetic + reductions + products + shaping + joining + indexing + losses
    + sorting + contractions + cumulative + rearranging + replacing

  static let elementary: [Operation] = [
    .unary("exp") { exp($0) }, .unary("expm1") { expm1($0) }, .unary("log", .positive) { log($0) },
    .unary("log1p", .positive) { log1p($0) }, .unary("sqrt", .positive) { sqrt($0) },
    .unary("rsqrt", .positive) { rsqrt($0) },
    .unary("reciprocal", .awayFromZero) { reciprocal($0) },
    .unary("square") { square($0) }, .unary("abs", .awayFromZero) { abs($0) },
    .unary("sign", .awayFromZero) { sign($0) * $0 },
    .unary("heaviside", .awayFromZero) { heaviside($0) * $0 },
    .unary("sin") { sin($0) }, .unary("cos") { cos($0) }, .unary("tan", .inner) { tan($0) },
    .unary("atan") { atan($0) }, .unary("erf") { erf($0) }, .unary("sigmoid") { sigmoid($0) },
    .unary("tanh") { tanh($0) }, .unary("softplus") { softplus($0) },
    .unary("floor") { floor($0) * $0 }, .unary("truncate") { truncate($0) * $0 },
    .unary("cubed") { pow($0, 3) }, .unary("to the power of 2") { pow($0, 2) },
    .unary("to the power of 0") { pow($0, 0) }, .unary("to the power of 1") { pow($0, 1) },
    .unary("to the power of −1.5", .positive) { pow($0, -1.5) },
  ]

  static let arithmetic: [Operation] = [
    .binary("+") { $0 + $1 }, .binary("-") { $0 - $1 }, .binary("*") { $0 * $1 },
    .binary("/", .awayFromZero) { $0 / $1 }, .binary("%", .positive) { ($0 + 5) % $1 },
    .binary("pow", .positive) { pow($0, $1) }, .binary("atan2", .positive) { atan2($0, $1) },
    .binary("maximum", allowsTies: false) { maximum($0, $1) * $0 },
    .binary("minimum", allowsTies: false) { minimum($0, $1) * $1 },
    .binary("select") { x, y in select(stopGradient(x) .> 0.1, x * y, y * y) },
    .unary("negative") { -$0 * $0 }, .unary("x + 2") { ($0 + 2) * $0 },
    .unary("2 - x") { (2 - $0) * $0 },
    .unary("x - 2") { ($0 - 2) * $0 }, .unary("3 x") { 3 * $0 * $0 },
    .unary("x / 3") { $0 / 3 * $0 },
    .unary("3 / x", .awayFromZero) { 3 / $0 }, .unary("x % 0.7", .positive) { ($0 % 0.7) * $0 },
    .unary("maximum with 0.1") { maximum($0, 0.1) * $0 },
    .unary("minimum with 0.1") { minimum($0, 0.1) * $0 },
    .unary("clamped") { $0.clamped(to: -1...1) * $0 },
    .unary("x += y, in place") { x in
      var y = x * x
      y += x
      y *= 3
      y -= x * y
      return y
    },
  ]

  static let reductions: [Operation] = [
    .reduction("sum") { square($0).sum(along: $1, keepingAxes: $2) },
    .reduction("mean", allowsEmpty: false) { square($0).mean(along: $1, keepingAxes: $2) },
    .reduction("variance", allowsEmpty: false) { $0.variance(along: $1, keepingAxes: $2) },
    .unary("sum of all") { square($0).sum() },
    .unary("product of all") { $0.product() },
    .alongAxis("product") { $0.product(along: $1, keepingAxes: true) },
    .alongAxis("product, axis dropped") { $0.product(along: $1) },
    Operation(name: "maximum along axes", allowsTies: false) { generator in
      let shape = Shape.random(rank: 1...4, isEmptyAllowed: false, using: &generator)
      let axis = shape.randomAxis(using: &generator)
      return ([shape], { square($0[0].maximum(along: axis, keepingAxes: true)) * $0[0] })
    },
    Operation(name: "minimum along axes", allowsTies: false) { generator in
      let shape = Shape.random(rank: 1...4, isEmptyAllowed: false, using: &generator)
      let axis = shape.randomAxis(using: &generator)
      return ([shape], { square($0[0].minimum(along: axis)) })
    },
    .alongAxis("logSumExp", allowsEmpty: false) { logSumExp($0, along: $1) },
    .alongAxis("logSumExp, axis kept", allowsEmpty: false) {
      logSumExp($0, along: $1, keepingAxes: true)
    },
    .alongAxis("softmax") { softmax($0, along: $1) },
    .alongAxis("logSoftmax") { logSoftmax($0, along: $1) },
    Operation(name: "norm", domain: .awayFromZero) { generator in
      ([Shape.random(isEmptyAllowed: false, using: &generator)], { $0[0].norm() })
    },
  ]
}
