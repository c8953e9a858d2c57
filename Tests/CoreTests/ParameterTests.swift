import Core
import LayerTesting
import Testing

/// An attention block by name only: nested, repeated and optional parts.
private struct Block: Layer {
  let query = Dense(2, 2)
  let gain: Parameter?
  func callAsFunction(_ x: Tensor) -> Tensor { query(x) * (gain?.value ?? Tensor(1)) }
}

private struct Model: Layer {
  let blocks = [Block(gain: nil), Block(gain: Parameter(Tensor(2)))]
  let heads = ["b": Dense(2, 1, hasBias: false), "a": Dense(2, 1, hasBias: false)]
  let mean = Buffer(Tensor.zeros([2]))
  let rate = 0.1
  let constant = Tensor([1, 2])
  func callAsFunction(_ x: Tensor) -> Tensor {
    let hidden = blocks.reduce(x - mean.value) { $1($0) }
    return heads["a"]!(hidden) + heads["b"]!(hidden)
  }
}

/// An encoder and the decoder tied to it.
private struct Tied: Layer {
  let encoder: Dense
  let decoder: Dense
  init() {
    encoder = Dense(3, 3, hasBias: false)
    decoder = Dense(weight: encoder.weight)
  }
  func callAsFunction(_ x: Tensor) -> Tensor { decoder(encoder(x)) }
}

private final class Base: Layer {
  let inner = Dense(2, 2)
  func callAsFunction(_ x: Tensor) -> Tensor { inner(x) }
}

