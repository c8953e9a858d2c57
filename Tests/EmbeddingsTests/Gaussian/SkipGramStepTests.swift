import Core
import Embeddings
import LayerTesting
import Testing

/// The same training from plain tensor operations: automatic derivatives of the loss's sum, steps
/// over whole tables, then the bounds.
private struct Reference {
  let words: GaussianEmbedding
  let contexts: GaussianEmbedding
  let similarity: GaussianSimilarity
  let rule: GaussianSkipGram.Rule
  let bounds: GaussianBounds
  var squares: [Tensor]

  init(
    _ words: GaussianEmbedding, _ contexts: GaussianEmbedding?, _ similarity: GaussianSimilarity,
    _ rule: GaussianSkipGram.Rule, _ bounds: GaussianBounds
  ) {
    (self.words, self.contexts) = (words, contexts ?? words)
    (self.similarity, self.rule, self.bounds) = (similarity, rule, bounds)
    let tables = contexts.map { [words, $0] } ?? [words]
    squares = tables.flatMap { [$0.mean, $0.scale] }.map { .zeros($0.shape, dtype: $0.dtype) }
  }

  mutating func step(_ triples: [[Int32]], margin: Double, rate: Double) -> Double {
    let model = Pair(words: words, contexts: contexts)
    let (loss, gradients) = valueWithGradient(of: model) {
      let w = words(Tensor(triples[0]))
      return maxMarginRanking(
        positive: similarity(w, contexts(Tensor(triples[1]))),
        negative: similarity(w, contexts(Tensor(triples[2]))), margin: margin, reduction: .sum)
    }
    let isOne = words.mean === contexts.mean
    let parameters = [words.mean, words.scale] + (isOne ? [] : [contexts.mean, contexts.scale])
    for (place, parameter) in parameters.enumerated() {
      guard let gradient = gradients[parameter] else { continue }
      switch rule {
      case .gradientDescent: parameter.value = parameter.value - rate * gradient
      case .adaGrad(let epsilon):
        squares[place] = squares[place] + square(gradient)
        parameter.value =
          parameter.value - rate * gradient / (sqrt(squares[place]) + epsilon)
      }
    }
    words.clamp(to: bounds)
    if !isOne { contexts.clamp(to: bounds) }
    return loss.item()
  }
}

private struct Pair: Layer {
  let words: GaussianEmbedding
  let contexts: GaussianEmbedding
  func callAsFunction(_ x: Tensor) -> Tensor { x }
}

@Suite struct GaussianSkipGramTests {
  private static let rows = 12

  private func table(
    _ form: GaussianCovariance, _ n: Int, dtype: DType, using generator: inout RandomGenerator
  ) -> (GaussianEmbedding, copy: GaussianEmbedding) {
    let width = form.parameterCount(dimension: n)
    let mean = Tensor.randomNormal([Self.rows, n], dtype: dtype, using: &generator)
    let scale = Tensor.randomNormal(
      [Self.rows, width], deviation: 0.4, dtype: dtype, using: &generator)
    func make() -> GaussianEmbedding {
      GaussianEmbedding(mean: Parameter(mean), scale: Parameter(scale), covariance: form)
    }
    return (make(), make())
  }

  private func triples(_ count: Int, using generator: inout RandomGenerator) -> [[Int32]] {
    (0..<3).map { _ in
      Tensor.randomIntegers([count], in: 0..<Self.rows, using: &generator).scalars(as: Int32.self)
    }
  }

  /// Trains fused and plain side by side. AdaGrad's first step is the gradient's sign: where a
  /// gradient is rounding alone, it makes much of it.
  private func expectSame(
    _ form: GaussianCovariance, _ similarity: GaussianSimilarity, n: Int, dtype: DType = .float64,
    shared: Bool = true, rule: GaussianSkipGram.Rule = .adaGrad(), bounds: GaussianBounds = .none,
    tolerance: Double = 1e-8
  ) throws {
    var generator = RandomGenerator(seed: 5)
    let (words, wordCopy) = table(form, n, dtype: dtype, using: &generator)
    let (contexts, contextCopy) = table(form, n, dtype: dtype, using: &generator)
    let fused = GaussianSkipGram(
      words, contexts: shared ? nil : contexts, similarity: similarity, rule: rule, bounds: bounds)
    // The reference bounds all rows at each step, the fused one those that move.
    for table in [words, wordCopy, contexts, contextCopy] { table.clamp(to: bounds) }
    var plain = Reference(wordCopy, shared ? nil : contextCopy, similarity, rule, bounds)
    for step in 0..<5 {
      // A single triple is the stochastic algorithm; many hold each word several times.
      let batch = triples(step == 0 ? 1 : 40, using: &generator)
      fused.learningRate = rule == .gradientDescent ? 0.002 : 0.05
      let found = fused.step(words: batch[0], positives: batch[1], negatives: batch[2])
      let loss = plain.step(batch, margin: fused.margin, rate: fused.learningRate)
      #expect(abs(found.loss - loss) <= tolerance * max(1, abs(loss)), "step \(step)")
      for (ours, theirs) in [(words, wordCopy), (contexts, contextCopy)] {
        try expectClose(
          ours.mean.value, theirs.mean.value, relative: tolerance, absolute: tolerance)
        try expectClose(
          ours.scale.value, theirs.scale.value, relative: tolerance, absolute: tolerance)
      }
    }
  }

