import Core
import LayerTesting
import Testing

@Suite struct LossEmbeddingTests {
  static let a = LossTests.wave(0.3)
  static let b = LossTests.wave(1.1)
  static let c = LossTests.wave(2.0)

  @Test func `cosines of any scale`() throws {
    let expected = Tensor([1, -1, 0, 0])
    for scale in [1e-30, 1, 1e30] {
      let x = scale * Tensor([[1, 2], [1, 2], [1, 2], [0, 0]])
      let y = scale * Tensor([[2, 4], [-3, -6], [-2, 1], [1, 1]])
      try expectClose(cosineSimilarity(x, y), expected)
      let gradient = gradient(at: x) { cosineSimilarity($0, y).sum() }
      #expect(gradient.isFinite().all())
    }
    try expectClose(
      cosineSimilarity(Self.a, Self.b),
      cosineSimilarity(Self.a.transposed(), Self.b.transposed(), along: 0))
  }

  @Test func `similar pairs cost their angle, others what is above the margin`() throws {
    let x = Tensor([[1, 0], [1, 0], [1, 0]])
    let y = Tensor([[0, 1], [1, 0], [0, 1]])
    try expectClose(
      cosineEmbedding(x, y, targets: Tensor([1, -1, -1]), margin: 0.25, reduction: .none),
      Tensor([1, 0.75, 0]))
  }

  @Test func `triplets by hand`() throws {
    let anchor = Tensor([[0, 0]])
    let positive = Tensor([[3, 4]])
    let negative = Tensor([[0, -2]])
    func loss(_ order: Double, swap: Bool = false) -> Double {
      triplet(anchor: anchor, positive: positive, negative: negative, order: order, swap: swap)
        .item()
    }
    #expect(abs(loss(2) - 4) < 1e-6)
    #expect(loss(1) == 7 - 2 + 1)
    #expect(loss(.infinity) == 4 - 2 + 1)
    // The negative is farther from the positive than from the anchor, so that swapping is idle.
    #expect(abs(loss(2, swap: true) - 4) < 1e-6)
    let near = triplet(
      anchor: anchor, positive: positive, negative: Tensor([[3, 5]]), swap: true)
    try expectClose(near, 5 - 1 + 1)
  }

  @Test func `contrasts by hand`() throws {
    let x = Tensor([[0, 0], [0, 0], [0, 0]])
    let y = Tensor([[3, 4], [3, 4], [0, 2]])
    try expectClose(
      contrastive(x, y, targets: Tensor([1, 0, 0]), margin: 4, reduction: .none),
      Tensor([12.5, 0, 2]))
  }

  @Test func `equal embeddings have finite derivatives`() throws {
    let x = Tensor.ones([2, 3])
    let losses: [@Sendable (Tensor) -> Tensor] = [
      { triplet(anchor: $0, positive: x, negative: x) },
      { triplet(anchor: $0, positive: x, negative: x, order: 1) },
      { triplet(anchor: $0, positive: x, negative: x, order: 3, swap: true) },
      { contrastive($0, x, targets: Tensor([1, 0])) },
      { cosineEmbedding($0 - x, x, targets: Tensor([1, -1])) },
    ]
    for (index, loss) in losses.enumerated() {
      #expect(gradient(at: x, loss).isFinite().all(), "loss \(index)")
      let curvature = hessianVectorProduct(at: x, along: Tensor.ones(like: x), loss)
      #expect(curvature.isFinite().all(), "loss \(index)")
    }
  }

  @Test func `all inputs of embedding losses have derivatives`() throws {
    let losses: [([Tensor]) -> Tensor] = [
      { cosineEmbedding($0[0], $0[1], targets: LossTests.pairs, margin: -0.8, reduction: .none) },
      { triplet(anchor: $0[0], positive: $0[1], negative: $0[2], margin: 2, swap: true) },
      { triplet(anchor: $0[0], positive: $0[1], negative: $0[2], margin: 2, order: 2.5) },
      { contrastive($0[0], $0[1], targets: LossTests.pairs .> 0, margin: 5) },
      { infoNCE(queries: $0[0], keys: $0[1], temperature: 0.5) },
      { normalizedTemperatureCrossEntropy($0[0], $0[1], reduction: .none) },
      { cosineSimilarity($0[0], $0[1][..<1]) },
    ]
    for (index, loss) in losses.enumerated() {
      do {
        try checkGradients(of: loss, at: [Self.a, Self.b, Self.c], order: 2, relative: 1e-5)
      } catch { Issue.record("loss \(index): \(error)") }
    }
  }

  @Test func `one pair alone, and none`() throws {
    let x = Tensor([[1, 2]])
    try expectClose(infoNCE(queries: x, keys: -x), 0)
    try expectClose(normalizedTemperatureCrossEntropy(x, -x), 0)
    let none = Tensor.zeros([0, 3])
    #expect(triplet(anchor: none, positive: none, negative: none, reduction: .sum).item() == 0)
    #expect(contrastive(none, none, targets: Tensor.zeros([0]), reduction: .sum).item() == 0)
    #expect(cosineEmbedding(none, none, targets: Tensor.zeros([0]), reduction: .sum).item() == 0)
    #expect(infoNCE(queries: none, keys: none, reduction: .sum).item() == 0)
  }

  @Test func `equal queries and keys are easier than shuffled ones`() {
    let shuffled = Self.b.gathered(at: Tensor([1, 2, 3, 0] as [Int]))
    #expect(
      infoNCE(queries: Self.b, keys: Self.b).item()
        < infoNCE(queries: Self.b, keys: shuffled).item())
  }

  @Test func `embeddings that do not fit trap`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = triplet(
        anchor: Tensor.zeros([4, 2]), positive: Tensor.zeros([4, 2]),
        negative: Tensor.zeros([4, 3]))
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("triplet: the shapes [4, 2] and [4, 3] are not both […, features]"))
    await #expect(processExitsWith: .failure) {
      _ = cosineEmbedding(
        Tensor.zeros([4, 2]), Tensor.zeros([4, 2]), targets: Tensor.zeros([4, 1]))
    }
  }
}
