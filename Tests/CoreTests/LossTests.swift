import Core
import LayerTesting
import Testing

extension LossReference: CustomTestStringConvertible {
  var testDescription: String { "\(loss), \(reduction)" }
}

@Suite struct LossTests {
  static let rows = 4
  static let classes = 5
  static let labels = Tensor([3, 0, 4, 0] as [Int])

  /// The inputs of Tests/References/losses.py.
  static func wave(_ phase: Double, dtype: DType = .float64) -> Tensor {
    let index = Tensor.range(to: Double(rows * classes), dtype: .float64)
    return (2 * sin(1.7 * index + phase)).reshaped([rows, classes]).cast(to: dtype)
  }

  /// The input and the function of a reference.
  static func example(
    _ name: String, _ reduction: Reduction, dtype: DType = .float64
  ) -> (x: Tensor, loss: @Sendable (Tensor) -> Tensor) {
    let scores = wave(0.3, dtype: dtype)
    let others = wave(1.1, dtype: dtype)
    let halves = sigmoid(others)
    let targets = softmax(others)
    let signs = sign(others)
    switch name {
    case "meanSquaredError":
      return (scores, { meanSquaredError($0, others, reduction: reduction) })
    case "meanAbsoluteError":
      return (scores, { meanAbsoluteError($0, others, reduction: reduction) })
    case "huber":
      return (scores, { huber($0, others, threshold: 0.7, reduction: reduction) })
    case "softmaxCrossEntropy(labels)":
      return (scores, { softmaxCrossEntropy(logits: $0, labels: labels, reduction: reduction) })
    case "softmaxCrossEntropy(targets)":
      return (scores, { softmaxCrossEntropy(logits: $0, targets: targets, reduction: reduction) })
    case "crossEntropy(labels)":
      return (
        softmax(scores), { crossEntropy(probabilities: $0, labels: labels, reduction: reduction) }
      )
    case "negativeLogLikelihood":
      return (
        logSoftmax(scores),
        { negativeLogLikelihood(logProbabilities: $0, labels: labels, reduction: reduction) }
      )
    case "binaryCrossEntropy(logits)":
      return (scores, { binaryCrossEntropy(logits: $0, targets: halves, reduction: reduction) })
    case "binaryCrossEntropy(probabilities)":
      return (
        sigmoid(scores),
        { binaryCrossEntropy(probabilities: $0, targets: halves, reduction: reduction) }
      )
    case "hinge":
      return (scores, { hinge(scores: $0, targets: signs, reduction: reduction) })
    case "multiclassHinge":
      return (
        scores,
        { multiclassHinge(scores: $0, labels: labels, margin: 1.5, reduction: reduction) }
      )
    case "maxMarginRanking":
      return (
        scores,
        { maxMarginRanking(positive: $0, negative: others, margin: 0.5, reduction: reduction) }
      )
    case "klDivergence":
      return (
        logSoftmax(scores),
        { klDivergence(logProbabilities: $0, targets: targets, reduction: reduction) }
      )
    default: return exampleWithOptions(name, reduction, dtype: dtype)
    }
  }

  @Test(arguments: LossReference.all)
  func `values and gradients are PyTorch's`(reference: LossReference) throws {
    let reductions: [String: Reduction] = ["mean": .mean, "sum": .sum, "none": .none]
    let reduction = try #require(reductions[reference.reduction])
    for dtype in [DType.float64, .float32] {
      let (x, loss) = Self.example(reference.loss, reduction, dtype: dtype)
      let (value, pullback) = vjp(at: x, loss)
      #expect(value.dtype == dtype)
      #expect((value.rank == 0) == (reduction != .none))
      // One or two roundings of 24 bits, and cancellation between them.
      let tolerance = dtype == .float64 ? 1e-12 : 3e-6
      try expectClose(
        value.flattened(), Tensor(reference.value), relative: tolerance, absolute: tolerance)
      let weights = (0..<value.count).map { 1 + 0.25 * Double($0) }
      let gradient = pullback(Tensor(scalars: weights, shape: value.shape).cast(to: dtype))
      try expectClose(
        gradient.flattened(), Tensor(reference.gradient), relative: 10 * tolerance,
        absolute: 10 * tolerance)
    }
  }