  @Test(arguments: GaussianCovariance.allCases, GaussianSimilarity.allCases)
  func `each step is the plain one`(
    form: GaussianCovariance, similarity: GaussianSimilarity
  ) throws {
    for n in [1, 3, 11] {
      for shared in [true, false] {
        try expectSame(form, similarity, n: n, shared: shared)
        try expectSame(form, similarity, n: n, shared: shared, rule: .gradientDescent)
      }
    }
    try expectSame(form, similarity, n: 9, dtype: .float32, tolerance: 2e-3)
    try expectSame(form, similarity, n: 18, dtype: .float32, tolerance: 2e-3)
  }

  @Test(arguments: GaussianCovariance.allCases)
  func `bounds hold after each step`(form: GaussianCovariance) throws {
    let bounds = GaussianBounds(meanNorm: 1.5, eigenvalues: 0.6...1.7)
    try expectSame(form, .logKernel, n: 4, bounds: bounds, tolerance: 1e-8)
    try expectSame(
      form, .negativeDivergence, n: 4, shared: false, rule: .gradientDescent, bounds: bounds,
      tolerance: 1e-8)

    var generator = RandomGenerator(seed: 6)
    let (words, _) = table(form, 5, dtype: .float32, using: &generator)
    words.clamp(to: bounds)
    let training = GaussianSkipGram(words, bounds: bounds)
    let every = Array(0..<Int32(Self.rows))
    for _ in 0..<3 {
      training.margin = 1000  // every triple moves
      training.step(words: every, positives: Array(every.reversed()), negatives: every)
    }
    let gaussians = words.gaussians
    let norms = sqrt(square(gaussians.mean).sum(along: -1))
    #expect((norms .<= 1.5 * (1 + 1e-6)).all())
    let values = symmetricEigenvalues(gaussians.matrices)
    #expect((values .>= 0.6 * (1 - 1e-4)).all() && (values .<= 1.7 * (1 + 1e-4)).all())
  }

  @Test(arguments: GaussianCovariance.allCases)
  func `rows out of use keep their bits`(form: GaussianCovariance) {
    var generator = RandomGenerator(seed: 7)
    let (words, copy) = table(form, 6, dtype: .float32, using: &generator)
    let training = GaussianSkipGram(words, margin: 100)
    let step = training.step(words: [1, 4], positives: [2, 2], negatives: [5, 1])
    #expect(step.violations == 2)
    for (ours, theirs) in [(words.mean, copy.mean), (words.scale, copy.scale)] {
      for row in 0..<Self.rows {
        #expect((ours.value[row] == theirs.value[row]) == ![1, 2, 4, 5].contains(row))
      }
    }
  }

  @Test func `a kept margin moves nothing`() {
    var generator = RandomGenerator(seed: 8)
    let (words, copy) = table(.diagonal, 3, dtype: .float32, using: &generator)
    let training = GaussianSkipGram(words, margin: -1e6)
    let step = training.step(words: [0, 1], positives: [2, 3], negatives: [4, 5])
    #expect(step.loss == 0 && step.violations == 0)
    #expect(words.mean.value == copy.mean.value && words.scale.value == copy.scale.value)
    #expect(training.step(words: [], positives: [], negatives: []).loss == 0)
  }

  @Test func `tensors held from before keep their values`() {
    var generator = RandomGenerator(seed: 9)
    let (words, copy) = table(.diagonal, 3, dtype: .float32, using: &generator)
    let held = words.mean.value
    GaussianSkipGram(words, margin: 100).step(words: [0], positives: [1], negatives: [2])
    #expect(held == copy.mean.value && words.mean.value != held)
  }

  @Test func `a loss that is no number is reported and moves nothing`() {
    var generator = RandomGenerator(seed: 10)
    let (words, _) = table(.diagonal, 3, dtype: .float32, using: &generator)
    var means = words.mean.value
    means[0, 0] = Tensor(Float.nan)
    words.mean.value = means
    let step = GaussianSkipGram(words).step(words: [0], positives: [1], negatives: [2])
    #expect(step.loss.isNaN && step.violations == 0)
    #expect(words.mean.value[1].isFinite().all())
  }

  @Test func `a step asks the system for no memory`() async {
    await #expect(processExitsWith: .success) {
      let words = withRandom(seed: 1) { GaussianEmbedding(500, 50) }
      let training = GaussianSkipGram(words, margin: 100)
      let every = Array(0..<Int32(500))
      func step() {
        training.step(words: every, positives: every.reversed(), negatives: every)
      }
      for _ in 0..<3 { step() }
      let before = MemoryPool.statistics.systemRequests
      for _ in 0..<50 { step() }
      precondition(MemoryPool.statistics.systemRequests == before)
    }
  }

  @Test func `words out of range trap`() async {
    await #expect(processExitsWith: .failure) {
      GaussianSkipGram(GaussianEmbedding(4, 2)).step(words: [0], positives: [4], negatives: [1])
    }
    await #expect(processExitsWith: .failure) {
      GaussianSkipGram(GaussianEmbedding(4, 2)).step(words: [0], positives: [], negatives: [1])
    }
    await #expect(processExitsWith: .failure) {
      _ = GaussianSkipGram(GaussianEmbedding(4, 2), contexts: GaussianEmbedding(4, 3))
    }
    await #expect(processExitsWith: .failure) {
      _ = GaussianEmbedding(
        mean: Parameter(.zeros([4, 2])), scale: Parameter(.zeros([4, 2])), covariance: .full)
    }
    await #expect(processExitsWith: .failure) { _ = GaussianBounds(eigenvalues: 0...1) }
  }
}
