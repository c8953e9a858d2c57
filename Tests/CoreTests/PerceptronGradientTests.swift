import Core
import LayerTesting
import Testing

// Course document 001, exercise 2, question by question: the elementwise sums of the exercise in plain
// Swift, the matrix forms in tensors, and the automatic gradient must be one and the same.

/// The perceptron at one example, in plain Swift:
///
///     hᵃ = W⁽¹⁾ x + b⁽¹⁾,  hˢ = softplus(hᵃ),  oᵃ = W⁽²⁾ hˢ + b⁽²⁾,  oˢ = softmax(oᵃ)
private struct Sums {
  let hiddenInput, hiddenOutput, logits, probabilities: [Double]

  init(_ model: Network, _ x: [Double]) {
    let (w1, b1) = (model.hidden.weight.value, model.hidden.bias!.value)
    let (w2, b2) = (model.output.weight.value, model.output.bias!.value)
    hiddenInput = (0..<w1.shape[0]).map { j in
      x.indices.reduce(b1[j].item()) { $0 + w1[j, $1].item() * x[$1] }
    }
    let hidden = hiddenInput.map { scalar(softplus, $0) }
    hiddenOutput = hidden
    logits = (0..<w2.shape[0]).map { k in
      hidden.indices.reduce(b2[k].item()) { $0 + w2[k, $1].item() * hidden[$1] }
    }
    let powers = logits.map { scalar(exp, $0) }
    probabilities = powers.map { $0 / powers.reduce(0, +) }
  }
}

private func scalar(_ function: (Tensor) -> Tensor, _ x: Double) -> Double {
  function(Tensor(x, dtype: .float64)).item()
}

/// The network of the exercise, with the softmax left to the loss.
private struct Network: Layer, Sendable {
  let hidden: Dense
  let output: Dense

  init(_ inputs: Int, _ width: Int, _ classes: Int) {
    hidden = withRandom(seed: 1) { Dense(inputs, width, activation: .softplus) }
    output = withRandom(seed: 2) { Dense(width, classes) }
    convert(to: .float64)
    hidden.bias!.value = normal([width], seed: 3)
    output.bias!.value = normal([classes], seed: 4)
  }

  func callAsFunction(_ x: Tensor) -> Tensor { output(hidden(x)) }

  /// θ in one vector.
  var theta: Tensor { concatenated(parameters.map { $0.value.flattened() }) }
}

private func normal(_ shape: Shape, seed: UInt64) -> Tensor {
  var generator = RandomGenerator(seed: seed)
  return Tensor.randomNormal(shape, dtype: .float64, using: &generator)
}

private func vector(_ values: [Double]) -> Tensor { Tensor(values, dtype: .float64) }

/// d, d_h and m; one hidden unit, one input and many classes too.
private let sizes = [(3, 4, 3), (1, 1, 2), (5, 2, 7)]

/// A network, an example and its class.
private func example(_ index: Int) -> (model: Network, x: Tensor, label: Int) {
  let (inputs, width, classes) = sizes[index]
  let x = normal([inputs], seed: 20 + UInt64(index))
  return (Network(inputs, width, classes), x, index % classes)
}

@Suite struct PerceptronGradientTests {
  @Test(arguments: sizes.indices)
  func `(a) to (c), (h): the forward pass, and the loss in terms of the logits`(
    index: Int
  ) throws {
    let (model, x, label) = example(index)
    let sums = Sums(model, x.scalars(as: Double.self))
    try expectClose(model.hidden(x), vector(sums.hiddenOutput))
    try expectClose(model(x), vector(sums.logits))
    let probabilities = softmax(model(x))
    try expectClose(probabilities, vector(sums.probabilities))
    try expectClose(probabilities.sum(), 1)
    #expect(probabilities.minimum().item() > 0)
    // L = −ln oˢ_y = ln Σⱼ exp(oᵃⱼ) − oᵃ_y
    let loss = softmaxCrossEntropy(logits: model(x), labels: Tensor(Int64(label)))
    try expectClose(loss, logSumExp(model(x)) - model(x)[label])
    try expectClose(loss, -scalar(log, sums.probabilities[label]))
  }

  @Test func `(d): a softmax of two classes is the logistic function of the difference`() throws {
    for (a, b) in [(0.0, 0.0), (1.5, -2), (30, -40), (-700, 10), (1e5, -1e5)] {
      let s = softmax(vector([a, b]))
      try expectClose(s, sigmoid(vector([a - b, b - a])), relative: 1e-13, absolute: 0)
      let labels = Tensor([Int64(1)])
      try expectClose(
        softmaxCrossEntropy(logits: vector([a, b]).reshaped([1, 2]), labels: labels),
        binaryCrossEntropy(logits: vector([a - b]), targets: vector([0])))
    }
  }

