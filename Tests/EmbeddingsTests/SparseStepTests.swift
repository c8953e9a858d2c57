import Core
import Embeddings
import LayerTesting
import Optim
import Testing

/// Rules that act by row give what they give along the dense gradient, and touch no other row.
@Suite struct SparseStepTests {
  private struct Model: Layer {
    let embedding: Embedding
    let isDense: Bool

    func callAsFunction(_ indices: Tensor) -> Tensor {
      // The table as an ordinary operand has a dense gradient.
      isDense
        ? embedding.weight.value.gathered(at: indices) : embedding(indices)
    }
  }

  private func trained<Rule: Optimizer>(
    with rule: Rule, isDense: Bool, steps: Int = 4
  ) -> (value: Tensor, states: [Tensor]) {
    let embedding = withRandom(seed: 3) { Embedding(7, 3) }
    let model = Model(embedding: embedding, isDense: isDense)
    var training = Optimizing(model, with: rule)
    var generator = RandomGenerator(seed: 4)
    for _ in 0..<steps {
      let indices = Tensor.randomIntegers([5], in: 1..<6, using: &generator)
      let target = Tensor.randomNormal([5, 3], using: &generator)
      let (_, gradients) = valueWithGradient(of: model) { square(model(indices) - target).sum() }
      #expect((gradients.rows(of: embedding.weight) == nil) == isDense)
      training.update(along: gradients)
    }
    return (embedding.weight.value, training.stateTensors.map(\.tensor))
  }

  private func expectSame(_ rule: some Optimizer) throws {
    let (dense, denseStates) = trained(with: rule, isDense: true)
    let (sparse, sparseStates) = trained(with: rule, isDense: false)
    try expectClose(sparse, dense)
    #expect(sparseStates.count == denseStates.count)
    for (a, b) in zip(sparseStates, denseStates) { try expectClose(a, b) }
  }

  @Test func `rules that act by row do as along the dense gradient`() throws {
    #expect(GradientDescent(learningRate: 0.1).isRowLocal)
    #expect(AdaGrad(learningRate: 0.1).clipped(toNorm: 1).isRowLocal)
    try expectSame(GradientDescent(learningRate: 0.1))
    try expectSame(AdaGrad(learningRate: 0.1))
    try expectSame(AdaGrad(learningRate: 0.1).clipped(toNorm: 0.5).scheduled(.inverseTime(0.1)))
    try expectSame(AdaGradScaling().then(GradientDescent(learningRate: 0.1)).clipped(toValue: 0.3))
  }

  @Test func `other rules see the dense gradient`() throws {
    for rule in [
      GradientDescent(learningRate: 0.1, momentum: 0.9),
      GradientDescent(learningRate: 0.1, weightDecay: 0.1),
    ] {
      #expect(!rule.isRowLocal)
      try expectSame(rule)
    }
    #expect(!Adam().isRowLocal && !AdamW().isRowLocal && !LAMB().isRowLocal)
    try expectSame(Adam(learningRate: 0.1))
  }

  @Test func `a lazy rule leaves rows without a gradient alone`() throws {
    let start = withRandom(seed: 3) { Embedding(7, 3) }.weight.value
    let (value, _) = trained(with: Adam(learningRate: 0.1).lazy(), isDense: false)
    expectEqual(value[0], start[0])
    expectEqual(value[6], start[6])
    #expect(abs(value[1...5] - start[1...5]).minimum().item() > 0)
    // At its first step it is Adam.
    let (one, _) = trained(with: Adam(learningRate: 0.1).lazy(), isDense: false, steps: 1)
    let (other, _) = trained(with: Adam(learningRate: 0.1), isDense: true, steps: 1)
    try expectClose(one, other)
  }

  @Test func `sums, scaling and clipping keep the form`() throws {
    let embedding = withRandom(seed: 3) { Embedding(7, 3) }
    func gradients(_ indices: [Double]) -> Gradients {
      let index = Tensor(indices).cast(to: .int64)
      return valueWithGradient(of: embedding) { square(embedding(index)).sum() }.gradients
    }
    let (a, b) = (gradients([1, 2]), gradients([5, 2, 2]))
    let sum = a + b
    let rows = try #require(sum.rows(of: embedding.weight))
    #expect(rows.rows.scalars(as: Int.self) == [1, 2, 5])
    let (dense, one, other) = (
      sum[embedding.weight]!, a[embedding.weight]!, b[embedding.weight]!
    )
    try expectClose(dense, one + other)
    try expectClose((2 * a)[embedding.weight]!, 2 * one)
    #expect((2 * a).rows(of: embedding.weight) != nil)
    #expect(abs(a.norm.item() - one.norm().item()) < 1e-5)
    let clipped = a.clipped(toNorm: 0.1)
    #expect(clipped.rows(of: embedding.weight) != nil)
    #expect(abs(clipped.norm.item() - 0.1) < 1e-6)
    #expect(a.mapped { $0 + 1 }.rows(of: embedding.weight) == nil)
  }

  @Test func `gradients of rows are kept with a training's state`() throws {
    let embedding = withRandom(seed: 3) { Embedding(7, 3) }
    func gradients(_ indices: [Int]) -> Gradients {
      valueWithGradient(of: embedding) { square(embedding(Tensor(indices))).sum() }.gradients
    }
    let kept = gradients([4, 1, 4])
    var restored = gradients([2])
    try restored.restore(
      Dictionary(uniqueKeysWithValues: kept.stateTensors.map { ($0.name, $0.tensor) }))
    let (a, b) = (
      kept.rows(of: embedding.weight)!, try #require(restored.rows(of: embedding.weight))
    )
    #expect(a.rows.scalars(as: Int.self) == b.rows.scalars(as: Int.self))
    expectEqual(a.values, b.values)
  }

  @Test func `a table that is also an operand has a dense gradient`() throws {
    let embedding = withRandom(seed: 3) { Embedding(4, 3) }
    let index = Tensor([1, 3, 1]).cast(to: .int64)
    let (_, gradients) = valueWithGradient(of: embedding) {
      matmul(embedding(index), embedding.weight.value.transposed()).sum()
    }
    let weight = embedding.weight.value
    let expected = gradient(at: weight) {
      matmul($0.gathered(at: index), $0.transposed()).sum()
    }
    #expect(gradients.rows(of: embedding.weight) == nil)
    try expectClose(gradients[embedding.weight]!, expected)
  }

  @Test func `a hessian sees through a look-up`() throws {
    var generator = RandomGenerator(seed: 8)
    let x = Tensor.randomNormal([3, 2], dtype: .float64, using: &generator)
    let index = Tensor([2, 0, 2]).cast(to: .int64)
    let embedding = Embedding(weight: Parameter(x))
    // The gradient of a gradient with respect to a model's parameters.
    let (_, outer) = valueWithGradient(of: embedding) {
      let (_, inner) = valueWithGradient(of: embedding) {
        (embedding(index) * embedding(index) * embedding(index)).sum()
      }
      return inner[embedding.weight]!.sum()
    }
    let expected = gradient(at: x) { (6 * $0.gathered(at: index)).sum() } * x
    try expectClose(outer[embedding.weight]!, expected)
  }
}
