import Apus
import Foundation
import Testing

/// Every example of the design, in a function of its own with the context that it names.
@Suite struct DesignExampleTests {
  // Section 2
  @Test func `tensors`() {
    let a = Tensor.ones([2, 3, 4])
    let b = Tensor.ones([2, 4, 5])

    var generator = RandomGenerator(seed: 7)
    let x = Tensor([[1, 2, 3], [4, 5, 6]])
    let w = Tensor.randomNormal([3, 4], using: &generator)
    let y = matmul(x, w) + Tensor([0.5, 0, 0, 0])
    print(y.shape, y[0, 1...])
    print(
      y.sum(along: 1), y.mean(), y.transposed(), y.reshaped([4, 2]), y.maximum(along: 1),
      y.argmax(along: 1))
    print(y.scalars(as: Double.self), y.cast(to: .float64))
    print(einsum("bij,bjk->bik", a, b))

    #expect(x.dtype == .float32 && y.shape == [2, 4] && y[0, 1...].shape == [3])
    #expect(einsum("bij,bjk->bik", a, b) == Tensor.full([2, 3, 5], 4))
  }

  // Section 3
  @Test func `derivatives`() throws {
    let v = Tensor([1, 0, -1])
    func f(_ x: Tensor) -> Tensor { (x * x * x).sum() }

    let x = Tensor([1, 2, 3])
    let (value, gradient) = valueWithGradient(at: x) { x in (x * x).sum() }
    let jacobianMatrix = jacobian(at: x) { x in softmax(x) }
    let hessianMatrix = hessian(at: x) { x in (x * x * x).sum() }
    let product = hessianVectorProduct(at: x, along: v) { x in f(x) }
    let (y, tangent) = jvp(at: x, along: v) { x in f(x) }
    let (z, pullback) = vjp(at: x) { x in f(x) }

    #expect(value.item() == 14 && gradient == 2 * x && jacobianMatrix.shape == [3, 3])
    #expect(product == matmul(hessianMatrix, v) && y == z && y.item() == 36)
    try expectClose(tangent, (pullback(Tensor(1)) * v).sum())
  }

  @Test func `a hand-written derivative`() throws {
    func square(_ x: Tensor) -> Tensor {
      differentiable(x, value: { $0 * $0 }, pullback: { x, _, upstream in 2 * x * upstream })
    }

    try checkGradients(of: { square($0) }, at: Tensor([1, -2, 3]), order: 2)
  }

  // Section 4
  private enum Design {
    protocol Layer<Input, Output> {
      associatedtype Input
      associatedtype Output
      func callAsFunction(_ input: Input) -> Output
    }
  }

  @Test func `a layer is a function`() {
    // The library's protocol asks for what the design's does.
    struct Doubling: Design.Layer, Apus.Layer {
      func callAsFunction(_ input: Tensor) -> Tensor { 2 * input }
    }
    let layer: any Apus.Layer<Tensor, Tensor> = Doubling()
    #expect(layer(Tensor(2)).item() == 4)
  }

  @Test func `training on the digits`() throws {
    struct Perceptron: Layer {
      let hidden = Dense(64, 128)
      let output = Dense(128, 10)
      func callAsFunction(_ x: Tensor) -> Tensor { output(softplus(hidden(x))) }
    }

    let digits = try Digits()
    var generator = RandomGenerator(seed: 1)
    let directory = FileManager.default.temporaryDirectory
      .appendingPathComponent("apus-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    let file = directory.appendingPathComponent("digits.safetensors").path
    var losses: [Double] = []
    func print(_ loss: Tensor) { losses.append(loss.item()) }

    let model = withRandom(seed: 7) { Perceptron() }
    var training = Optimizing(model, with: Adam(learningRate: 1e-3))
    for batch in digits.training.batches(of: 32, using: &generator) {
      let (loss, gradients) = valueWithGradient(of: model) {
        softmaxCrossEntropy(logits: model(batch.inputs), labels: batch.labels)
      }
      training.update(along: gradients)
      print(loss)
    }
    try model.save(to: file)

    #expect(losses.count == 45 && losses.suffix(5).allSatisfy { $0 < 0.8 * losses[0] })
    let copy = Perceptron()
    try copy.load(from: file)
    #expect(copy(digits.test.inputs) == model(digits.test.inputs))
    let (_, gradients) = valueWithGradient(of: model) { model(digits.test.inputs).sum() }
    #expect(gradients[model.hidden.weight]?.shape == [128, 64])
    #expect(gradients.clipped(toNorm: 1).norm.item() < 1.001)
    #expect(gradients.clipped(toValue: 0.1).named.map(\.name).first == "hidden.weight")
  }

  @Test func `an optimizer of one's own`() throws {
    struct SignDescent: Optimizer {
      var learningRate = 1e-3
      func initialState(for parameter: Tensor) {}
      func step(
        for gradient: Tensor, of parameter: Tensor, state: inout Void, at iteration: Int
      ) -> Tensor {
        sign(gradient) * learningRate
      }
    }
    let model = Dense(2, 1)
    var training = Optimizing(model, with: SignDescent())

    let before = model.bias!.value
    training.update(
      along: valueWithGradient(of: model) { model(Tensor([[1, 1]])).sum() }.gradients)
    try expectClose(model.bias!.value, before - 1e-3)
    try verify(optimizer: SignDescent())
  }

  @Test func `checking an extension`() throws {
    struct Swish: Layer {
      let beta = Parameter(Tensor(1))
      func callAsFunction(_ x: Tensor) -> Tensor { x * sigmoid(beta.value * x) }
    }
    var generator = RandomGenerator(seed: 7)

    try checkGradients(
      of: Swish(), at: Tensor.randomNormal([4, 5], dtype: .float64, using: &generator))

    try verify(layer: Swish(), at: Tensor.randomNormal([4, 5], using: &generator))
  }

  @Test func `modes`() {
    #expect(inMode(.training) { Mode.current } == .training && Mode.current == .inference)
  }
}
