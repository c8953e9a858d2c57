import Core
import LayerTesting
import Testing

@Suite struct SequentialTests {
  @Test func `layers run one after the other, named by position`() throws {
    let (first, second) = (Dense(3, 4), Dense(4, 2))
    let model = Sequential {
      first
      Lambda { tanh($0) }
      second
    }
    #expect(
      model.namedParameters.map(\.name) == ["0.weight", "0.bias", "2.weight", "2.bias"])
    var generator = RandomGenerator(seed: 1)
    let x = Tensor.randomNormal([5, 3], using: &generator)
    #expect(model(x) == second(tanh(first(x))))
    try verify(layer: model, at: x, order: 2)
  }

  @Test(arguments: [true, false])
  func `loops repeat, conditions choose`(isDeep: Bool) throws {
    let model = Sequential {
      Dense(2, 3)
      for _ in 0..<3 { Dense(3, 3, activation: .tanh) }
      if isDeep { Dense(3, 3, activation: .softplus) }
      if isDeep { Dense(3, 2) } else { Dense(3, 1) }
    }
    #expect(model.parameters.count == (isDeep ? 12 : 10))
    #expect(model(Tensor([[1, 2]])).shape == [1, isDeep ? 2 : 1])
    #expect(
      model.namedParameters.map(\.name).filter { $0.hasSuffix("weight") }
        == (0..<(isDeep ? 6 : 5)).map { "\($0).weight" })
    try verify(layer: model, at: Tensor([[1, 2], [-1, 0.5]]))
  }

  @Test func `sequences nest`() {
    let model = Sequential {
      Sequential {
        Dense(1, 2)
        Dense(2, 3)
      }
      Dense(3, 1)
    }
    #expect(model.parameters.count == 6 && model(Tensor([[1]])).shape == [1, 1])
    #expect(Set(model.namedParameters.map(\.name)).count == 6)
  }

  @Test(arguments: Activation.allCases, [[4, 3], [2, 2, 3], [3]] as [Shape])
  func `Dense keeps the laws of layers`(activation: Activation, shape: Shape) throws {
    var generator = RandomGenerator(seed: 2)
    let layer = withRandom(seed: 5) { Dense(3, 4, activation: activation) }
    let x = Tensor.randomNormal(shape, using: &generator)
    try verify(layer: layer, at: x, batchAxis: shape.count > 1 ? 0 : nil, order: 2)
    let plain = withRandom(seed: 5) { Dense(3, 4, activation: activation, hasBias: false) }
    try verify(layer: plain, at: x, batchAxis: shape.count > 1 ? 0 : nil)
  }
}
