import Core
import LayerTesting
import Normalization
import Testing

/// Course document 004, questions 3.1 and 3.2.
@Suite struct StatisticsQuestionTests {
  /// [batch, channel, feature]
  static let x = Tensor(
    [
      [[4, 3, 2], [1, 4, 3]], [[3, 4, 1], [4, 2, 2]],
      [[3, 2, 3], [4, 1, 2]], [[1, 1, 3], [4, 1, 2]],
    ], dtype: .float64)

  struct Worked: Sendable, CustomStringConvertible {
    let description: String
    let axes: [Int]
    let mean, variance: Tensor
    let layer: @Sendable (Tensor) -> Tensor
  }

  static func column(_ fractions: [Double], over denominator: Double, _ shape: Shape) -> Tensor {
    (Tensor(fractions, dtype: .float64) / denominator).reshaped(shape)
  }

  /// By hand: sums and sums of squares over the slices, as fractions.
  static let worked = [
    Worked(
      description: "batch", axes: [0, 2],
      mean: column([30, 30], over: 12, [1, 2, 1]),
      variance: column([13, 17], over: 12, [1, 2, 1]),
      layer: { x in
        let layer = BatchNormalization(2, isAffine: false)
        layer.convert(to: .float64)
        return inMode(.training) { layer(x) }
      }),
    Worked(
      description: "layer", axes: [1, 2],
      mean: column([17, 16, 15, 12], over: 6, [4, 1, 1]),
      variance: column([41, 44, 33, 48], over: 36, [4, 1, 1]),
      layer: { LayerNormalization([2, 3], isAffine: false)($0) }),
    Worked(
      description: "instance", axes: [2],
      mean: column([9, 8, 8, 8, 8, 7, 5, 7], over: 3, [4, 2, 1]),
      variance: column([6, 14, 14, 8, 2, 14, 8, 14], over: 9, [4, 2, 1]),
      layer: { InstanceNormalization(2)($0) }),
  ]

  @Test(arguments: worked)
  func `3.1: the means and variances of the worked tensor`(_ c: Worked) throws {
    try expectClose(Self.x.mean(along: c.axes, keepingAxes: true), c.mean)
    try expectClose(Self.x.variance(along: c.axes, keepingAxes: true), c.variance)
  }

  @Test(arguments: worked)
  func `3.1: the layers normalise with them`(_ c: Worked) throws {
    try expectClose(c.layer(Self.x), (Self.x - c.mean) / sqrt(c.variance + 1e-5))
  }

  /// One feature of two sentences, 2 4 6 and 4, padded with zeros to `length`: [2, 1, length].
  func padded(to length: Int) -> Tensor {
    let sentences: [[Double]] = [[2, 4, 6], [4]]
    let rows = sentences.map { $0 + [Double](repeating: 0, count: length - $0.count) }
    return Tensor(rows.flatMap(\.self), dtype: .float64).reshaped([2, 1, length])
  }

  @Test func `3.2: padding moves the statistics of batch normalisation, and so every word`()
    throws
  {
    // Without padding the mean of the four words is 4 and their variance 2.
    // With it, of n elements the mean is 16 / n and the mean square 72 / n.
    for length in [3, 6, 30] {
      let layer = BatchNormalization(1, epsilon: 0, averaging: .cumulative, isAffine: false)
      layer.convert(to: .float64)
      let y = inMode(.training) { layer(padded(to: length)) }
      let n = Double(2 * length)
      let (mean, variance) = (16 / n, 72 / n - (16 / n) * (16 / n))
      try expectClose(y[1, 0, 0], (4 - mean) / variance.squareRoot())
      // The average word, which should become 0, is pushed up by every position of padding.
      #expect(y[1, 0, 0].item() > 0.6)
      // And so are the statistics that inference will use on sentences that have no padding.
      try expectClose(layer.runningMean!.value[0], mean)
    }
  }

  @Test func `3.2: the other sentences of the batch change a sentence's values`() {
    let layer = BatchNormalization(1)
    let sentence = Tensor([[[1, 2, 3]]])
    let (short, long) = (Tensor([[[5, 0, 0]]]), Tensor([[[5, 6, 7]]]))
    let (a, b) = inMode(.training) {
      (layer(concatenated([sentence, short]))[0], layer(concatenated([sentence, long]))[0])
    }
    #expect(abs(a - b).maximum().item() > 0.3)
  }

  @Test func `3.2: layer normalisation sees each word alone`() {
    withRandom(seed: 1) {
      let words = normal([1, 3, 8])  // [batch, time, feature]
      let layer = LayerNormalization(8)
      let alone = layer(words)
      let padding = words.padded([(0, 2), (0, 5), (0, 0)])
      #expect(layer(padding)[0, 0..<3] == alone[0])
    }
  }
}
