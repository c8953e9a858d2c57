import Core

extension LossTests {
  static let classWeights = Tensor([0.5, 2, 1, 1.5, 0.25])
  static let pairs = Tensor([1, -1, -1, 1] as [Int])

  /// The input and the function of a reference that says more than the plain loss.
  static func exampleWithOptions(
    _ name: String, _ reduction: Reduction, dtype: DType
  ) -> (x: Tensor, loss: @Sendable (Tensor) -> Tensor) {
    let scores = wave(0.3, dtype: dtype)
    let (others, third) = (wave(1.1, dtype: dtype), wave(2.0, dtype: dtype))
    let (halves, targets) = (sigmoid(others), softmax(others))
    let weights = 0.1 + sigmoid(third)
    let counts = Tensor.range(0..<(rows * classes)).reshaped([rows, classes]) % Tensor(4)
    switch name {
    case "klDivergence(logTargets)":
      return (
        logSoftmax(scores),
        {
          klDivergence(
            logProbabilities: $0, logTargets: logSoftmax(others), reduction: reduction)
        }
      )
    case "smoothAbsoluteError":
      return (
        scores, { smoothAbsoluteError($0, others, threshold: 0.7, reduction: reduction) }
      )
    case "softmaxCrossEntropy(labels, weights)":
      return (
        scores,
        {
          softmaxCrossEntropy(
            logits: $0, labels: labels, classWeights: classWeights, reduction: reduction)
        }
      )
    case "softmaxCrossEntropy(labels, smoothing)":
      return (
        scores,
        { softmaxCrossEntropy(logits: $0, labels: labels, smoothing: 0.2, reduction: reduction) }
      )
    case "softmaxCrossEntropy(labels, ignored)":
      return (
        scores,
        { softmaxCrossEntropy(logits: $0, labels: labels, ignoredLabel: 0, reduction: reduction) }
      )
    case "softmaxCrossEntropy(labels, weights, smoothing, ignored)":
      return (
        scores,
        {
          softmaxCrossEntropy(
            logits: $0, labels: labels, classWeights: classWeights, smoothing: 0.3,
            ignoredLabel: 4, reduction: reduction)
        }
      )
    case "softmaxCrossEntropy(targets, weights, smoothing)":
      return (
        scores,
        {
          softmaxCrossEntropy(
            logits: $0, targets: targets, classWeights: classWeights, smoothing: 0.3,
            reduction: reduction)
        }
      )
    case "crossEntropy(labels, weights, ignored)":
      return (
        softmax(scores),
        {
          crossEntropy(
            probabilities: $0, labels: labels, classWeights: classWeights, ignoredLabel: 4,
            reduction: reduction)
        }
      )
    case "negativeLogLikelihood(weights, ignored)":
      return (
        logSoftmax(scores),
        {
          negativeLogLikelihood(
            logProbabilities: $0, labels: labels, classWeights: classWeights, ignoredLabel: 4,
            reduction: reduction)
        }
      )
    case "binaryCrossEntropy(logits, weights)":
      return (
        scores,
        {
          binaryCrossEntropy(
            logits: $0, targets: halves, weights: weights, positiveWeight: classWeights,
            reduction: reduction)
        }
      )
    case "binaryCrossEntropy(probabilities, weights)":
      return (
        sigmoid(scores),
        {
          binaryCrossEntropy(
            probabilities: $0, targets: halves, weights: weights, reduction: reduction)
        }
      )
    case "poisson(logRates)", "poisson(logRates, constant)":
      return (
        scores,
        {
          poissonNegativeLogLikelihood(
            logRates: $0, targets: counts, includesConstant: name.contains("constant"),
            reduction: reduction)
        }
      )
    case "poisson(rates)", "poisson(rates, constant)":
      return (
        exp(scores),
        {
          poissonNegativeLogLikelihood(
            rates: $0, targets: counts, includesConstant: name.contains("constant"),
            reduction: reduction)
        }
      )
    case "gaussian(means)", "gaussian(means, constant)":
      let hasConstant = name.contains("constant")
      return (
        scores,
        {
          gaussianNegativeLogLikelihood(
            means: $0, variances: hasConstant ? weights[0..., ..<1] : weights, targets: others,
            includesConstant: hasConstant, reduction: reduction)
        }
      )
    case "gaussian(variances)":
      return (
        weights,
        {
          gaussianNegativeLogLikelihood(
            means: scores, variances: $0, targets: others, minimumVariance: 0.01,
            reduction: reduction)
        }
      )
    case "focal(binary)":
      return (scores, { focal(logits: $0, targets: halves, reduction: reduction) })
    case "focal(binary, balance)":
      return (
        scores,
        {
          focal(
            logits: $0, targets: others .> 0, focus: 1.5, balance: 0.25, reduction: reduction)
        }
      )
    case "focal(labels)":
      return (scores, { focal(logits: $0, labels: labels, reduction: reduction) })
    case "focal(labels, weights, ignored)":
      return (
        scores,
        {
          focal(
            logits: $0, labels: labels, focus: 0.5, classWeights: classWeights, ignoredLabel: 4,
            reduction: reduction)
        }
      )
    default: return embeddingExample(name, reduction, dtype: dtype)
    }
  }

