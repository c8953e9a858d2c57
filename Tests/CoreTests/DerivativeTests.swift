import Core
import Foundation
import LayerTesting
import Testing

@Suite struct DerivativeTests {
  /// Random examples of each operation; other numbers of them with `APUS_CASES`.
  static let cases =
    ProcessInfo.processInfo.environment["APUS_CASES"].flatMap(Int.init) ?? 100

  @Test(arguments: Operation.all)
  func `first and second derivatives agree with finite differences`(operation: Operation) throws {
    for seed in 0..<UInt64(Self.cases) {
      var generator = RandomGenerator(seed: seed)
      let (shapes, function) = operation.example(&generator)
      var arrangements: [Arrangement] = []
      let inputs = shapes.map { shape in
        let arrangement = Arrangement.allCases.filter { operation.allowsTies || $0 != .broadcast }
          .randomElement(using: &generator)!
        arrangements.append(arrangement)
        return arrangement(operation.domain(shape, .float64, using: &generator), using: &generator)
      }
      do {
        try checkGradients(of: function, at: inputs, order: 2, positions: 2, seed: seed)
      } catch {
        Issue.record("\(operation.name) of \(shapes), \(arrangements), seed \(seed): \(error)")
        return
      }
    }
  }

  @Test(arguments: Operation.all)
  func `layout and type do not change a result`(operation: Operation) throws {
    for seed in 0..<UInt64(Self.cases) {
      var generator = RandomGenerator(seed: 100 + seed)
      let (shapes, function) = operation.example(&generator)
      let inputs = shapes.map { operation.domain($0, .float64, using: &generator) }
      let expected = function(inputs)
      let single = function(inputs.map { $0.cast(to: .float32) })
      #expect(single.dtype == .float32 && expected.dtype == .float64)
      try expectClose(single, expected, relative: 1e-4, absolute: 1e-4, operation.name)
      for arrangement in Arrangement.allCases where arrangement != .broadcast {
        let arranged = inputs.map { arrangement($0, using: &generator) }
        try expectClose(function(arranged), expected, "\(operation.name), \(arrangement)")
        let singles = inputs.map { arrangement($0.cast(to: .float32), using: &generator) }
        try expectClose(
          function(singles), single, relative: 1e-4, absolute: 1e-4,
          "\(operation.name) of float32, \(arrangement)")
      }
    }
  }

  @Test(arguments: Operation.all)
  func `gradients in float32 agree with those in float64`(operation: Operation) throws {
    for seed in 0..<UInt64(Self.cases) {
      var generator = RandomGenerator(seed: 200 + seed)
      let (shapes, function) = operation.example(&generator)
      let singles = shapes.map { operation.domain($0, .float32, using: &generator) }
      let doubles = singles.map { $0.cast(to: .float64) }
      let upstream = Tensor.randomNormal(function(singles).shape, using: &generator)
      let (_, a) = valueWithGradient(at: singles) { (function($0) * upstream).sum() }
      let (_, b) = valueWithGradient(at: doubles) { (function($0) * upstream).sum() }
      for (index, (a, b)) in zip(a, b).enumerated() {
        #expect(a.dtype == .float32 && b.dtype == .float64, "\(operation.name)")
        try expectClose(a, b, relative: 1e-3, absolute: 1e-3, "\(operation.name), input \(index)")
      }
    }
  }

  @Test func `a polynomial has its derivatives`() throws {
    let x = Tensor([1, 2, -3])
    let (value, gradient) = valueWithGradient(at: x) { x in (x * x * x + 2 * x).sum() }
    try expectClose(value, -18 + 0)
    try expectClose(gradient, Tensor([5, 14, 29]))
    try expectClose(
      hessian(at: x) { x in (x * x * x).sum() },
      Tensor([[6, 0, 0], [0, 12, 0], [0, 0, -18]]))
  }

  @Test func `two and three inputs have their gradients`() throws {
    let (x, y, z) = (Tensor([1, 2]), Tensor([3, 4]), Tensor([5, 6]))
    let (value, (gx, gy)) = valueWithGradient(at: x, y) { x, y in (x * y * y).sum() }
    try expectClose(value, 41)
    try expectClose(gx, Tensor([9, 16]))
    try expectClose(gy, Tensor([6, 16]))
    let (a, b, c) = gradient(at: x, y, z) { x, y, z in (x * y * z).sum() }
    try expectClose(a, y * z)
    try expectClose(b, x * z)
    try expectClose(c, x * y)
  }

  @Test func `auxiliary outputs come out beside the loss, as constants`() throws {
    let x = Tensor([1, 2, 3])
    let (value, gradient, logits) = valueWithGradient(at: x) { x in
      let y = 2 * x
      return ((y * y).sum(), y)
    }
    try expectClose(value, 56)
    try expectClose(gradient, 8 * x)
    try expectClose(logits, 2 * x)
    let (_, outer) = valueWithGradient(at: x) { x in (x * logits).sum() }
    try expectClose(outer, logits)
  }

  @Test func `stopGradient cuts, and withoutDerivative records nothing`() throws {
    let x = Tensor([1, 2, 3])
    try expectClose(gradient(at: x) { x in (x * stopGradient(x)).sum() }, x)
    try expectClose(gradient(at: x) { x in (x * withoutDerivative { x * x }).sum() }, x * x)
    try expectClose(gradient(at: x) { _ in Tensor(3) }, Tensor.zeros([3]))
  }

  @Test func `an input used many times adds up its gradients`() throws {
    let x = Tensor([1, 2])
    try expectClose(gradient(at: x) { x in (x + x + x * x).sum() }, 2 + 2 * x)
    let (_, gradients) = valueWithGradient(at: [x, x]) { ($0[0] * $0[1]).sum() }
    try expectClose(gradients[0], x)
    try expectClose(gradients[1], x)
  }

  @Test func `a hand-written derivative is the one used`() throws {
    func doubled(_ x: Tensor) -> Tensor {
      differentiable(x, value: { 2 * $0 }, pullback: { _, _, upstream in 7 * upstream })
    }
    try expectClose(gradient(at: Tensor([1, 2])) { doubled($0).sum() }, Tensor([7, 7]))
    func cube(_ x: Tensor) -> Tensor {
      differentiable(
        x, value: { $0 * $0 * $0 }, pullback: { x, _, upstream in 3 * x * x * upstream })
    }
    var generator = RandomGenerator(seed: 1)
    let x = Tensor.randomNormal([2, 3], using: &generator)
    try checkGradients(of: { cube($0) }, at: x, order: 2)
    let third = gradient(at: Tensor(2)) { x in
      gradient(at: x) { x in gradient(at: x) { cube($0) } }
    }
    try expectClose(third, 6)
    // A pull-back in terms of the value.
    func exponential(_ x: Tensor) -> Tensor {
      differentiable(x, value: { exp($0) }, pullback: { _, y, upstream in y * upstream })
    }
    try checkGradients(of: { exponential($0) }, at: x, order: 2)
  }

  @Test func `an error thrown inside leaves recording as it was`() throws {
    struct Stop: Error {}
    let x = Tensor([1, 2])
    #expect(throws: Stop.self) {
      try valueWithGradient(at: x) { _ -> Tensor in throw Stop() }
    }
    try expectClose(gradient(at: x) { ($0 * $0).sum() }, 2 * x)
  }
}
