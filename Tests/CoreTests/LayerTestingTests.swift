import Core
import LayerTesting
import Testing

/// A layer with a mistake in it.
private struct Faulty: Layer {
  enum Mistake: CaseIterable {
    case none, weightGradient, inputGradient, secondDerivative, emptyBatch, hiddenState, layout
    case randomness, single
  }
  final class Counter: @unchecked Sendable { var value = 0.0 }

  let mistake: Mistake
  let weight = Parameter(Tensor([0.5, -1, 2]))
  private let counter = Counter()
  init(_ mistake: Mistake) { self.mistake = mistake }

  func callAsFunction(_ x: Tensor) -> Tensor {
    let mistake = mistake
    switch mistake {
    case .emptyBatch where x.shape[0] == 0: return Tensor.zeros([3])
    case .hiddenState:
      counter.value += 1
      return x * weight.value + counter.value
    case .layout where !x.isContiguous: return x * weight.value + 1
    case .randomness: return x * weight.value * Double.random(in: 0..<1)
    case .single: return (x * weight.value).cast(to: .float32)
    default: break
    }
    return differentiable(x, weight.value, value: { $0 * $0 * $1 }) { x, w, _, upstream in
      var input = 2 * x * w * upstream
      var weights = (x * x * upstream).sum(along: Array(0..<(x.rank - 1)))
      if mistake == .inputGradient { input = input * 1.00001 }
      if mistake == .weightGradient { weights = weights + Tensor([0, 0, 0.01]) }
      if mistake == .secondDerivative { input = 2 * stopGradient(x) * w * upstream }
      return (input, weights)
    }
  }
}

@Suite struct LayerTestingTests {
  static let x = Tensor([[0.3, -0.7, 1.1], [2, 0.4, -0.2]])

  @Test func `a right layer passes`() throws {
    try verify(layer: Faulty(.none), at: Self.x, order: 2)
  }

  @Test func `a wrong derivative is caught, with its place and both values`() throws {
    let weight = try #require(throws: GradientError.self) {
      try checkGradients(of: Faulty(.weightGradient), at: Self.x)
    }
    #expect(weight.variable == "weight" && weight.position == [2] && weight.order == 1)
    #expect(abs(weight.analytic - weight.numeric - 0.01) < 1e-9)
    #expect(weight.count == 1 && weight.positions == 3)
    #expect(weight.description.contains("with respect to weight is wrong at [2]"))
    let input = try #require(throws: GradientError.self) {
      try checkGradients(of: Faulty(.inputGradient), at: Self.x)
    }
    #expect(input.variable == "input" && input.position?.count == 2 && input.count == 6)
    try checkGradients(of: Faulty(.secondDerivative), at: Self.x)
    let second = try #require(throws: GradientError.self) {
      try checkGradients(of: Faulty(.secondDerivative), at: Self.x, order: 2)
    }
    #expect(second.order == 2 && second.variable == "input")
  }

  @Test func `what finite differences cannot judge is said`() {
    #expect(throws: UncheckableError.nondeterministic) {
      try checkGradients(of: Faulty(.randomness), at: Self.x)
    }
    #expect(throws: UncheckableError.singlePrecision) {
      try checkGradients(of: Faulty(.single), at: Self.x)
    }
  }

  @Test(arguments: [
    (Faulty.Mistake.emptyBatch, "empty batch"), (.hiddenState, "same input and seed"),
    (.layout, "layout of the input"), (.randomness, "same input and seed"),
  ])
  fileprivate func `a broken law is named`(mistake: Faulty.Mistake, words: String) throws {
    let error = try #require(throws: ConformanceError.self) {
      try verify(layer: Faulty(mistake), at: Self.x)
    }
    #expect(error.description.contains(words), "\(error)")
  }

  @Test func `a check leaves the model as it was`() throws {
    let model = Faulty(.none)
    let before = model.weight.value
    try verify(layer: model, at: Self.x)
    try? checkGradients(of: Faulty(.weightGradient), at: Self.x)
    #expect(model.weight.value == before && model.weight.dtype == .float32)
    #expect(model.weight.value.scalars(as: Float.self) == [0.5, -1, 2])
  }

  @Test func `closeness says where and by how much`() throws {
    let (a, b) = (Tensor([[1, 2], [3, 4]]), Tensor([[1, 2], [3.5, 4.1]]))
    let error = try #require(throws: ClosenessError.self) { try expectClose(a, b, "the sums") }
    #expect(error.position == [1, 0] && error.actual == 3 && error.expected == 3.5)
    #expect(error.difference == 0.5 && error.count == 2)
    #expect(error.description.hasPrefix("the sums: 2 of 4 elements differ, most of all at [1, 0]"))
    let shapes = try #require(throws: ClosenessError.self) { try expectClose(a, a[0]) }
    #expect(shapes.position == nil && shapes.description.contains("[2, 2], expected [2]"))
  }

  @Test func `closeness treats what is not finite with care`() throws {
    let odd = Tensor([.nan, .infinity, -.infinity, 0])
    try expectClose(odd, odd)
    let others: [Tensor] = [
      Tensor([0, .infinity, -.infinity, 0]), Tensor([.nan, -.infinity, -.infinity, 0]),
      Tensor([.nan, 1e38, -.infinity, 0]), Tensor([.nan, .infinity, -.infinity, .nan]),
    ]
    for other in others {
      #expect(throws: ClosenessError.self) { try expectClose(odd, other) }
      #expect(throws: ClosenessError.self) { try expectClose(other, odd) }
    }
    // Integers that floating point could not tell apart.
    let large = [Int.max, 1 << 60]
    try expectClose(Tensor(large), Tensor(large))
    #expect(throws: ClosenessError.self) {
      try expectClose(Tensor(large), Tensor([Int.max, 1 << 60 + 1]))
    }
    try expectClose(Tensor([1 + 1e-6]), Tensor([1]))
    #expect(throws: ClosenessError.self) {
      try expectClose(Tensor([1 + 1e-6], dtype: .float64), Tensor([1], dtype: .float64))
    }
  }

  @Test func `kinks and edges near the point are resolved`() throws {
    let x = Tensor([1e-4, -1e-4, 0.003, 5], dtype: .float64)
    try checkGradients(of: { abs($0) }, at: x)
    try checkGradients(of: { log($0) }, at: abs(x), order: 2)
    try checkGradients(of: { sqrt($0) }, at: abs(x))
    // Large and small numbers side by side.
    try checkGradients(of: { $0 * $0 }, at: Tensor([1e8, 1e-8], dtype: .float64), order: 2)
    // An integer input is held fixed.
    let table = Parameter(Tensor([[1, 2], [3, 4]]))
    try checkGradients(
      of: Dense(weight: table), at: [Tensor([1, 0, 1], dtype: .int64)], order: 2
    ) { square(table.value.gathered(at: $0[0])) }
  }

  @Test func `large tensors are looked at in places and along a direction`() throws {
    var generator = RandomGenerator(seed: 1)
    let x = Tensor.randomNormal([40, 50], dtype: .float64, using: &generator)
    try checkGradients(of: { sin($0) * $0 }, at: x, order: 2, positions: 5)
    // A mistake in one element of 2000 shows along the direction.
    let error = #expect(throws: GradientError.self) {
      try checkGradients(
        of: { x in
          differentiable(x, value: { $0 * $0 }) { x, _, upstream in
            var result = 2 * x * upstream
            result[17, 23] = 2 * result[17, 23] + 1
            return result
          }
        }, at: x, positions: 5)
    }
    #expect(error?.position == nil && error?.description.contains("in a random direction") == true)
  }
}