@Suite struct ParameterTests {
  @Test func `names are paths in declaration order`() {
    #expect(
      Model().namedParameters.map(\.name) == [
        "blocks.0.query.weight", "blocks.0.query.bias", "blocks.1.query.weight",
        "blocks.1.query.bias", "blocks.1.gain", "heads.a.weight", "heads.b.weight", "mean",
      ])
    #expect(Base().namedParameters.map(\.name) == ["inner.weight", "inner.bias"])
    #expect(Model().parameterCount == 17)
  }

  @Test func `a shared parameter is one, with both its gradients`() throws {
    let model = Tied()
    #expect(model.namedParameters.map(\.name) == ["encoder.weight"])
    var generator = RandomGenerator(seed: 1)
    let x = Tensor.randomNormal([2, 3], dtype: .float64, using: &generator)
    try verify(layer: model, at: x, order: 2)
    let other = Dense(weight: model.encoder.weight)
    // Two models that share it get the whole gradient each.
    let single = x.cast(to: .float32)
    let (_, (a, b)) = valueWithGradient(of: model, other) { (model(single) * other(single)).sum() }
    let (_, whole) = valueWithGradient(of: model) { (model(single) * other(single)).sum() }
    #expect(a[model.encoder.weight]! == whole[model.encoder.weight]!)
    #expect(b[other.weight]! == whole[model.encoder.weight]!)
  }

  @Test func `gradients are found by parameter and by name`() throws {
    let model = Model()
    let x = Tensor([[1, 2], [3, 4]])
    let (_, gradients) = valueWithGradient(of: model) { model(x).sum() }
    #expect(gradients[model.blocks[0].query.weight]!.shape == [2, 2])
    #expect(gradients["blocks.0.query.weight"] == gradients[model.blocks[0].query.weight])
    #expect(gradients[model.mean] == nil && gradients["none"] == nil)
    #expect(gradients[Parameter(Tensor(1))] == nil)
    #expect(gradients.named.map(\.name) == model.namedParameters.map(\.name).dropLast())
    let squares = gradients.named.reduce(0) { $0 + square($1.gradient).sum().item() }
    try expectClose(gradients.norm, squares.squareRoot())
    try expectClose(gradients.clipped(toNorm: 0.5).norm, 0.5)
    #expect(gradients.clipped(toNorm: 1e9).norm == gradients.norm)
    let largest = gradients.clipped(toValue: 0.01).named.map { abs($0.gradient).maximum().item() }
    #expect(largest.allSatisfy { $0 <= 0.0100001 })
    try expectClose((gradients + gradients).norm, 2 * gradients.norm)
    try expectClose((3 * gradients).norm, 3 * gradients.norm)
  }

  @Test func `a parameter outside the loss has a zero gradient`() {
    let model = Model()
    let (_, gradients) = valueWithGradient(of: model) {
      square(model.blocks[0].query.weight.value).sum()
    }
    #expect(gradients[model.blocks[1].query.bias!] == Tensor.zeros([2]))
  }

  @Test func `frozen parameters and buffers are constants`() {
    let model = Dense(2, 2)
    let x = Tensor([[1, 2]])
    model.weight.isFrozen = true
    let (_, gradients) = valueWithGradient(of: model) { square(model(x)).sum() }
    #expect(gradients[model.weight] == nil && gradients[model.bias!] != nil)
    #expect(model.parameterCount == 2)
    model.setFrozen(true)
    #expect(model.parameters.allSatisfy { $0.isFrozen })
    let (value, none) = valueWithGradient(of: model) { square(model(x)).sum() }
    #expect(none.named.isEmpty && value.item() >= 0)
    model.setFrozen(false)
    #expect(valueWithGradient(of: model) { model(x).sum() }.gradients.named.count == 2)
    #expect(Parameter(Tensor([1, 2], dtype: .int64)).isFrozen)
  }

  @Test func `several models differentiate at once`() throws {
    let (a, b, c) = (Dense(2, 3), Dense(3, 2), Dense(2, 1))
    let x = Tensor([[1, -1]])
    let loss = { c(tanh(b(tanh(a(x))))).sum() }
    let (_, (ga, gb, gc)) = valueWithGradient(of: a, b, c, loss)
    let chain = Sequential {
      a
      Lambda { tanh($0) }
      b
      Lambda { tanh($0) }
      c
    }
    let (_, whole) = valueWithGradient(of: chain, loss)
    try expectClose(ga[a.weight]!, whole[a.weight]!)
    try expectClose(gb[b.weight]!, whole[b.weight]!)
    try expectClose(gc[c.bias!]!, whole[c.bias!]!)
  }

  @Test func `modes: training inside a model's derivative, inference elsewhere`() {
    let model = Dense(1, 1)
    var seen: [Mode] = [Mode.current]
    func record() -> Tensor {
      seen.append(Mode.current)
      return model(Tensor([[1]])).sum()
    }
    _ = valueWithGradient(of: model) { record() }
    _ = valueWithGradient(of: model, mode: .inference) { record() }
    _ = inMode(.training) { record() }
    _ = inMode(.training) { inMode(.inference) { record() } }
    _ = gradient(at: Tensor(1)) { $0 * record() }
    seen.append(Mode.current)
    #expect(
      seen == [.inference, .training, .inference, .training, .inference, .inference, .inference])
  }

  @Test func `auxiliary outputs of a model's derivative are constants`() throws {
    let model = Dense(2, 2)
    let x = Tensor([[1, 2]])
    let (loss, gradients, output) = valueWithGradient(of: model) {
      let y = model(x)
      return (square(y).sum(), y)
    }
    try expectClose(square(output).sum(), loss)
    try expectClose(gradients[model.bias!]!, 2 * output[0])
    let (_, plain) = valueWithGradient(of: model) { (model(x) * output).sum() }
    try expectClose(plain[model.bias!]!, output[0])
  }

  @Test func `assigning a value changes the model at once`() {
    let model = Dense(weight: Parameter(Tensor([[2]])))
    #expect(model(Tensor([[3]])).item() == 6)
    model.weight.value = Tensor([[5]])
    #expect(model(Tensor([[3]])).item() == 15)
    let (_, gradients) = valueWithGradient(of: model) { square(model(Tensor([[1]]))).sum() }
    #expect(gradients[model.weight]! == Tensor([[10]]))
    model.convert(to: .float64)
    #expect(
      model.weight.dtype == .float64 && model(Tensor([[3]], dtype: .float64)).dtype == .float64)
  }

  @Test func `equal models of equal types are told apart`() {
    // The list of parameters is remembered; another model of the same type must not get it.
    for seed in 0..<12 as Range<UInt64> {
      let model = withRandom(seed: seed) { Model() }
      let (_, gradients) = valueWithGradient(of: model) { model(Tensor([[1, 2]])).sum() }
      #expect(model.parameters.dropLast().allSatisfy { gradients[$0] != nil })
    }
    var layers = [Dense(1, 1)]
    #expect(Stack(layers: layers).parameters.count == 2)
    layers.append(Dense(1, 1))
    #expect(Stack(layers: layers).parameters.count == 4)
    let holder = Holder()
    #expect(holder.parameters.count == 2)
    holder.layers.append(Dense(1, 1))
    #expect(holder.parameters.count == 4)
  }
}

private struct Stack: Layer {
  var layers: [Dense]
  func callAsFunction(_ x: Tensor) -> Tensor { layers.reduce(x) { $1($0) } }
}

private final class Holder: Layer {
  var layers = [Dense(1, 1)]
  func callAsFunction(_ x: Tensor) -> Tensor { layers.reduce(x) { $1($0) } }
}
