import Core
import LayerTesting
import Testing

@Suite struct LossOptionTests {
  static let x = LossTests.wave(0.3)
  static let labels = LossTests.labels
  static let weights = LossTests.classWeights

  @Test(arguments: Reduction.allCases)
  func `options that change nothing change nothing`(reduction: Reduction) throws {
    let plain = softmaxCrossEntropy(logits: Self.x, labels: Self.labels, reduction: reduction)
    let ones = Tensor.ones([5])
    try expectClose(
      softmaxCrossEntropy(
        logits: Self.x, labels: Self.labels, classWeights: ones, smoothing: 0, ignoredLabel: -100,
        reduction: reduction), plain)
    try expectClose(
      focal(logits: Self.x, labels: Self.labels, focus: 0, reduction: reduction), plain)
    let halves = sigmoid(LossTests.wave(1.1))
    let binary = binaryCrossEntropy(logits: Self.x, targets: halves, reduction: reduction)
    try expectClose(
      binaryCrossEntropy(
        logits: Self.x, targets: halves, weights: ones, positiveWeight: ones,
        reduction: reduction), binary)
    try expectClose(
      focal(logits: Self.x, targets: halves, focus: 0, reduction: reduction), binary)
    try expectClose(
      focal(logits: Self.x, targets: halves, focus: 0, balance: 0.5, reduction: reduction),
      0.5 * binary)
  }

  @Test func `smoothed labels are smoothed targets`() throws {
    let targets = Self.labels.oneHot(5, dtype: .float64)
    let (a, b) = (
      valueWithGradient(at: Self.x) {
        softmaxCrossEntropy(logits: $0, labels: Self.labels, smoothing: 0.3)
      },
      valueWithGradient(at: Self.x) {
        softmaxCrossEntropy(logits: $0, targets: targets, smoothing: 0.3)
      }
    )
    try expectClose(a.value, b.value)
    try expectClose(a.gradient, b.gradient)
  }

  @Test func `ignored rows leave no trace, whatever is in them`() throws {
    let broken = select(
      (Self.labels .== 0).expandingShape(at: -1), Tensor(Double.nan, dtype: .float64), Self.x)
    let kept = Tensor([0, 2] as [Int])
    let expected = valueWithGradient(at: Self.x.gathered(at: kept)) {
      softmaxCrossEntropy(logits: $0, labels: Self.labels.gathered(at: kept), smoothing: 0.1)
    }
    for dtype in [DType.float64, .float32] {
      let (value, gradient) = valueWithGradient(at: broken.cast(to: dtype)) {
        softmaxCrossEntropy(logits: $0, labels: Self.labels, smoothing: 0.1, ignoredLabel: 0)
      }
      try expectClose(value, expected.value, relative: 1e-5)
      try expectClose(
        gradient.gathered(at: kept), expected.gradient, relative: 1e-5, absolute: 1e-6)
      #expect((gradient.gathered(at: Tensor([1, 3] as [Int])) .== 0).all())
    }
  }

  @Test func `the mean of nothing is NaN, its sum 0`() {
    let ignored = Tensor.full([4], -100, dtype: .int64)
    func loss(_ reduction: Reduction) -> Double {
      softmaxCrossEntropy(
        logits: Self.x, labels: ignored, ignoredLabel: -100, reduction: reduction
      ).item()
    }
    #expect(loss(.mean).isNaN && loss(.sum) == 0)
  }

  @Test func `many classes take the vector loops and their rests`() throws {
    var generator = RandomGenerator(seed: 4)
    for classes in [1, 7, 8, 15, 16, 17, 33, 64, 100] {
      let x = 4 * Tensor.randomNormal([3, classes], using: &generator)
      let labels = Tensor.randomIntegers([3], in: 0..<classes, using: &generator)
      let weights = Tensor.randomUniform([classes], in: 0.5..<2, using: &generator)
      func loss(_ x: Tensor) -> Tensor {
        softmaxCrossEntropy(
          logits: x, labels: labels, classWeights: weights, smoothing: 0.25, reduction: .sum)
      }
      let (a, b) = (
        valueWithGradient(at: x, loss), valueWithGradient(at: x.cast(to: .float64), loss)
      )
      try expectClose(a.value, b.value, "\(classes) classes")
      try expectClose(a.gradient, b.gradient, "\(classes) classes")
    }
  }

  @Test(arguments: [DType.float32, .float64])
  func `logits of any size give finite losses and gradients`(dtype: DType) throws {
    let x = Tensor([[1e4, -1e4, 0], [-1e4, 1e4, 0], [1e4, 1e4, 1e4]]).cast(to: dtype)
    let labels = Tensor([1, 1, 0] as [Int])
    let targets = Tensor([[1, 0, 0.5], [0, 1, 1], [1, 1, 0]])
    let losses: [(String, @Sendable (Tensor) -> Tensor)] = [
      ("smoothing", { softmaxCrossEntropy(logits: $0, labels: labels, smoothing: 0.1) }),
      ("focal labels", { focal(logits: $0, labels: labels) }),
      ("focal labels, ½", { focal(logits: $0, labels: labels, focus: 0.5) }),
      ("focal", { focal(logits: $0, targets: targets) }),
      ("focal, ½", { focal(logits: $0, targets: targets, focus: 0.5) }),
      (
        "weights",
        {
          binaryCrossEntropy(logits: $0, targets: targets, positiveWeight: Tensor([2, 3, 4]))
        }
      ),
      ("cosine", { cosineEmbedding($0, targets, targets: Tensor([1, -1, 1])) }),
      ("triplet", { triplet(anchor: $0, positive: targets, negative: 2 * targets, order: 3) }),
      ("contrastive", { contrastive($0, targets, targets: Tensor([1, 0, 1])) }),
      ("infoNCE", { infoNCE(queries: $0, keys: targets) }),
      ("NT-Xent", { normalizedTemperatureCrossEntropy($0, targets) }),
      (
        "gaussian",
        {
          gaussianNegativeLogLikelihood(
            means: $0, variances: Tensor.zeros([3, 1]), targets: targets)
        }
      ),
    ]
    for (name, loss) in losses {
      let (value, gradient) = valueWithGradient(at: x, loss)
      #expect(value.item().isFinite && gradient.isFinite().all(), "\(name): \(value), \(gradient)")
      // Second derivatives exist as well.
      let curvature = hessianVectorProduct(at: x, along: Tensor.ones(like: x), loss)
      #expect(curvature.isFinite().all(), "\(name): \(curvature)")
    }
    let exact = softmaxCrossEntropy(logits: x, labels: labels, reduction: .none)
    try expectClose(exact, Tensor([20_000, 0, 1.0986123]), relative: 1e-6)
  }

