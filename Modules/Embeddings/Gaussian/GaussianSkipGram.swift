import Core
internal import Kernels

/// The max-margin training of words and contexts as Gaussians: a step of the skip-gram model with
/// the similarity of two distributions in place of the scalar product.
///
/// ```
/// loss = Σ max(0, margin − S(w, c₊) + S(w, c₋))
/// ```
///
/// ```swift
/// let model = withRandom(seed: 7) { GaussianEmbedding(vocabulary.count, 50) }
/// let training = GaussianSkipGram(model, similarity: .negativeDivergence)
/// let step = training.step(words: words, positives: contexts, negatives: drawn)
/// ```
///
/// A step is fused: the derivatives in closed form, the sums over the words that come several times
/// in the batch, AdaGrad and the bounds, over the rows in use only. It allocates nothing once its
/// working memory is as large as the batch, runs on all threads, and gives the same bits on any
/// number of them. A batch of one triple is the algorithm of the course's question 4.2.
///
/// Source: the course's document 000, exercise 1, question 4; [Vilnis and McCallum 2015]:
/// https://arxiv.org/abs/1412.6623.
public final class GaussianSkipGram {
  /// How a gradient becomes a step.
  public enum Rule: Sendable, Equatable {
    /// θ ← θ − η g.
    case gradientDescent
    /// s ← s + g², θ ← θ − η g / (√s + ε), element by element.
    case adaGrad(epsilon: Double = 1e-8)
  }

  /// What a step found, before it moved.
  public struct Step: Sendable {
    /// The sum of the losses of the batch.
    public let loss: Double
    /// How many triples did not keep the margin.
    public let violations: Int
  }

  /// The words, w.
  public let words: GaussianEmbedding
  /// The contexts, c; the words themselves unless told otherwise.
  public let contexts: GaussianEmbedding
  /// S.
  public let similarity: GaussianSimilarity
  /// How a gradient becomes a step.
  public let rule: Rule
  /// How far a true pair has to score above a false one.
  public var margin: Double
  /// η.
  public var learningRate: Double
  /// What each moved row is kept within.
  public var bounds: GaussianBounds

  // Sums of squares: of the means and scales of words, then of contexts; none for gradient descent.
  private var squares: [Tensor] = []
  private var heads: Tensor
  private var scratch = Tensor.zeros([0], dtype: .float64)

  /// Traps when the two tables differ in form, dimension, type or number of rows.
  ///
  /// - Parameters:
  ///   - words: The Gaussians of words.
  ///   - contexts: The Gaussians of contexts; those of the words unless told otherwise, as in the
  ///     course, where each term has one.
  ///   - similarity: S; log K unless told otherwise.
  ///   - rule: How a gradient becomes a step; AdaGrad unless told otherwise.
  ///   - learningRate: η; 0.05 unless told otherwise.
  ///   - margin: 1 unless told otherwise.
  ///   - bounds: None unless told otherwise.
  public init(
    _ words: GaussianEmbedding, contexts: GaussianEmbedding? = nil,
    similarity: GaussianSimilarity = .logKernel, rule: Rule = .adaGrad(),
    learningRate: Double = 0.05, margin: Double = 1, bounds: GaussianBounds = .none
  ) {
    let contexts = contexts ?? words
    require(
      words.covariance == contexts.covariance && words.mean.shape == contexts.mean.shape
        && words.mean.dtype == contexts.mean.dtype,
      "GaussianSkipGram: words with \(words.covariance) covariances of shape \(words.mean.shape), "
        + "contexts with \(contexts.covariance) ones of shape \(contexts.mean.shape)")
    require(
      words.count < Int(Int32.max) / 2, "GaussianSkipGram: \(words.count) words are too many")
    self.words = words
    self.contexts = contexts
    self.similarity = similarity
    self.rule = rule
    self.learningRate = learningRate
    self.margin = margin
    self.bounds = bounds
    heads = Tensor.full([2 * words.count], -1, dtype: .int32)
    if case .adaGrad = rule {
      let tables = words.mean === contexts.mean ? [words] : [words, contexts]
      squares = tables.flatMap { [$0.mean, $0.scale] }.map { .zeros($0.shape, dtype: $0.dtype) }
    }
  }

  /// One step down the gradient of the loss's sum over a batch.
  ///
  /// - Parameters:
  ///   - words: The numbers of w, one for each triple; one out of range traps.
  ///   - positives: The numbers of c₊, which came with w in the corpus.
  ///   - negatives: The numbers of c₋, drawn at random.
  /// - Returns: The loss before the step.
  @discardableResult
  public func step(words: [Int32], positives: [Int32], negatives: [Int32]) -> Step {
    let count = words.count
    require(
      positives.count == count && negatives.count == count,
      "GaussianSkipGram: \(count) words, \(positives.count) positive and \(negatives.count) "
        + "negative contexts")
    for indices in [words, positives, negatives] { requireRows(indices, below: self.words.count) }
    var settings = settings
    grow(to: apus_gaussian_scratch(&settings, count))
    let (first, second) = (table(self.words, 0), table(contexts, 2))
    var violations = 0
    let loss = apus_gaussian_step(
      &settings, first, second, self.words.count, count, words, positives, negatives,
      heads.pointer.assumingMemoryBound(to: Int32.self), scratch.pointer, &violations)
    extendLifetime(heads.storage)
    return Step(loss: loss, violations: violations)
  }

  private var settings: apus_gaussian_rule {
    var epsilon = 0.0
    if case .adaGrad(let given) = rule { epsilon = given }
    var result = words.kernelRule(similarity)
    result.margin = margin
    result.rate = learningRate
    result.epsilon = epsilon
    result.least = bounds.eigenvalues?.lowerBound ?? 0
    result.greatest = bounds.eigenvalues?.upperBound ?? .infinity
    result.longest = bounds.meanNorm ?? .infinity
    return result
  }

  private func grow(to bytes: Int) {
    if scratch.count * 8 < bytes {
      scratch = Tensor(uninitialized: [(bytes + 7) / 8], dtype: .float64)
    }
  }

  /// The memory of a table, after it was made this table's alone.
  private func table(_ embedding: GaussianEmbedding, _ place: Int) -> apus_gaussian_table {
    var result = apus_gaussian_table()
    result.mean = embedding.mean.writablePointer
    result.scale = embedding.scale.writablePointer
    if !squares.isEmpty {
      let place = squares.count > place ? place : 0
      result.mean_squares = squares[place].pointer
      result.scale_squares = squares[place + 1].pointer
    }
    return result
  }
}

extension Parameter {
  /// Dense memory that no other tensor shares.
  fileprivate var writablePointer: UnsafeMutableRawPointer {
    var pointer: UnsafeMutableRawPointer?
    update {
      $0.makeUnique()
      pointer = $0.pointer
    }
    return pointer.unsafelyUnwrapped
  }
}

/// Traps at a number that is no row.
func requireRows(_ indices: [Int32], below count: Int) {
  for index in indices where index < 0 || index >= count {
    trap("GaussianSkipGram: word \(index) of \(count)")
  }
}
