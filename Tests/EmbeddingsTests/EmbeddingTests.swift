import Core
import Embeddings
import LayerTesting
import Optim
import Testing

@Suite struct EmbeddingTests {
  private func table(_ count: Int, _ width: Int) -> Embedding {
    withRandom(seed: 3) { Embedding(count, width) }
  }

  private let indices = Tensor([[4, 1, 4], [0, 1, 4]]).cast(to: .int64)

  @Test func `looks rows up`() {
    let embedding = table(6, 5)
    let y = embedding(indices)
    #expect(y.shape == [2, 3, 5])
    expectEqual(y[1, 2], embedding.weight.value[4])
    expectEqual(y[0, 1], embedding.weight.value[1])
    #expect(embedding(Tensor.zeros([0], dtype: .int64)).shape == [0, 5])
  }

  @Test func `the gradient is the rows in use, repeated ones added`() throws {
    let embedding = table(6, 5)
    var generator = RandomGenerator(seed: 1)
    let upstream = Tensor.randomNormal([2, 3, 5], using: &generator)
    let (_, gradients) = valueWithGradient(of: embedding) { (embedding(indices) * upstream).sum() }
    let rows = try #require(gradients.rows(of: embedding.weight))
    #expect(rows.rows.scalars(as: Int.self) == [4, 1, 0])
    let flat = upstream.reshaped([6, 5])
    expectEqual(rows.values[0], flat[0] + flat[2] + flat[5])
    expectEqual(rows.values[1], flat[1] + flat[4])
    expectEqual(rows.values[2], flat[3])
    let dense = try #require(gradients[embedding.weight])
    #expect(dense.shape == [6, 5])
    expectEqual(dense[4], rows.values[0])
    #expect(abs(dense[2]).sum().item() == 0)
    #expect(gradients.norm.item() == rows.values.norm().item())
  }

  @Test(arguments: [nil, 4]) func `derivatives agree with finite differences`(padding: Int?) throws
  {
    var generator = RandomGenerator(seed: 2)
    let x = Tensor.randomNormal([6, 3], dtype: .float64, using: &generator)
    try checkGradients(of: { lookup(indices, in: $0 * $0, maximumNorm: 1.1) }, at: x, order: 2)
    let weights = Tensor.randomNormal([2, 3, 3], dtype: .float64, using: &generator)
    let full = gradient(at: x) { (lookup(indices, in: $0) * weights).sum() }
    let (_, gradients) = valueWithGradient(
      of: Embedding(weight: Parameter(x), padding: padding)
    ) { Tensor(0, dtype: .float64) }
    #expect(gradients.norm.item() == 0)
    let padded = gradient(at: x) { (lookup(indices, in: $0, padding: padding) * weights).sum() }
    for row in 0..<6 {
      expectEqual(padded[row], row == padding ? Tensor.zeros([3], dtype: .float64) : full[row])
    }
  }
}

func expectEqual(
  _ a: Tensor, _ b: Tensor, sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(
    a.shape == b.shape && a.scalars(as: Double.self) == b.scalars(as: Double.self),
    sourceLocation: sourceLocation)
}

/// Rows of a table as factors, so that the suite for layers of numbers applies.
private struct Factors: Layer {
  let embedding: Embedding

  func callAsFunction(_ x: Tensor) -> Tensor {
    let indices = Tensor((0..<x.shape[0]).map { $0 * 2 % 5 })
    return x * embedding(indices)
  }
}

@Suite struct EmbeddingLayerTests {
  @Test(arguments: [nil, 2], [nil, 1.5])
  func `it keeps the laws of layers`(padding: Int?, maximumNorm: Double?) throws {
    let embedding = withRandom(seed: 5) {
      Embedding(6, 4, padding: padding, maximumNorm: maximumNorm)
    }
    var generator = RandomGenerator(seed: 6)
    let x = Tensor.randomNormal([5, 4], using: &generator)
    // The gradient of the padding is left out on purpose, so it is no finite difference.
    try verify(layer: Factors(embedding: embedding), at: x, order: padding == nil ? 2 : 0)
    if let padding { #expect(abs(embedding.weight.value[padding]).sum().item() == 0) }
    #expect(embedding.parameterCount == 24)
  }

  @Test func `long vectors come out at the maximum norm`() {
    let weight = Parameter(Tensor([[3, 4], [0.3, 0.4], [0, 0]]))
    let y = Embedding(weight: weight, maximumNorm: 1)(Tensor([0, 1, 2] as [Int]))
    let expected: [Double] = [0.6, 0.8, 0.3, 0.4, 0, 0]
    for (a, b) in zip(y.scalars(as: Double.self), expected) { #expect(abs(a - b) < 1e-6) }
  }

  @Test func `wrong tables and indices trap`() async {
    await #expect(processExitsWith: .failure) { _ = Embedding(3, 2)(Tensor([3] as [Int])) }
    await #expect(processExitsWith: .failure) { _ = Embedding(3, 2)(Tensor([-1] as [Int])) }
    await #expect(processExitsWith: .failure) { _ = Embedding(3, 2)(Tensor([0.5])) }
    await #expect(processExitsWith: .failure) { _ = Embedding(3, 2, padding: 3) }
    await #expect(processExitsWith: .failure) { _ = Embedding(3, 2, maximumNorm: 0) }
    await #expect(processExitsWith: .failure) {
      _ = Embedding(weight: Parameter(Tensor([1, 2])))
    }
  }
}
