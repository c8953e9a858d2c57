import Core
import LayerTesting
import Testing

@Suite struct NestedDerivativeTests {
  @Test func `the gradient of x times the gradient of x + y is not confused`() throws {
    // d/dx [x · d/dy (x + y)] = 1: a confused implementation says 2.
    let result = gradient(at: Tensor(1)) { x in x * gradient(at: Tensor(2)) { y in x + y } }
    try expectClose(result, 1)
    // d/dx [x · d/dy (x y)] = 2x.
    let product = gradient(at: Tensor(3)) { x in x * gradient(at: Tensor(2)) { y in x * y } }
    try expectClose(product, 6)
  }

  @Test func `an inner gradient at the same tensor sees captures as constants`() throws {
    let x = Tensor([1, 2, 3])
    // Inner: d/dz Σ z x = x; so the whole is Σ x², not Σ 2x².
    let (value, outer) = valueWithGradient(at: x) { x in
      (x * gradient(at: x) { z in (z * x).sum() }).sum()
    }
    try expectClose(value, 14)
    try expectClose(outer, 2 * x)
    // With z in both places the inner gradient is 2x.
    let (other, gradientOfOther) = valueWithGradient(at: x) { x in
      (x * gradient(at: x) { z in (z * z).sum() }).sum()
    }
    try expectClose(other, 28)
    try expectClose(gradientOfOther, 4 * x)
  }

  @Test func `derivatives nest to the fifth order`() throws {
    func derivative(_ order: Int, _ f: @escaping (Tensor) -> Tensor, _ x: Tensor) -> Tensor {
      if order == 0 { return f(x) }
      return gradient(at: x) { x in derivative(order - 1, f, x) }
    }
    let x = Tensor(0.7, dtype: .float64)
    for (order, expected) in [sin(x), cos(x), -sin(x), -cos(x), sin(x), cos(x)].enumerated() {
      try expectClose(derivative(order, { sin($0) }, x), expected)
    }
    try expectClose(derivative(5, { pow($0, 5) }, x), 120)
    // σ‴ = σ(1 − σ)(1 − 6σ + 6σ²)
    let s = sigmoid(x)
    try expectClose(derivative(3, { sigmoid($0) }, x), s * (1 - s) * (1 - 6 * s + 6 * s * s))
    // Softmax at rest: third derivatives of ln Σ e^x against finite differences of the Hessian.
    let v = Tensor([0.3, -0.2, 0.9], dtype: .float64)
    try checkGradients(of: { x in hessian(at: x) { logSumExp($0) } }, at: v)
  }

  @Test func `a model inside itself sees the inner weight as the variable`() throws {
    let model = Dense(weight: Parameter(Tensor([[2]], dtype: .float64)))
    let x = Tensor([[3]], dtype: .float64)
    // Inner gradient of (w x)² is 2 w x²; outer loss w · 2 w x² has gradient 4 w x².
    let (value, gradients) = valueWithGradient(of: model) {
      let (_, inner) = valueWithGradient(of: model) { square(model(x)).sum() }
      return (model.weight.value * inner[model.weight]!).sum()
    }
    try expectClose(value, 72)
    try expectClose(gradients[model.weight]!, Tensor([[72]], dtype: .float64))
  }

  @Test func `a weight captured outside is constant to the inner derivative`() throws {
    let model = Dense(weight: Parameter(Tensor([[2]])))
    let (value, gradients) = valueWithGradient(of: model) {
      let captured = model.weight.value
      let (_, inner) = valueWithGradient(of: model) { (captured * model.weight.value).sum() }
      return (inner[model.weight]! * captured).sum()
    }
    try expectClose(value, 4)
    try expectClose(gradients[model.weight]!, Tensor([[4]]))
  }