  @Test(arguments: LossReference.all)
  func `first and second derivatives agree with finite differences`(
    reference: LossReference
  ) throws {
    let reductions: [String: Reduction] = ["mean": .mean, "sum": .sum, "none": .none]
    let (x, loss) = Self.example(reference.loss, try #require(reductions[reference.reduction]))
    // A power makes the upstream gradient of a scalar loss depend on x.
    try checkGradients(of: { square(loss($0)) }, at: x, order: 2, relative: 1e-5)
  }

  @Test func `losses are differentiable in their targets`() throws {
    let x = Self.wave(0.3)
    let t = sigmoid(Self.wave(1.1))
    let losses: [([Tensor]) -> Tensor] = [
      { meanSquaredError($0[0], $0[1], reduction: .none) },
      { meanAbsoluteError($0[0], $0[1], reduction: .none) },
      { huber($0[0], $0[1], reduction: .none) },
      { softmaxCrossEntropy(logits: $0[0], targets: $0[1], reduction: .none) },
      { binaryCrossEntropy(logits: $0[0], targets: $0[1], reduction: .none) },
      { binaryCrossEntropy(probabilities: sigmoid($0[0]), targets: $0[1], reduction: .none) },
      { crossEntropy(probabilities: softmax($0[0]), targets: $0[1], reduction: .none) },
      { hinge(scores: $0[0], targets: $0[1], reduction: .none) },
      { maxMarginRanking(positive: $0[0], negative: $0[1], reduction: .none) },
      { klDivergence(logProbabilities: logSoftmax($0[0]), targets: $0[1], reduction: .none) },
    ]
    for (index, loss) in losses.enumerated() {
      do { try checkGradients(of: loss, at: [x, t], order: 2, relative: 1e-5) } catch {
        Issue.record("loss \(index): \(error)")
      }
    }
  }

  // MARK: Laws

  @Test func `the gradient of the cross-entropy is the softmax minus the label`() throws {
    let x = Self.wave(0.3, dtype: .float32)
    let gradient = gradient(at: x) {
      softmaxCrossEntropy(logits: $0, labels: Self.labels, reduction: .sum)
    }
    try expectClose(gradient, softmax(x) - Self.labels.oneHot(Self.classes))
  }

  @Test func `labels are one-hot targets`() throws {
    let x = Self.wave(0.3)
    let targets = Self.labels.oneHot(Self.classes, dtype: .float64)
    for reduction in Reduction.allCases {
      try expectClose(
        softmaxCrossEntropy(logits: x, labels: Self.labels, reduction: reduction),
        softmaxCrossEntropy(logits: x, targets: targets, reduction: reduction))
      try expectClose(
        crossEntropy(probabilities: softmax(x), labels: Self.labels, reduction: reduction),
        crossEntropy(probabilities: softmax(x), targets: targets, reduction: reduction))
      try expectClose(
        softmaxCrossEntropy(logits: x, labels: Self.labels, reduction: reduction),
        negativeLogLikelihood(
          logProbabilities: logSoftmax(x), labels: Self.labels, reduction: reduction))
    }
  }

  @Test func `leading axes and layouts of logits do not matter`() throws {
    var generator = RandomGenerator(seed: 3)
    let x = Tensor.randomNormal([2, 3, 4], using: &generator)
    let labels = Tensor(scalars: [0, 1, 2, 3, 2, 1] as [Int32], shape: [2, 3])
    let each = softmaxCrossEntropy(logits: x, labels: labels, reduction: .none)
    #expect(each.shape == [2, 3])
    try expectClose(
      each.flattened(),
      softmaxCrossEntropy(
        logits: x.reshaped([6, 4]), labels: labels.flattened(), reduction: .none))
    let view = x.permuted([2, 0, 1]).contiguous().permuted([1, 2, 0])
    let transposedLabels = labels.transposed().contiguous().transposed()
    #expect(!view.isContiguous && !transposedLabels.isContiguous)
    let a = valueWithGradient(at: x) { softmaxCrossEntropy(logits: $0, labels: labels) }
    let b = valueWithGradient(at: view) {
      softmaxCrossEntropy(logits: $0, labels: transposedLabels)
    }
    try expectClose(a.value, b.value)
    try expectClose(a.gradient, b.gradient)
  }

  @Test func `extreme logits give exact losses`() throws {
    let x = Tensor([[1000, 0], [-1000, 0], [0, 1000]])
    let each = softmaxCrossEntropy(logits: x, labels: Tensor([0, 0, 0] as [Int]), reduction: .none)
    try expectClose(each, Tensor([0, 1000, 1000]))
    let logits = Tensor([1000, -1000, 30, -30, 1000, 0])
    let targets = Tensor([1, 0, 1, 0, 0, 0.5])
    let binary = binaryCrossEntropy(logits: logits, targets: targets, reduction: .none)
    // e⁻³⁰, which softplus(x) − x would lose.
    try expectClose(
      binary, Tensor([0, 0, 9.357622968840175e-14, 9.357622968840175e-14, 1000, 0.6931472]),
      relative: 1e-6, absolute: 0)
  }

  @Test func `masked classes count nothing`() throws {
    let x = Tensor([[1, 2, -.infinity]])
    let t = Tensor([[0.25, 0.75, 0]])
    let (value, gradient) = valueWithGradient(at: x) { softmaxCrossEntropy(logits: $0, targets: t) }
    let (expected, rest) = valueWithGradient(at: x[0..., ..<2]) {
      softmaxCrossEntropy(logits: $0, targets: t[0..., ..<2])
    }
    try expectClose(value, expected)
    try expectClose(gradient[0..., ..<2], rest)
    #expect(gradient[0, 2].item() == 0)
    let divergence = klDivergence(logProbabilities: logSoftmax(x), targets: t)
    #expect(divergence.item().isFinite)
  }

  @Test func `losses from probabilities stay finite at 0 and 1`() throws {
    let p = Tensor([0, 1, 0, 1])
    let t = Tensor([1, 0, 0, 1])
    let (value, gradient) = valueWithGradient(at: p) {
      binaryCrossEntropy(probabilities: $0, targets: t, reduction: .sum)
    }
    #expect(value.item() == 200)
    #expect(gradient.isFinite().all())
    let rows = Tensor([[0, 1]])
    let labelled = valueWithGradient(at: rows) {
      crossEntropy(probabilities: $0, labels: Tensor([0] as [Int]))
    }
    #expect(labelled.value.item() == 100)
    #expect(labelled.gradient.isFinite().all())
  }

  @Test func `the divergence of a distribution from itself is 0`() throws {
    let logs = logSoftmax(Self.wave(0.3))
    try expectClose(klDivergence(logProbabilities: logs, targets: exp(logs)), 0, absolute: 1e-14)
  }

  @Test func `Huber's loss meets both of its pieces`() throws {
    let x = Tensor([-3, -0.5, 0, 0.5, 3])
    let zeros = Tensor.zeros([5])
    try expectClose(huber(x, zeros, reduction: .none), Tensor([2.5, 0.125, 0, 0.125, 2.5]))
  }

  @Test func `ranking scores broadcast`() throws {
    let positive = Tensor([[2], [0]])
    let negative = Tensor([[0, 1.5, 3], [0, -0.5, -2]])
    try expectClose(
      maxMarginRanking(positive: positive, negative: negative, reduction: .none),
      Tensor([[0, 0.5, 2], [1, 0.5, 0]]))
  }

  @Test func `integer and bool targets take the type of the predictions`() throws {
    let x = Tensor([0.5, -1])
    let truth = Tensor([true, false])
    let loss = binaryCrossEntropy(logits: x, targets: truth)
    #expect(loss.dtype == .float32)
    try expectClose(loss, binaryCrossEntropy(logits: x, targets: Tensor([1, 0])))
    #expect(meanSquaredError(x, Tensor([1, 2] as [Int])).dtype == .float32)
  }

  @Test func `empty batches have an empty sum`() {
    let x = Tensor.zeros([0, 3])
    let labels = Tensor.zeros([0], dtype: .int64)
    let (value, gradient) = valueWithGradient(at: x) {
      softmaxCrossEntropy(logits: $0, labels: labels, reduction: .sum)
    }
    #expect(value.item() == 0 && gradient.shape == [0, 3])
    #expect(meanSquaredError(x, x, reduction: .sum).item() == 0)
  }

  // MARK: Errors

  @Test func `a label out of range names its value and position`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let labels = Tensor(scalars: [0, 1, 2, 3] as [Int], shape: [2, 2])
      _ = softmaxCrossEntropy(logits: Tensor.zeros([2, 2, 3]), labels: labels)
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("the label 3 at position [1, 1] is not within 0..<3"))
  }

  @Test func `shapes that would broadcast trap`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = meanSquaredError(Tensor.zeros([4, 1]), Tensor.zeros([4]))
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("meanSquaredError: the shapes [4, 1] and [4] differ"))
  }

  @Test func `labels that are not integers trap`() async {
    await #expect(processExitsWith: .failure) {
      _ = softmaxCrossEntropy(logits: Tensor.zeros([2, 3]), labels: Tensor([0, 1]))
    }
  }
}