  /// The losses of embeddings and of sequences.
  static func embeddingExample(
    _ name: String, _ reduction: Reduction, dtype: DType
  ) -> (x: Tensor, loss: @Sendable (Tensor) -> Tensor) {
    let scores = wave(0.3, dtype: dtype)
    let (others, third) = (wave(1.1, dtype: dtype), wave(2.0, dtype: dtype))
    let index = Tensor.range(to: 90, dtype: .float64)
    let sequences = (2 * sin(1.7 * index + 0.3)).reshaped([6, 3, 5]).cast(to: dtype)
    switch name {
    case "cosineEmbedding":
      return (
        scores,
        { cosineEmbedding($0, others, targets: pairs, margin: -0.8, reduction: reduction) }
      )
    case "triplet":
      return (
        scores,
        {
          triplet(
            anchor: $0, positive: others, negative: third, margin: 0.5, reduction: reduction)
        }
      )
    case "triplet(order 1, swap)", "triplet(order 3)":
      let order: Double = name.contains("3") ? 3 : 1
      return (
        scores,
        {
          triplet(
            anchor: $0, positive: others, negative: third, margin: 2, order: order,
            swap: order == 1, reduction: reduction)
        }
      )
    case "contrastive":
      return (
        scores,
        { contrastive($0, others, targets: pairs .> 0, margin: 4, reduction: reduction) }
      )
    case "infoNCE":
      return (
        scores,
        { infoNCE(queries: $0, keys: others, temperature: 0.2, reduction: reduction) }
      )
    case "normalizedTemperatureCrossEntropy":
      return (
        scores,
        {
          normalizedTemperatureCrossEntropy($0, others, temperature: 0.4, reduction: reduction)
        }
      )
    case "ctc":
      return (
        sequences,
        {
          ctc(
            logProbabilities: logSoftmax($0),
            labels: Tensor([[1, 1, 3], [2, 4, 0], [3, 1, 4]] as [[Int]]),
            labelLengths: Tensor([3, 2, 3] as [Int]), reduction: reduction)
        }
      )
    case "ctc(lengths, blank)":
      return (
        sequences,
        {
          ctc(
            logProbabilities: logSoftmax($0),
            labels: Tensor([[1, 1, 3], [4, 4, 0], [3, 1, 4]] as [[Int]]),
            inputLengths: Tensor([6, 4, 5] as [Int]), labelLengths: Tensor([3, 1, 0] as [Int]),
            blank: 2, reduction: reduction)
        }
      )
    case "ctc(joined, zeroInfinity)":
      return (
        sequences,
        {
          ctc(
            logProbabilities: logSoftmax($0), labels: Tensor([1, 1, 3, 2, 4, 3, 1] as [Int]),
            inputLengths: Tensor([3, 6, 2] as [Int]), labelLengths: Tensor([3, 2, 2] as [Int]),
            zeroInfinity: true, reduction: reduction)
        }
      )
    default: fatalError("no loss \(name)")
    }
  }
}