  @Test(arguments: [2, 3, 6])
  func `(e): the squared error's gradient keeps its factor 2/m and the softmax's slope`(
    classes: Int
  ) throws {
    let o = normal([classes], seed: UInt64(classes))
    let t = Tensor(Int64(1)).oneHot(classes, dtype: .float64)
    let s = softmax(o)
    let slope = Tensor.identity(classes, dtype: .float64) * s - outer(s, s)
    let expected = 2 / Double(classes) * matmul(slope, s - t)
    let automatic = gradient(at: o) { meanSquaredError(softmax($0), t) }
    try expectClose(automatic, expected)
    // Of one logistic output: 2 (σ − y) σ (1 − σ).
    let (x, y) = (normal([5], seed: 9), vector([0, 1, 1, 0, 1]))
    let p = sigmoid(x)
    try expectClose(
      gradient(at: x) { square(sigmoid($0) - y).sum() }, 2 * (p - y) * p * (1 - p))
  }

  @Test(arguments: [2, 3, 6])
  func `(f): the cross-entropy's gradient is oˢ − t, the softmax's slope cancels`(
    classes: Int
  ) throws {
    let o = normal([classes], seed: UInt64(classes))
    let t = Tensor(Int64(1)).oneHot(classes, dtype: .float64)
    let s = softmax(o)
    let slope = Tensor.identity(classes, dtype: .float64) * s - outer(s, s)
    let automatic = gradient(at: o) { -(t * log(softmax($0))).sum() }
    try expectClose(matmul(slope, -t / s), s - t)
    try expectClose(automatic, s - t)
    try expectClose(gradient(at: o) { softmaxCrossEntropy(logits: $0, targets: t) }, s - t)
    let (x, y) = (normal([5], seed: 9), vector([0, 1, 1, 0, 1]))
    try expectClose(
      gradient(at: x) { binaryCrossEntropy(logits: $0, targets: y, reduction: .sum) },
      sigmoid(x) - y)
  }

  @Test func `(g): where the output is wrong and saturated only cross-entropy still learns`() {
    let o = vector([-5, -10, -20, -30])  // the target is 1
    let ones = Tensor.ones(like: o)
    let squared = gradient(at: o) { square(sigmoid($0) - 1).sum() }.scalars(as: Double.self)
    let entropy = gradient(at: o) {
      binaryCrossEntropy(logits: $0, targets: ones, reduction: .sum)
    }.scalars(as: Double.self)
    for (index, logit) in o.scalars(as: Double.self).enumerated() {
      // −2 (1 − σ)² σ vanishes like e^o; −(1 − σ) tends to −1.
      #expect(abs(squared[index]) < 2.1 * scalar(exp, logit))
      #expect(entropy[index] < -0.99)
    }
    // Where the output is right both vanish, so a vanishing gradient alone is no fault.
    let right = vector([20])
    #expect(abs(gradient(at: right) { square(sigmoid($0) - 1).sum() }.item()) < 1e-8)
    let entropyThere = gradient(at: right) {
      binaryCrossEntropy(logits: $0, targets: Tensor.ones(like: $0))
    }
    #expect(abs(entropyThere.item()) < 1e-8)
  }

  @Test(arguments: sizes)
  func `(i): the number of parameters`(d: Int, width: Int, m: Int) {
    #expect(Network(d, width, m).parameterCount == width * d + width + m * width + m)
  }

