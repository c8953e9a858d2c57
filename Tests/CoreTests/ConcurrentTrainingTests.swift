import Core
import Testing

/// Layers with everything that could be shared by mistake: random draws, running statistics, modes,
/// kernels on several threads.
private struct Network: Layer {
  let first = Dense(16, 48, activation: .tanh)
  let centring = Centring()
  let hidden = Dense(48, 32, activation: .softplus)
  let output = Dense(32, 5)

  func callAsFunction(_ x: Tensor) -> Tensor {
    let h = centring(first(x))
    let kept = Mode.current == .training ? dropout(h, probability: 0.3) : h
    return output(hidden(softmax(kept) + kept))
  }
}

/// Takes away the mean of the batch, or in inference what is remembered of those seen.
private struct Centring: Layer {
  let mean = Buffer(Tensor.zeros([48]))

  func callAsFunction(_ x: Tensor) -> Tensor {
    guard Mode.current == .training else { return x - mean.value }
    let batch = x.mean(along: 0)
    withoutDerivative { mean.value = 0.9 * mean.value + 0.1 * stopGradient(batch) }
    return x - batch
  }
}

private struct Momentum: Optimizer {
  func initialState(for parameter: Tensor) -> Tensor { Tensor.zeros(like: parameter) }
  func step(
    for gradient: Tensor, of parameter: Tensor, state: inout Tensor, at iteration: Int
  ) -> Tensor {
    state = 0.9 * state + gradient
    return 0.05 * state
  }
}

@Suite struct ConcurrentTrainingTests {
  /// A training from its seed alone, and all that it leaves behind.
  @Sendable private static func train(seed: UInt64) -> [Tensor] {
    withRandom(seed: seed) {
      var generator = RandomGenerator(seed: seed + 100)
      let model = Network()
      var training = Optimizing(model, with: Momentum())
      var results: [Tensor] = []
      for _ in 0..<10 {
        let x = Tensor.randomNormal([12, 16], using: &generator)
        let labels = Tensor.randomIntegers([12], in: 0..<5, using: &generator)
        let (loss, gradients) = inMode(.training) {
          valueWithGradient(of: model) { softmaxCrossEntropy(logits: model(x), labels: labels) }
        }
        training.update(along: gradients)
        results.append(loss)
      }
      return results + model.parameters.map(\.value)
    }
  }

  @Test func `trainings in tasks give what they give alone`() async {
    let alone = (0..<2).map { Self.train(seed: UInt64($0)) }
    #expect(alone[0] != alone[1])
    await withTaskGroup(of: (Int, [Tensor]).self) { group in
      for task in 0..<8 { group.addTask { (task % 2, Self.train(seed: UInt64(task % 2))) } }
      for await (seed, result) in group { #expect(result == alone[seed], "seed \(seed)") }
    }
  }

  @Test func `inference in tasks on one model gives what it gives alone`() async {
    let model = withRandom(seed: 3) { Network() }
    var generator = RandomGenerator(seed: 4)
    let inputs = (1...8).map { Tensor.randomNormal([$0 * 9, 16], using: &generator) }
    let alone = inputs.map { model($0) }
    await withTaskGroup(of: (Int, Tensor).self) { group in
      for task in 0..<64 {
        group.addTask { (task % inputs.count, model(inputs[task % inputs.count])) }
      }
      for await (index, result) in group { #expect(result == alone[index], "input \(index)") }
    }
  }

  @Test func `a training beside inference on another model disturbs neither`() async {
    let model = withRandom(seed: 5) { Network() }
    let x = Tensor.linspace(from: -1, to: 1, count: 32).reshaped([2, 16])
    let (expected, alone) = (model(x), Self.train(seed: 9))
    async let trained = Self.train(seed: 9)
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<40 { group.addTask { model(x) == expected && Mode.current == .inference } }
      for await isRight in group { #expect(isRight) }
    }
    #expect(await trained == alone)
  }

  @Test func `draws come from the scope of their own task`() async {
    let x = Tensor.ones([200])
    @Sendable func draw(_ seed: Int) -> [Tensor] {
      withRandom(seed: UInt64(seed)) { (0..<10).map { _ in dropout(x, probability: 0.5) } }
    }
    let alone = (0..<4).map { draw($0) }
    await withTaskGroup(of: Bool.self) { group in
      for task in 0..<64 { group.addTask { draw(task % 4) == alone[task % 4] } }
      for await isRight in group { #expect(isRight) }
    }
  }
}
