import Core

extension Operation {
  /// A loss of predictions and targets of one shape, under a random reduction.
  private static func loss(
    _ name: String, domain: Domain = .real,
    _ function: @escaping @Sendable (Tensor, Tensor, Reduction) -> Tensor
  ) -> Operation {
    Operation(name: name, domain: domain) { generator in
      let shape = Shape.random(rank: 1...3, isEmptyAllowed: false, using: &generator)
      let reduction = Reduction.allCases.randomElement(using: &generator)!
      return ([shape, shape], { function($0[0], $0[1], reduction) })
    }
  }

  /// A loss of rows of scores and the numbers of the right classes.
  private static func classification(
    _ name: String, _ function: @escaping @Sendable (Tensor, Tensor, Reduction) -> Tensor
  ) -> Operation {
    Operation(name: name, allowsTies: false) { generator in
      let classes = Int.random(in: 1...5, using: &generator)
      let batch = Shape.random(rank: 0...2, isEmptyAllowed: false, upTo: 6, using: &generator)
      let labels = Tensor.randomIntegers(batch, in: 0..<classes, using: &generator)
      let reduction = Reduction.allCases.randomElement(using: &generator)!
      return ([Shape(batch + [classes])], { function($0[0], labels, reduction) })
    }
  }

  static let losses: [Operation] = [
    .loss("meanSquaredError") { meanSquaredError($0, $1, reduction: $2) },
    .loss("meanAbsoluteError") { meanAbsoluteError($0, $1, reduction: $2) },
    .loss("huber") { huber($0, $1, threshold: 0.7, reduction: $2) },
    .loss("hinge") { hinge(scores: $0, targets: $1, reduction: $2) },
    .loss("maxMarginRanking") {
      maxMarginRanking(positive: $0, negative: $1, margin: 0.3, reduction: $2)
    },
    .loss("binaryCrossEntropy from logits") {
      binaryCrossEntropy(logits: $0, targets: sigmoid($1), reduction: $2)
    },
    .loss("binaryCrossEntropy from probabilities") {
      binaryCrossEntropy(probabilities: sigmoid($0), targets: sigmoid($1), reduction: $2)
    },
    .loss("softmaxCrossEntropy with targets") {
      softmaxCrossEntropy(logits: $0, targets: softmax($1), reduction: $2)
    },
    .loss("crossEntropy with targets") {
      crossEntropy(probabilities: softmax($0), targets: softmax($1), reduction: $2)
    },
    .loss("klDivergence") {
      klDivergence(logProbabilities: logSoftmax($0), targets: softmax($1), reduction: $2)
    },
    .classification("softmaxCrossEntropy") {
      softmaxCrossEntropy(logits: $0, labels: $1, reduction: $2)
    },
    .classification("crossEntropy") {
      crossEntropy(probabilities: softmax($0), labels: $1, reduction: $2)
    },
    .classification("negativeLogLikelihood") {
      negativeLogLikelihood(logProbabilities: square($0), labels: $1, reduction: $2)
    },
    .loss("smoothAbsoluteError") { smoothAbsoluteError($0, $1, threshold: 0.7, reduction: $2) },
    .loss("binaryCrossEntropy from logits, weighted") {
      binaryCrossEntropy(
        logits: $0, targets: sigmoid($1), weights: Tensor(0.7), positiveWeight: Tensor(3),
        reduction: $2)
    },
    .loss("softmaxCrossEntropy with targets, smoothed") {
      softmaxCrossEntropy(logits: $0, targets: softmax($1), smoothing: 0.2, reduction: $2)
    },
    .loss("klDivergence from log-targets") {
      klDivergence(logProbabilities: logSoftmax($0), logTargets: logSoftmax($1), reduction: $2)
    },
    .loss("poissonNegativeLogLikelihood from logarithms") {
      poissonNegativeLogLikelihood(
        logRates: $0, targets: square($1) + 1.5, includesConstant: true, reduction: $2)
    },
    .loss("poissonNegativeLogLikelihood", domain: .positive) {
      poissonNegativeLogLikelihood(
        rates: $0, targets: square($1) + 1.5, includesConstant: true, reduction: $2)
    },
    .loss("gaussianNegativeLogLikelihood of means") {
      gaussianNegativeLogLikelihood(
        means: $0, variances: Tensor(0.7), targets: $1, includesConstant: true, reduction: $2)
    },
    .loss("gaussianNegativeLogLikelihood of variances", domain: .positive) {
      gaussianNegativeLogLikelihood(
        means: $0 - 1, variances: $1, targets: square($0), reduction: $2)
    },
    .loss("focal") {
      focal(logits: $0, targets: sigmoid($1), focus: 1.5, balance: 0.25, reduction: $2)
    },
    .loss("cosineSimilarity", domain: .awayFromZero) { x, y, _ in cosineSimilarity(x, y) },
    .loss("triplet") {
      triplet(anchor: $0, positive: $1, negative: square($1) - 2, margin: 3, reduction: $2)
    },
    .classification("softmaxCrossEntropy, smoothed") {
      softmaxCrossEntropy(logits: $0, labels: $1, smoothing: 0.2, reduction: $2)
    },
    .classification("softmaxCrossEntropy, weighted and ignoring") { x, labels, reduction in
      let classes = x.shape[x.rank - 1]
      return softmaxCrossEntropy(
        logits: x, labels: select(labels .== 1, Tensor(-100, dtype: labels.dtype), labels),
        classWeights: Tensor.range(from: 1, to: Double(classes + 1)), smoothing: 0.1,
        ignoredLabel: -100, reduction: reduction == .mean ? .sum : reduction)
    },
    .classification("focal of labels") {
      focal(logits: $0, labels: $1, focus: 2, reduction: $2)
    },
    .classification("multiclassHinge") { multiclassHinge(scores: $0, labels: $1, reduction: $2) },
  ]

  static let sorting: [Operation] = [false, true].flatMap { isDescending in
    [
      Operation(name: "sorted, descending \(isDescending)", allowsTies: false) { generator in
        let shape = Shape.random(rank: 1...3, using: &generator)
        let axis = shape.randomAxis(using: &generator)
        return ([shape], { square($0[0].sorted(along: axis, descending: isDescending)) })
      },
      Operation(name: "topK, largest \(isDescending)", allowsTies: false) { generator in
        let shape = Shape.random(rank: 1...3, using: &generator)
        let axis = shape.randomAxis(using: &generator)
        let k = Int.random(in: 0...shape[axis], using: &generator)
        return ([shape], { square($0[0].topK(k, along: axis, largest: isDescending).values) })
      },
    ]
  }

  static let contractions: [Operation] = [
    ("ij,jk->ik", [[2, 3], [3, 4]]), ("bij,bjk,bk->bi", [[2, 2, 3], [2, 3, 2], [2, 2]]),
    ("ii->i", [[3, 3]]), ("ii", [[3, 3]]), ("ij->ji", [[2, 3]]), ("i,j->ij", [[2], [3]]),
    ("ij->", [[2, 3]]), ("iij,j->i", [[2, 2, 3], [3]]), ("...i,...i->...", [[2, 1, 3], [4, 3]]),
  ].map { (equation: String, shapes: [Shape]) in
    Operation(name: "einsum \(equation)") { _ in
      (shapes, { operands in square(einsum(equation, operands)) })
    }
  }
}