  @Test(arguments: sizes.indices)
  func `(l) to (r): sums, matrix forms and automatic gradients agree`(index: Int) throws {
    let (model, x, label) = example(index)
    let sums = Sums(model, x.scalars(as: Double.self))
    let (w1, w2) = (model.hidden.weight.value, model.output.weight.value)
    let labels = Tensor(Int64(label))
    func loss(_ logits: Tensor) -> Tensor { softmaxCrossEntropy(logits: logits, labels: labels) }
    let (_, gradients) = valueWithGradient(of: model) { loss(model(x)) }
    let hidden = model.hidden(x)

    // (l) ∂L/∂oᵃₖ = oˢₖ − 𝟏{k = y}
    let byLogit = sums.probabilities.enumerated().map { $1 - ($0 == label ? 1 : 0) }
    let byLogits = softmax(model(x)) - labels.oneHot(byLogit.count, dtype: .float64)
    try expectClose(byLogits, vector(byLogit), "(l)")
    try expectClose(gradient(at: model(x), loss), byLogits, "(l)")

    // (m) ∂L/∂W⁽²⁾ₖⱼ = ∂L/∂oᵃₖ hˢⱼ;  (n) the outer product
    let byOutput = byLogit.map { slope in sums.hiddenOutput.map { slope * $0 } }
    try expectClose(outer(byLogits, hidden), Tensor(byOutput, dtype: .float64), "(n)")
    try expectClose(gradients[model.output.weight]!, outer(byLogits, hidden), "(n)")
    try expectClose(gradients[model.output.bias!]!, byLogits, "(n)")

    // (o) ∂L/∂hˢⱼ = Σₖ ∂L/∂oᵃₖ W⁽²⁾ₖⱼ;  (p) the transposed matrix
    let byHidden = sums.hiddenOutput.indices.map { j in
      byLogit.indices.reduce(0) { $0 + byLogit[$1] * w2[$1, j].item() }
    }
    let byHiddenOutput = matmul(w2.transposed(), byLogits)
    try expectClose(byHiddenOutput, vector(byHidden), "(p)")
    try expectClose(gradient(at: hidden) { loss(model.output($0)) }, byHiddenOutput, "(p)")

    // (q) ∂L/∂hᵃⱼ = ∂L/∂hˢⱼ σ(hᵃⱼ);  (r) the diagonal matrix
    let hiddenInput = vector(sums.hiddenInput)
    let byUnit = byHidden.indices.map { byHidden[$0] * scalar(sigmoid, sums.hiddenInput[$0]) }
    let diagonal =
      Tensor.identity(byUnit.count, dtype: .float64) * sigmoid(hiddenInput)
    let byHiddenInput = matmul(diagonal, byHiddenOutput)
    try expectClose(byHiddenInput, vector(byUnit), "(r)")
    try expectClose(
      gradient(at: hiddenInput) { loss(model.output(softplus($0))) }, byHiddenInput, "(r)")

    // One layer down, as (n) and (p).
    try expectClose(gradients[model.hidden.weight]!, outer(byHiddenInput, x), "W⁽¹⁾")
    try expectClose(gradients[model.hidden.bias!]!, byHiddenInput, "b⁽¹⁾")
    try expectClose(
      gradient(at: x) { loss(model($0)) }, matmul(w1.transposed(), byHiddenInput), "x")
    try checkGradients(of: model, at: [x]) { loss(model($0[0])) }
  }

  @Test func `the gradient of the risk is the mean of the examples' gradients`() throws {
    let model = Network(3, 4, 3)
    let (x, y) = (normal([6, 3], seed: 40), Tensor([0, 2, 1, 1, 0, 2] as [Int64]))
    let (risk, gradients) = valueWithGradient(of: model) {
      softmaxCrossEntropy(logits: model(x), labels: y)
    }
    let each = (0..<6).map { index in
      valueWithGradient(of: model) {
        softmaxCrossEntropy(logits: model(x[index]), labels: y[index])
      }
    }
    try expectClose(risk, stacked(each.map(\.value)).mean())
    for (name, parameter) in model.namedParameters {
      let mean = stacked(each.map { $0.gradients[parameter]! }).mean(along: 0)
      try expectClose(gradients[parameter]!, mean, name)
    }
  }

  @Test(arguments: [0, 0.05])
  func `(j), (k): full-batch descent, with and without the penalty`(penalty: Double) throws {
    let rate = 0.1
    let (x, y) = (normal([6, 3], seed: 41), Tensor([0, 2, 1, 1, 0, 2] as [Int64]))
    let model = Network(3, 4, 3)
    func risk() -> Tensor { softmaxCrossEntropy(logits: model(x), labels: y) }
    func penalised() -> Tensor { risk() + penalty * square(model.theta).sum() }
    var training = Optimizing(model, with: PlainDescent(learningRate: rate))
    var risks = [penalised().item()]
    for _ in 0..<50 {
      // θ ← θ − η ∂R̂/∂θ − 2 η λ θ = (1 − 2 η λ) θ − η ∂R̂/∂θ
      let (_, gradients) = valueWithGradient(of: model) { risk() }
      let expected = model.parameters.map {
        (1 - 2 * rate * penalty) * $0.value - rate * gradients[$0]!
      }
      training.update(along: valueWithGradient(of: model) { penalised() }.gradients)
      for (parameter, value) in zip(model.parameters, expected) {
        try expectClose(parameter.value, value)
      }
      risks.append(penalised().item())
    }
    #expect(zip(risks, risks.dropFirst()).allSatisfy { $0 > $1 })
    // The penalty keeps θ smaller.
    let free = Network(3, 4, 3)
    var other = Optimizing(free, with: PlainDescent(learningRate: rate))
    for _ in 0..<50 {
      other.update(
        along: valueWithGradient(of: free) {
          softmaxCrossEntropy(logits: free(x), labels: y)
        }.gradients)
    }
    #expect(
      penalty == 0
        ? model.theta == free.theta : model.theta.norm().item() < free.theta.norm().item())
  }
}

/// θ ← θ − η g.
private struct PlainDescent: Optimizer {
  let learningRate: Double
  func initialState(for parameter: Tensor) {}
  func step(
    for gradient: Tensor, of parameter: Tensor, state: inout Void, at iteration: Int
  ) -> Tensor { learningRate * gradient }
}
