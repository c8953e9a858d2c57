import Core
import LayerTesting
import Optim
import Testing

/// Two clouds that overlap, so that the separating line has a finite best weight.
private func clouds(_ count: Int, _ features: Int) -> (inputs: Tensor, labels: Tensor) {
  var generator = RandomGenerator(seed: 11)
  let labels = Tensor.range(0..<count).cast(to: .int64) % Tensor(2).cast(to: .int64)
  let shift = labels.cast(to: .float64).expandingShape(at: 1) - 0.5
  return (
    Tensor.randomNormal([count, features], dtype: .float64, using: &generator) + shift, labels
  )
}

@Suite struct ModelMinimizerTests {
  let data = clouds(60, 3)

  private func model() -> Dense {
    let model = withRandom(seed: 5) { Dense(3, 2) }
    model.convert(to: .float64)
    return model
  }

  private func loss(_ model: Dense) -> Tensor {
    softmaxCrossEntropy(logits: model(data.inputs), labels: data.labels)
      + 0.005 * square(model.weight.value).sum()
  }

  private static let methods: [ScalarMinimizer] = [
    Newton(), TruncatedNewton(), LBFGS(), NonlinearConjugateGradient(),
  ]

  @Test func `all minimisers leave the model at the same minimum`() throws {
    var found: [Tensor] = []
    for method in Self.methods {
      let model = model()
      let before = loss(model).item()
      var last = before
      let minimum = method.minimize(
        over: model,
        onIteration: { progress in
          // The model has moved along.
          #expect(abs(loss(model).item() - progress.value) < 1e-12)
          last = progress.value
        }
      ) { loss(model) }
      #expect(minimum.isConverged, "\(method): \(minimum.reason)")
      #expect(minimum.position == ParameterVector(of: model).value)
      #expect(abs(loss(model).item() - minimum.value) < 1e-12 && minimum.value <= last)
      #expect(minimum.value < 0.9 * before)
      let (_, gradients) = valueWithGradient(of: model, mode: .inference) { loss(model) }
      #expect(gradients.norm.item() < 1e-6)
      found.append(model.weight.value.detached)
    }
    for weight in found.dropFirst() { try expectClose(weight, found[0], absolute: 1e-5) }
  }

  @Test func `frozen parameters stay, and the vector holds the others in order`() throws {
    let model = model()
    model.bias?.isFrozen = true
    let bias = model.bias!.value.detached
    let vector = ParameterVector(of: model)
    #expect(vector.count == 6 && vector.parameters.count == 1)
    LBFGS().minimize(over: model) { loss(model) }
    #expect(model.bias!.value.detached == bias)
    try expectClose(vector.value, model.weight.value.detached.flattened())
    vector.value = .zeros([6], dtype: .float64)
    #expect(model.weight.value.detached == .zeros([2, 3], dtype: .float64))
  }

  @Test func `residuals of a model are fitted by Levenberg–Marquardt`() throws {
    struct Curve: Layer {
      let height = Parameter(Tensor([1.0], dtype: .float64))
      let rate = Parameter(Tensor([-0.2], dtype: .float64))
      func callAsFunction(_ t: Tensor) -> Tensor { height.value * exp(rate.value * t) }
    }
    let (t, curve) = (Tensor.linspace(from: 0, to: 3, count: 7, dtype: .float64), Curve())
    let fit = LevenbergMarquardt().minimize(over: curve) { curve(t) - 3 * exp(-1.1 * t) }
    #expect(fit.isConverged)
    try expectClose(curve.height.value, Tensor([3], dtype: .float64), absolute: 1e-7)
    try expectClose(curve.rate.value, Tensor([-1.1], dtype: .float64), absolute: 1e-7)
  }

  @Test func `a model of two types, or with nothing to train, traps`() async {
    await #expect(processExitsWith: .failure) {
      struct Mixed: Layer {
        let a = Parameter(Tensor([1.0]))
        let b = Parameter(Tensor([1.0], dtype: .float64))
        func callAsFunction(_ x: Tensor) -> Tensor { x }
      }
      _ = ParameterVector(of: Mixed())
    }
    await #expect(processExitsWith: .failure) {
      let dense = Dense(2, 2)
      dense.setFrozen(true)
      _ = ParameterVector(of: dense)
    }
  }
}
