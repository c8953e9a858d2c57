import Core
import LayerTesting
import Optim
import Testing

@Suite struct TaylorTests {
  @Test func `3․1 on a quadratic the model is the function`() throws {
    let a = Tensor([[4, 1, 0], [1, 3, -1], [0, -1, 2]], dtype: .float64)
    let f = { (x: Tensor) in 0.5 * dot(x, matmul(a, x)) - x[1] + 2 }
    let x = Tensor([1, -2, 0.5], dtype: .float64)
    let taylor = TaylorModel(at: x, f)
    let g = gradient(at: x, f)
    try expectClose(taylor.gradient, g, relative: 1e-14)
    try expectClose(taylor.hessian(), a, relative: 1e-13)
    for step in [-0.3, 0, 0.1, 0.7, 3] {
      let actual = f(x - step * g).item()
      #expect(abs(taylor.value(afterStep: step) - actual) < 1e-11 * max(1, abs(actual)))
      #expect(abs(taylor.value(displacedBy: -step * g) - actual) < 1e-11 * max(1, abs(actual)))
    }
  }

  @Test func `3․2 with positive curvature, descent is for 0 < ε < 2ε* and best at ε*`() throws {
    let network = SmallNetwork()
    let taylor = TaylorModel(of: network.model) { network.loss() }
    let best = try #require(taylor.optimalStep)
    #expect(taylor.gradientCurvature > 0 && taylor.descentLimit == 2 * best)
    for share in [1e-3, 0.3, 0.999, 1.5, 1.999] {
      #expect(taylor.value(afterStep: share * best) < taylor.value)
      #expect(taylor.value(afterStep: share * best) >= taylor.leastValueAlongGradient)
    }
    for share in [-0.1, 2.001, 5] {
      #expect(taylor.value(afterStep: share * best) > taylor.value)
    }
    #expect(abs(taylor.value(afterStep: best) - taylor.leastValueAlongGradient) < 1e-14)
    #expect(abs(taylor.value(afterStep: 2 * best) - taylor.value) < 1e-14)
  }

  @Test func `3․2 without positive curvature every step descends and none is best`() {
    let saddle = TaylorModel(at: Tensor([0.1, 3], dtype: .float64)) { p in
      square(p[0]) - square(p[1])
    }
    #expect(saddle.gradientCurvature < 0 && saddle.optimalStep == nil)
    #expect(saddle.descentLimit == .infinity && saddle.leastValueAlongGradient == -.infinity)
    var last = saddle.value
    for step in [0.1, 1, 10, 1e3] {
      #expect(saddle.value(afterStep: step) < last)
      last = saddle.value(afterStep: step)
    }
    // gᵀHg = 0: a straight line down.
    let plane = TaylorModel(at: Tensor([1, 2], dtype: .float64)) { $0[0] - 2 * $0[1] }
    #expect(plane.optimalStep == nil && plane.value(afterStep: 2) == plane.value - 10)
  }

  @Test func `3․2 without gradient nothing moves`() {
    let flat = TaylorModel(at: Tensor([0, 0], dtype: .float64)) { square($0).sum() + 1 }
    #expect(flat.gradientSquare == 0 && flat.optimalStep == nil && flat.descentLimit == 0)
    #expect(flat.leastValueAlongGradient == 1 && flat.value(afterStep: 5) == 1)
  }

  @Test func `3․1 on a network the model errs by the third order of ε`() {
    let network = SmallNetwork()
    let taylor = TaylorModel(of: network.model) { network.loss() }
    let start = ParameterVector(of: network.model).value
    let errors = [0.4, 0.2, 0.1, 0.05].map { step in
      abs(
        network.function(start - step * taylor.gradient).item() - taylor.value(afterStep: step))
    }
    for (coarse, fine) in zip(errors.dropFirst(), errors.dropFirst(2)) {
      #expect(coarse / fine > 6.5 && coarse / fine < 9.5, "\(errors)")
    }
  }

  @Test func `3․3 Newton's step is where the model is stationary`() throws {
    let f = TestFunction.beale.value
    let x = Tensor([2, 0.8], dtype: .float64)
    let taylor = TaylorModel(at: x, f)
    let step = try taylor.newtonStep()
    #expect(taylor.gradient(displacedBy: step).norm().item() < 1e-9)
    // f − ½ gᵀH⁻¹g
    let stationary = taylor.value + 0.5 * dot(taylor.gradient, step).item()
    #expect(abs(taylor.value(displacedBy: step) - stationary) < 1e-9)
    let once = Newton(isDamped: false, stopping: .init(maximumIterations: 1)).minimize(from: x, f)
    try expectClose(once.position, x + step, relative: 1e-12)
    // Shapes of more axes come back as they were.
    let matrix = TaylorModel(at: x.reshaped([2, 1])) { f($0.flattened()) }
    try expectClose(try matrix.newtonStep(), step.reshaped([2, 1]), relative: 1e-12)
    #expect(throws: LinearAlgebraError.self) {
      _ = try TaylorModel(at: x) { $0.sum() }.newtonStep()
    }
  }
}
