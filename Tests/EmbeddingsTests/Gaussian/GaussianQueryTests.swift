import Core
import Embeddings
import LayerTesting
import Testing

@Suite struct GaussianQueryTests {
  private func model(_ form: GaussianCovariance) -> GaussianEmbedding {
    withRandom(seed: 12) {
      var generator = RandomGenerator.split()
      let model = GaussianEmbedding(30, 4, covariance: form)
      model.scale.value = .randomNormal(model.scale.shape, deviation: 0.5, using: &generator)
      return model
    }
  }

  @Test(arguments: GaussianCovariance.allCases, GaussianSimilarity.allCases)
  func `scores and neighbours are those of the closed forms`(
    form: GaussianCovariance, similarity: GaussianSimilarity
  ) throws {
    let words = model(form)
    let all = words.gaussians
    let own = words(Tensor([5] as [Int32]))
    let expected = similarity(own, all)
    let numbers = Array(0..<Int32(30))
    let scores = words.scores(
      of: [Int32](repeating: 5, count: 30), with: numbers, by: similarity)
    try expectClose(Tensor(scores).cast(to: .float32), expected, relative: 1e-4, absolute: 1e-5)
    // Different first words, an odd number of them.
    let mixed = words.scores(
      of: Array(numbers.reversed()).dropLast() + [], with: Array(numbers.dropLast()), by: similarity
    )
    let pairs = similarity(
      words(Tensor(Array(numbers.reversed().dropLast()))), words(Tensor(Array(numbers.dropLast()))))
    try expectClose(Tensor(mixed).cast(to: .float32), pairs, relative: 1e-4, absolute: 1e-5)

    let found = words.nearest(to: 5, count: 7, by: similarity)
    let order = numbers.filter { $0 != 5 }.sorted { scores[Int($0)] > scores[Int($1)] }
    #expect(found.map(\.word) == order.prefix(7).map { Int($0) })
    #expect(words.nearest(to: 5, count: 100, by: similarity).count == 29)
  }

  @Test(arguments: [DType.float32, .float64])
  func `in many dimensions the product of variances stays in range`(dtype: DType) throws {
    var generator = RandomGenerator(seed: 15)
    let shape: Shape = [6, 2100]
    let words = GaussianEmbedding(
      mean: Parameter(.randomNormal(shape, dtype: dtype, using: &generator)),
      scale: Parameter(
        .randomNormal(shape, mean: -3, deviation: 4, dtype: dtype, using: &generator)),
      covariance: .diagonal)
    let scores = words.scores(
      of: [0, 0, 1, 2], with: [1, 5, 3, 2], by: .logKernel)
    let pairs = GaussianSimilarity.logKernel(
      words(Tensor([0, 0, 1, 2] as [Int32])), words(Tensor([1, 5, 3, 2] as [Int32])))
    try expectClose(
      Tensor(scores).cast(to: dtype), pairs, relative: dtype == .float32 ? 1e-4 : 1e-11)
  }

  @Test(arguments: GaussianCovariance.allCases)
  func `specific and general words are ordered by determinant`(form: GaussianCovariance) throws {
    let words = model(form)
    let sizes = words.gaussians.logDeterminant
    try expectClose(words.logDeterminants, sizes, relative: 1e-4, absolute: 1e-5)
    let order = (0..<30).sorted { sizes[$0].item() < sizes[$1].item() }
    #expect(words.mostSpecific(3).map(\.word) == Array(order.prefix(3)))
    #expect(words.mostGeneral(3).map(\.word) == Array(order.reversed().prefix(3)))
    #expect(words.mostSpecific(1)[0].score <= words.mostGeneral(1)[0].score)
  }

  @Test func `the narrow entails the wide`() {
    // 0 lies inside of 1; 2 is as narrow as 0, and elsewhere.
    let words = GaussianEmbedding(
      mean: Parameter(Tensor([[0.3, 0], [0, 0], [5, 5]])),
      scale: Parameter(Tensor([[-2, -2], [1, 1], [-2, -2]])), covariance: .diagonal)
    #expect(words.entailment(of: 0, in: 1) > words.entailment(of: 1, in: 0))
    #expect(words.entailment(of: 0, in: 1) > words.entailment(of: 2, in: 1))
    #expect(words.entailed(by: 0, count: 5).map(\.word) == [1])
    #expect(words.entailed(by: 1, count: 5).isEmpty)
  }

  @Test func `parameters begin as they are asked for`() throws {
    for form in GaussianCovariance.allCases {
      let words = withRandom(seed: 1) {
        GaussianEmbedding(2000, 6, covariance: form, deviation: 0.5, variance: 2)
      }
      let gaussians = words.gaussians
      try expectClose(
        gaussians.matrices, Tensor.zeros([2000, 6, 6]) + 2 * Tensor.identity(6), absolute: 1e-5)
      let spread = gaussians.mean.variance().item().squareRoot()
      #expect(abs(spread - 0.5) < 0.02)
      #expect(words.namedParameters.map(\.name) == ["mean", "scale"])
    }
  }

  @Test func `training tells clusters apart and finds the general word`() {
    // Words 0 to 4 and 5 to 9 come together; word 10 comes with all of them.
    var generator = RandomGenerator(seed: 13)
    for similarity in [GaussianSimilarity.logKernel, .negativeDivergence] {
      let words = withRandom(seed: 14) { GaussianEmbedding(11, 5) }
      let training = GaussianSkipGram(
        words, similarity: similarity, learningRate: 0.1,
        bounds: GaussianBounds(meanNorm: 4, eigenvalues: 0.05...10))
      var losses: [Double] = []
      for _ in 0..<300 {
        var triples: [[Int32]] = [[], [], []]
        for _ in 0..<20 {
          let cluster = Int32.random(in: 0..<2, using: &generator) * 5
          let other = 5 - cluster
          let word = cluster + Int32.random(in: 0..<5, using: &generator)
          let isGeneral = Int.random(in: 0..<4, using: &generator) == 0
          let context = isGeneral ? 10 : cluster + Int32.random(in: 0..<5, using: &generator)
          triples[0].append(word)
          triples[1].append(context)
          triples[2].append(other + Int32.random(in: 0..<5, using: &generator))
        }
        losses.append(
          training.step(words: triples[0], positives: triples[1], negatives: triples[2]).loss)
      }
      #expect(losses.last! < 0.2 * losses[0])
      let near = Set(words.nearest(to: 2, count: 4, by: similarity).map(\.word))
      #expect(near.isSubset(of: [0, 1, 3, 4, 10]))
    }
  }
}