  @Test func `input and model derivatives nest either way`() throws {
    let model = Dense(weight: Parameter(Tensor([[2, 3]], dtype: .float64)))
    let x = Tensor([[5, 7]], dtype: .float64)
    // Input inside: the gradient of Σ y² in x is 2 (w·x) w; its square norm is 4 (w·x)² |w|².
    let (penalty, gradients) = valueWithGradient(of: model) {
      square(gradient(at: x) { x in square(model(x)).sum() }).sum()
    }
    try expectClose(penalty, 4 * 31 * 31 * 13)
    // d/dw of that: 8 (w·x) |w|² x + 8 (w·x)² w
    try expectClose(
      gradients[model.weight]!, 8 * 31 * 13 * x + 8 * 31 * 31 * model.weight.value)
    // Model inside: the gradient of (w·x)² in w is 2 (w·x) x; its squared norm differentiated in x.
    let outer = gradient(at: x) { x in
      let (_, inner) = valueWithGradient(of: model) { square(model(x)).sum() }
      return square(inner[model.weight]!).sum()
    }
    try expectClose(outer, 8 * 31 * 74 * model.weight.value + 8 * 31 * 31 * x)
  }

  @Test func `one step of descent differentiates through itself`() throws {
    // Meta-learning: the derivative of the loss after a step with respect to the rate.
    let w = Tensor([1, 2], dtype: .float64)
    let derivative = gradient(at: Tensor(0.1, dtype: .float64)) { rate in
      let stepped = w - rate * gradient(at: w) { ($0 * $0).sum() }
      return (stepped * stepped).sum()
    }
    // (1 − 2r)² Σ w², so −4 (1 − 2r) · 5
    try expectClose(derivative, -16)
  }

  @Test func `a pull-back may be called again, and inside another derivative`() throws {
    let x = Tensor([1, 2, 3])
    let (value, pullback) = vjp(at: x) { x in x * x }
    try expectClose(value, x * x)
    try expectClose(pullback(Tensor([1, 0, 0])), Tensor([2, 0, 0]))
    try expectClose(pullback(Tensor([1, 1, 1])), 2 * x)
    // u ↦ Σ (uᵀJ)² has the gradient 2 J Jᵀ u.
    let u = Tensor([1, -1, 2])
    try expectClose(gradient(at: u) { square(pullback($0)).sum() }, 8 * x * x * u)
    // Inside, x is a variable of the outer derivative.
    let nested = gradient(at: x) { x in vjp(at: x) { $0 * $0 * $0 }.pullback(u).sum() }
    try expectClose(nested, 6 * x * u)
  }

  @Test func `a pull-back may differentiate inside, through what is being differentiated`() throws {
    // f(x) = x⁴, whose pull-back works out 4x³ as a gradient, in the middle of a backward pass.
    func f(_ x: Tensor) -> Tensor {
      differentiable(x, value: { pow($0, 4) }) { x, _, upstream in
        upstream * gradient(at: x) { pow($0, 4).sum() }
      }
    }
    let x = Tensor([1, 2, -1], dtype: .float64)
    try expectClose(gradient(at: x) { f(sin($0)).sum() }, 4 * pow(sin(x), 3) * cos(x))
    try checkGradients(of: { f($0 * $0) }, at: x, order: 2)
    // The pass inside meets nodes that the pass outside has numbered.
    let result = gradient(at: x) { x in
      let y = x * x
      let z = differentiable(y, value: { $0 }) { y, _, upstream in
        upstream * gradient(at: y) { (y * $0).sum() }
      }
      return (z * y).sum()
    }
    // z's pull-back multiplies by y: d/dx (z y) = (y · y + z) 2x
    try expectClose(result, (pow(x, 4) + x * x) * 2 * x)
  }

  @Test func `an error thrown inside a nested derivative leaves the outer one working`() throws {
    struct Stop: Error {}
    let model = Dense(weight: Parameter(Tensor([[2]])))
    let (_, gradients) = valueWithGradient(of: model) {
      _ = try? valueWithGradient(of: model) { () throws -> Tensor in throw Stop() }
      return square(model.weight.value).sum()
    }
    #expect(gradients[model.weight]! == Tensor([[4]]))
    _ = try? valueWithGradient(of: model) { () throws -> Tensor in throw Stop() }
    #expect(Mode.current == .inference)
  }
}