  @Test func `the weighted binary loss does not cancel`() throws {
    let loss = binaryCrossEntropy(
      logits: Tensor([30, -30, 1000]), targets: Tensor([1, 0, 0]), positiveWeight: Tensor(2),
      reduction: .none)
    try expectClose(
      loss, Tensor([2 * 9.357622968840175e-14, 9.357622968840175e-14, 1000]), relative: 1e-6,
      absolute: 0)
  }

  @Test func `the divergence from log-targets is that from targets, with zeros`() throws {
    let logs = logSoftmax(Self.x)
    let targets = Tensor([[0.5, 0.5, 0, 0, 0], [1, 0, 0, 0, 0], [0, 0.2, 0.2, 0.2, 0.4]])
      .cast(to: .float64)
    let (a, b) = (
      valueWithGradient(at: logs[..<3]) { klDivergence(logProbabilities: $0, targets: targets) },
      valueWithGradient(at: logs[..<3]) {
        klDivergence(logProbabilities: $0, logTargets: log(targets))
      }
    )
    try expectClose(a.value, b.value)
    try expectClose(a.gradient, b.gradient)
    let second = gradient(at: log(targets)) {
      klDivergence(logProbabilities: logs[..<3], logTargets: $0)
    }
    #expect(second.isFinite().all())
  }

  @Test func `smooth absolute errors are Huber's over the threshold`() throws {
    let other = LossTests.wave(1.1)
    for threshold in [0.1, 0.7, 3] {
      try expectClose(
        smoothAbsoluteError(Self.x, other, threshold: threshold),
        huber(Self.x, other, threshold: threshold) / threshold)
    }
    try expectClose(
      smoothAbsoluteError(Self.x, other, threshold: 1e-12), meanAbsoluteError(Self.x, other))
  }

  @Test func `the rates of Poisson and their logarithms agree`() throws {
    let counts = Tensor([[0, 1, 2, 3, 4], [5, 6, 7, 8, 9], [0, 0, 1, 1, 2], [2, 3, 3, 4, 50]])
    for includesConstant in [false, true] {
      try expectClose(
        poissonNegativeLogLikelihood(
          logRates: Self.x, targets: counts, includesConstant: includesConstant),
        poissonNegativeLogLikelihood(
          rates: exp(Self.x), targets: counts, includesConstant: includesConstant),
        relative: 1e-6)
    }
    // ln 50! = 148.4777669517730, within Stirling's 1/(12·50).
    let loss = poissonNegativeLogLikelihood(
      logRates: Tensor(0, dtype: .float64), targets: Tensor(50), includesConstant: true)
    try expectClose(loss, 1 + 148.4777669517730 - 1 / 600, relative: 0, absolute: 1e-6)
  }

  @Test func `small variances count as the least one and keep a slope`() throws {
    let (value, slope) = valueWithGradient(at: Tensor([0], dtype: .float64)) {
      gaussianNegativeLogLikelihood(
        means: Tensor([3], dtype: .float64), variances: $0, targets: Tensor([1], dtype: .float64),
        minimumVariance: 0.5)
    }
    try expectClose(value, 0.5 * (-0.6931471805599453 + 4 / 0.5))
    try expectClose(slope, Tensor([0.5 * (1 / 0.5 - 4 / 0.25)], dtype: .float64))
  }

  // MARK: Errors

  @Test func `mistakes in options trap`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = softmaxCrossEntropy(
        logits: Tensor.zeros([2, 3]), labels: Tensor([0, 1] as [Int]),
        classWeights: Tensor.ones([2]))
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("softmaxCrossEntropy: class weights of shape [2] for 3 classes"))
    await #expect(processExitsWith: .failure) {
      _ = softmaxCrossEntropy(
        logits: Tensor.zeros([2, 3]), labels: Tensor([0, -1] as [Int]), ignoredLabel: -100)
    }
    await #expect(processExitsWith: .failure) {
      _ = softmaxCrossEntropy(
        logits: Tensor.zeros([2, 3]), labels: Tensor([0, 1] as [Int]), smoothing: 1.5)
    }
    await #expect(processExitsWith: .failure) {
      _ = binaryCrossEntropy(
        logits: Tensor.zeros([2, 3]), targets: Tensor.zeros([2, 3]), weights: Tensor.ones([4, 3]))
    }
    await #expect(processExitsWith: .failure) {
      _ = gaussianNegativeLogLikelihood(
        means: Tensor([1]), variances: Tensor([-1]), targets: Tensor([0]))
    }
  }
}
