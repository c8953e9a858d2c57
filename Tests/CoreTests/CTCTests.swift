import Core
import LayerTesting
import Testing

@Suite struct CTCTests {
  /// −ln of the sum over all ways to write one class a step, found by trying each.
  static func enumerated(_ probabilities: [[Double]], _ labels: [Int], blank: Int) -> Double {
    let classes = probabilities.first?.count ?? 0
    var total = 0.0
    func visit(_ step: Int, _ path: [Int], _ probability: Double) {
      guard step < probabilities.count else {
        var merged: [Int] = []
        for (position, label) in path.enumerated()
        where position == 0 || path[position - 1] != label {
          merged.append(label)
        }
        if merged.filter({ $0 != blank }) == labels { total += probability }
        return
      }
      for label in 0..<classes {
        visit(step + 1, path + [label], probability * probabilities[step][label])
      }
    }
    visit(0, [], 1)
    return -_log(total)
  }

  private static func _log(_ x: Double) -> Double { log(Tensor(x, dtype: .float64)).item() }

  @Test func `the loss is that of all alignments, one by one`() throws {
    var generator = RandomGenerator(seed: 11)
    for _ in 0..<60 {
      let steps = Int.random(in: 0...5, using: &generator)
      let classes = Int.random(in: 2...4, using: &generator)
      let blank = Int.random(in: 0..<classes, using: &generator)
      let labels = (0..<Int.random(in: 0...3, using: &generator)).map { _ in
        (blank + Int.random(in: 1..<classes, using: &generator)) % classes
      }
      let x = logSoftmax(Tensor.randomNormal([steps, classes], dtype: .float64, using: &generator))
      let p = (0..<steps).map { exp(x[$0]).scalars(as: Double.self) }
      let expected = Self.enumerated(p, labels, blank: blank)
      for (dtype, tolerance) in [(DType.float64, 1e-12), (.float32, 1e-5)] {
        let loss = ctc(
          logProbabilities: x.cast(to: dtype), labels: Tensor(labels), blank: blank,
          reduction: .none)
        #expect(loss.shape == [] && loss.dtype == dtype)
        try expectClose(
          loss, expected, relative: tolerance, absolute: tolerance,
          "\(steps) steps, labels \(labels), blank \(blank)")
      }
    }
  }

  @Test func `the gradient is minus the posterior, which sums to one at every step`() throws {
    var generator = RandomGenerator(seed: 2)
    let x = logSoftmax(Tensor.randomNormal([7, 2, 4], dtype: .float64, using: &generator))
    let gradient = gradient(at: x) {
      ctc(
        logProbabilities: $0, labels: Tensor([[1, 2, 2], [3, 0, 0]] as [[Int]]),
        inputLengths: Tensor([7, 5] as [Int]), labelLengths: Tensor([3, 1] as [Int]),
        reduction: .sum)
    }
    let sums = Tensor.ones([7, 2], dtype: .float64).scalars(as: Double.self).enumerated().map {
      $0.offset % 2 == 1 && $0.offset / 2 >= 5 ? 0 : -$0.element
    }
    try expectClose(gradient.sum(along: -1), Tensor(scalars: sums, shape: [7, 2]))
  }

  @Test func `first and second derivatives agree with finite differences`() throws {
    var generator = RandomGenerator(seed: 5)
    let x = Tensor.randomNormal([5, 3, 3], dtype: .float64, using: &generator)
    for reduction in Reduction.allCases {
      // Free log-probabilities, not only those of a softmax.
      try checkGradients(
        of: {
          square(
            ctc(
              logProbabilities: $0, labels: Tensor([[1, 1], [2, 0], [2, 1]] as [[Int]]),
              inputLengths: Tensor([5, 3, 0] as [Int]), labelLengths: Tensor([2, 1, 0] as [Int]),
              reduction: reduction))
        }, at: x, order: 2, relative: 1e-5)
    }
  }

  @Test func `sequences without an alignment are infinite, or nothing if so asked`() throws {
    let x = logSoftmax(Tensor.zeros([2, 2, 3], dtype: .float64))
    // The repeated label needs a blank between, so three steps.
    let labels = Tensor([[1, 1], [1, 2]] as [[Int]])
    let plain = valueWithGradient(at: x) {
      ctc(logProbabilities: $0, labels: labels, reduction: .sum)
    }
    #expect(plain.value.item() == .infinity)
    let (each, gradient) = (
      ctc(logProbabilities: x, labels: labels, zeroInfinity: true, reduction: .none),
      Core.gradient(at: x) {
        ctc(logProbabilities: $0, labels: labels, zeroInfinity: true, reduction: .sum)
      }
    )
    #expect(each[0].item() == 0 && each[1].item().isFinite)
    #expect(gradient[0..., 0].sum().item() == 0)
    try expectClose(gradient[0..., 1].sum(), -2)
    try expectClose(plain.gradient, gradient)
  }

