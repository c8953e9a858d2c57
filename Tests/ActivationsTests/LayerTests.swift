import Activations
import Core
import LayerTesting
import Testing

private func input(_ shape: Shape) -> Tensor {
  var generator = RandomGenerator(seed: 9)
  // Away from 0, where several have a kink.
  let x = Tensor.randomUniform(shape, in: 0.2..<0.8, using: &generator)
  let isNegative = Tensor.randomBernoulli(shape, probability: 0.5, using: &generator)
  return select(isNegative, -2 * x, x)
}

private let layers: [any Layer<Tensor, Tensor> & Sendable] = [
  Sigmoid(), Tanh(), Softplus(), Softplus(beta: 3), ReLU(), LeakyReLU(), LeakyReLU(slope: 0.3),
  ELU(), ELU(alpha: 0.5), SELU(), CELU(), CELU(alpha: 2), GELU(), GELU(approximate: .tanh), SiLU(),
  Mish(), HardTanh(in: -0.9...0.1), HardSigmoid(), HardSwish(), Softsign(), LogSigmoid(),
  Softmax(), LogSoftmax(), Softmax(along: 1), GLU(), ReGLU(), GEGLU(), GEGLU(approximate: .tanh),
  SwiGLU(), GLU(along: 1), Maxout(pieces: 2), Maxout(pieces: 3, along: 1),
]

@Test(arguments: layers.indices)
func `layers keep the laws of layers`(_ index: Int) throws {
  try verify(layer: layers[index], input([3, 6, 4]))
}

private func verify(layer: some Layer<Tensor, Tensor>, _ x: Tensor) throws {
  try verify(layer: layer, at: x, order: 2)
}

@Test(arguments: [1, 6])
func `PReLU keeps the laws of layers`(_ channels: Int) throws {
  let layer = PReLU(channels: channels, slope: 0.3)
  #expect(layer.namedParameters.map(\.name) == ["weight"])
  #expect(layer.weight.shape == [channels] && layer.parameterCount == channels)
  try verify(layer: layer, at: input([3, 6, 4]), order: 2)
}

@Test
func `layers compute their functions`() {
  let x = input([2, 6])
  #expect(ReLU()(x) == relu(x))
  #expect(LeakyReLU(slope: 0.3)(x) == leakyReLU(x, slope: 0.3))
  #expect(ELU(alpha: 2)(x) == elu(x, alpha: 2))
  #expect(CELU(alpha: 2)(x) == celu(x, alpha: 2))
  #expect(SELU()(x) == selu(x))
  #expect(GELU()(x) == gelu(x))
  #expect(GELU(approximate: .tanh)(x) == gelu(x, approximate: .tanh))
  #expect(SiLU()(x) == silu(x))
  #expect(Mish()(x) == mish(x))
  #expect(HardTanh(in: 0...6)(x) == hardTanh(x, in: 0...6))
  #expect(HardSigmoid()(x) == hardSigmoid(x))
  #expect(HardSwish()(x) == hardSwish(x))
  #expect(Softsign()(x) == softsign(x))
  #expect(LogSigmoid()(x) == logSigmoid(x))
  #expect(GLU()(x) == glu(x) && ReGLU()(x) == reglu(x))
  #expect(GEGLU()(x) == geglu(x) && SwiGLU()(x) == swiglu(x))
  #expect(Maxout(pieces: 3)(x) == maxout(x, pieces: 3))
  #expect(PReLU()(x) == prelu(x, weight: Tensor([0.25])))
}

@Test
func `a Sequential of layers learns a slope`() {
  let model = Sequential {
    Dense(4, 6)
    PReLU(channels: 6)
    Dense(6, 6)
    Maxout(pieces: 2)
    Softmax()
  }
  let (_, gradients) = valueWithGradient(of: model) { square(model(input([5, 4]))).sum() }
  #expect(model.namedParameters.map(\.name).contains("1.weight"))
  #expect(gradients["1.weight"]?.shape == [6])
  #expect(model(input([5, 4])).shape == [5, 3])
}

@Test
func `integers are taken as float32`() {
  let x = Tensor([-2, 0, 3] as [Int])
  for activation in elementwise {
    #expect(activation.function(x) == activation.function(x.cast(to: .float32)), "\(activation)")
  }
  #expect(prelu(x, weight: Tensor([0.5])) == Tensor([-1, 0, 3]))
}

@Test(arguments: elementwise)
func `empty and single elements, any layout`(_ activation: Activated) throws {
  let function = activation.function
  for shape in [[0], [3, 0, 2], [], [1]] as [Shape] {
    let x = Tensor.full(shape, 0.7)
    #expect(function(x).shape == shape)
    #expect(slope(of: function, at: x).shape == shape)
  }
  let x = input([5, 7])
  for view in [x.transposed(), x[.all, stride(from: 6, through: 0, by: -2)], x[1...3, 2...4]] {
    let dense = view.contiguous()
    try expectClose(function(view), function(dense))
    try expectClose(slope(of: function, at: view), slope(of: function, at: dense))
    try expectClose(recordedSlope(of: function, at: view), slope(of: function, at: dense))
  }
}
