import Core
import LayerTesting
import Optim
import Testing

private struct Network: Layer {
  let hidden: Dense
  let output: Dense

  init() {
    (hidden, output) = withRandom(seed: 4) { (Dense(3, 4, activation: .tanh), Dense(4, 2)) }
    convert(to: .float64)
  }

  func callAsFunction(_ x: Tensor) -> Tensor { output(hidden(x)) }
}

private func gradients(of model: Network) -> Gradients {
  let x = Tensor([[1, 2, -1], [0.5, -0.3, 2]], dtype: .float64)
  return valueWithGradient(of: model) { square(model(x) - 1).mean() }.gradients
}

@Test
func `patterns match whole names`() {
  func picks(_ selection: ParameterSelection, _ name: String) -> Bool { selection(name, [2, 3]) }
  #expect(picks("*.bias", "output.bias") && !picks("*.bias", "bias"))
  #expect(!picks("*.bias", "output.bias.scale") && picks("*bias*", "output.bias.scale"))
  #expect(
    picks("blocks.?.weight", "blocks.3.weight") && !picks("blocks.?.weight", "blocks.12.weight"))
  #expect(picks("a*b*c", "a.b.b.c") && !picks("a*b*c", "a.c.b") && picks("**", ""))
  #expect(picks("*", "") && !picks("?", "") && picks("", "") && !picks("", "a"))
  #expect(picks(.named("x", "y*"), "yes") && picks(!"x", "y") && picks("y" && .matrices, "y"))
  #expect(!picks(.vectors, "y") && picks(.vectors || "y", "y"))
}

@Test
func `each group goes by its own rule`() throws {
  let (model, reference) = (Network(), Network())
  var training = Optimizing(
    model,
    with: AdamW(learningRate: 0.1, weightDecay: 0.5)
      .using(AdamW(learningRate: 0.1, weightDecay: 0), for: "*.bias")
      .using(GradientDescent(learningRate: 0.2, momentum: 0.9), for: "output.*"))
  // The same with each part bound by itself.
  var weight = Optimizing(
    Only(reference.hidden.weight), with: AdamW(learningRate: 0.1, weightDecay: 0.5))
  var bias = Optimizing(
    Only(reference.hidden.bias!), with: AdamW(learningRate: 0.1, weightDecay: 0))
  var output = Optimizing(
    reference.output, with: GradientDescent(learningRate: 0.2, momentum: 0.9))
  for _ in 0..<5 {
    training.update(along: gradients(of: model))
    let gradients = gradients(of: reference)
    weight.update(along: gradients)
    bias.update(along: gradients)
    output.update(along: gradients)
  }
  for (a, b) in zip(model.parameters, reference.parameters) {
    #expect(a.value == b.value)
  }
}

private struct Only: Layer {
  let parameter: Parameter
  init(_ parameter: Parameter) { self.parameter = parameter }
  func callAsFunction(_ x: Tensor) -> Tensor { x * parameter.value }
}

@Test
func `clipping in a group sees the group, around the groups it sees all`() throws {
  let descent = GradientDescent(learningRate: 1)
  func moves(_ rule: some Optimizer) -> [String: Double] {
    let model = Network()
    let before = model.namedParameters.map(\.parameter.value)
    var training = Optimizing(model, with: rule)
    training.update(along: gradients(of: model))
    return Dictionary(
      uniqueKeysWithValues: zip(model.namedParameters, before).map { entry, old in
        (entry.name, (entry.parameter.value - old).norm().item())
      })
  }
  let all = moves(descent)
  let inGroup = moves(descent.using(descent.clipped(toNorm: 1e-3), for: "hidden.weight"))
  #expect(abs(inGroup["hidden.weight"]! - 1e-3) < 1e-12)
  #expect(inGroup["output.weight"] == all["output.weight"])
  let around = moves(descent.using(descent, for: "hidden.weight").clipped(toNorm: 1e-3))
  let norm = around.values.map { $0 * $0 }.reduce(0, +).squareRoot()
  #expect(abs(norm - 1e-3) < 1e-12)
}

@Test
func `a schedule moves the rates of all groups alike`() {
  var rule = GradientDescent(learningRate: 1).using(
    GradientDescent(learningRate: 0.1), for: .vectors)
  rule.scaleRate(by: 0.5)
  #expect(rule.base.learningRate == 0.5 && rule.other.learningRate == 0.05)
  rule.learningRate = 2
  #expect(rule.learningRate == 2 && rule.other.learningRate == 0.05)
  let scheduled = rule.scheduled(.constant(0.25))
  #expect(scheduled.learningRate(at: 3) == 0.5)
}

@Test
func `groups keep the laws of optimizers`() throws {
  try verify(optimizer: Adam(learningRate: 0.05).using(AdaGrad(learningRate: 0.1), for: .vectors))
  try verify(optimizer: RMSScaling().then(GradientDescent(learningRate: 0.05)))
}