  @Test func `extreme log-probabilities keep their losses`() throws {
    for dtype in [DType.float32, .float64] {
      // One path of probability 1, and one class that cannot be.
      let x = Tensor([[-10_000, 0, -.infinity], [0, -10_000, -.infinity]]).cast(to: dtype)
      let sure = valueWithGradient(at: x) {
        ctc(logProbabilities: $0, labels: Tensor([1] as [Int]), reduction: .sum)
      }
      #expect(sure.value.item() == 0)
      try expectClose(sure.gradient, Tensor([[0, -1, 0], [-1, 0, 0]]))
      let unlikely = ctc(logProbabilities: x, labels: Tensor([] as [Int]), reduction: .sum)
      #expect(unlikely.item() == 10_000)
      #expect(
        ctc(logProbabilities: x, labels: Tensor([2] as [Int]), reduction: .sum).item() == .infinity)
    }
  }

  @Test func `long sequences in float32 agree with float64`() throws {
    var generator = RandomGenerator(seed: 8)
    let x = logSoftmax(3 * Tensor.randomNormal([300, 2, 40], using: &generator))
    let labels = Tensor.randomIntegers([2, 50], in: 1..<40, using: &generator)
    let single = valueWithGradient(at: x) { ctc(logProbabilities: $0, labels: labels) }
    let double = valueWithGradient(at: x.cast(to: .float64)) {
      ctc(logProbabilities: $0, labels: labels)
    }
    try expectClose(single.value, double.value, relative: 1e-6)
    try expectClose(single.gradient, double.gradient, relative: 1e-3, absolute: 1e-7)
  }

  @Test func `a batch is its sequences, in either form of labels and any layout`() throws {
    var generator = RandomGenerator(seed: 3)
    let x = logSoftmax(Tensor.randomNormal([6, 2, 4], dtype: .float64, using: &generator))
    let view = x.permuted([2, 1, 0]).contiguous().permuted([2, 1, 0])
    let lengths = Tensor([3, 1] as [Int])
    let padded = Tensor([[1, 2, 1], [3, 9, -7]] as [[Int]])
    let each = ctc(
      logProbabilities: view, labels: padded, labelLengths: lengths, reduction: .none)
    let joined = ctc(
      logProbabilities: x, labels: Tensor(scalars: [1, 2, 1, 3] as [Int32], shape: [4]),
      labelLengths: lengths, reduction: .none)
    try expectClose(each, joined)
    let first = ctc(
      logProbabilities: x[0..., 0], labels: Tensor([1, 2, 1] as [Int]), reduction: .none)
    try expectClose(each[0], first)
    // Each loss over its number of labels.
    try expectClose(
      ctc(logProbabilities: x, labels: padded, labelLengths: lengths),
      (each[0].item() / 3 + each[1].item()) / 2)
  }

  @Test func `an empty batch has an empty sum`() {
    let x = Tensor.zeros([4, 0, 3])
    let (value, gradient) = valueWithGradient(at: x) {
      ctc(
        logProbabilities: $0, labels: Tensor.zeros([0, 2], dtype: .int64), reduction: .sum)
    }
    #expect(value.item() == 0 && gradient.shape == [4, 0, 3])
  }

  @Test func `wrong labels and lengths trap`() async {
    await #expect(processExitsWith: .failure) {
      _ = ctc(logProbabilities: Tensor.zeros([4, 1, 3]), labels: Tensor([[1, 0]] as [[Int]]))
    }
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = ctc(
        logProbabilities: Tensor.zeros([4, 1, 3]), labels: Tensor([[1, 2]] as [[Int]]),
        inputLengths: Tensor([5] as [Int]))
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("ctc: inputLengths of sequence 0 is 5, not within 0...4"))
    await #expect(processExitsWith: .failure) {
      _ = ctc(logProbabilities: Tensor.zeros([4, 2, 3]), labels: Tensor([1, 2] as [Int]))
    }
  }
}
