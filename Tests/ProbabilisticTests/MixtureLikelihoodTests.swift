import Core
import LayerTesting
import Testing

@testable import Probabilistic

/// Course document 002, exercise 3, question 2.
@Suite struct MixtureLikelihoodTests {
  static let layouts = [
    MixtureLayout(components: 1), MixtureLayout(components: 5),
    MixtureLayout(components: 3, targets: 2),
    MixtureLayout(components: 2, targets: 2, covariance: .full),
    MixtureLayout(components: 3, targets: 4, covariance: .full),
  ]

  /// Σ ln p(y), written as the question has it, for automatic differentiation.
  private func naive(_ outputs: Tensor, _ y: Tensor, _ count: Int) -> Tensor {
    let parts = outputs.split(count: 3, along: -1)
    let (a, mu, s) = (parts[0], parts[1], parts[2])
    let z = (y.expandingShape(at: -1) - mu) / exp(s)
    return logSumExp(logSoftmax(a) - 0.5 * (z * z) - s - halfLogTwoPi).sum()
  }

  @Test func `the three derivatives equal automatic ones in a thousand random cases`() {
    for (index, K) in [1, 2, 3, 5, 8].enumerated() {
      let outputs = normals([200, 3 * K], UInt64(index))
      let y = normals([200], UInt64(index) + 50, scale: 2)
      let (_, expected) = valueWithGradient(at: outputs) { naive($0, y, K) }
      let closed = MixtureDerivatives(outputs: outputs, targets: y)
      let joined = concatenated([closed.logits, closed.means, closed.logDeviations], along: -1)
      expectEqual(joined, expected, 1e-11, "closed form")
      expectEqual(
        closed.responsibilities.sum(along: -1), .ones([200], dtype: .float64), 1e-13, "sums of γ")
      let (loss, fused) = valueWithGradient(at: outputs) {
        mixtureNegativeLogLikelihood(
          $0, targets: y, layout: MixtureLayout(components: K), reduction: .sum)
      }
      expectEqual(fused, -expected, 1e-11, "fused")
      expectEqual(loss, -naive(outputs, y, K), 1e-12, "loss")
    }
  }

  @Test(arguments: layouts)
  func `losses and gradients are those of the mixture that the outputs stand for`(
    _ layout: MixtureLayout
  ) {
    let outputs = normals([37, layout.width], 3)
    let y = normals([37, layout.targets], 4)
    func slow(_ outputs: Tensor, _ y: Tensor) -> Tensor {
      -layout.vectorMixture(outputs).logDensity(y)
    }
    let losses = mixtureNegativeLogLikelihood(
      outputs, targets: y, layout: layout, reduction: .none)
    expectEqual(losses, slow(outputs, y), 1e-12, "losses")
    let weights = normals([37], 5)
    let (_, (a, b)) = valueWithGradient(at: outputs, y) { outputs, y in
      (weights
        * mixtureNegativeLogLikelihood(outputs, targets: y, layout: layout, reduction: .none)).sum()
    }
    let (_, (c, d)) = valueWithGradient(at: outputs, y) { (weights * slow($0, $1)).sum() }
    expectEqual(a, c, 1e-10, "gradient of the outputs")
    expectEqual(b, d, 1e-10, "gradient of the targets")
  }

  @Test(arguments: layouts)
  func `first and second derivatives are right`(_ layout: MixtureLayout) throws {
    let (outputs, y) = (normals([3, layout.width], 6), normals([3, layout.targets], 7))
    for reduction in Reduction.allCases {
      try checkGradients(
        of: {
          mixtureNegativeLogLikelihood(
            $0[0], targets: $0[1], layout: layout, reduction: reduction)
        }, at: [outputs, y], order: 2)
    }
  }

  @Test(arguments: [DType.float32, .float64])
  func `targets far from every component have finite losses and lead back`(_ dtype: DType) {
    let layout = MixtureLayout(components: 2)
    for (y, logDeviation) in [(1e4, 0.0), (1e6, -20), (-1e8, -60), (1e15, -500), (0, 90), (3, 800)]
    {
      let outputs = Tensor([[0.3, -0.2, -1, 2, logDeviation, logDeviation]], dtype: dtype)
      let targets = Tensor([y], dtype: dtype)
      let (loss, gradient) = valueWithGradient(at: outputs) {
        mixtureNegativeLogLikelihood($0, targets: targets, layout: layout)
      }
      #expect(loss.isFinite().all() && gradient.isFinite().all(), "\(y), \(logDeviation)")
      guard abs(y) > 100 else { continue }
      let slopes = gradient.scalars(as: Double.self)
      // Means are drawn towards the target, deviations up.
      #expect(slopes[2] * y <= 0 && slopes[3] * y <= 0 && slopes[2] + slopes[3] != 0)
      #expect(slopes[4] <= 0 && slopes[5] <= 0 && slopes[4] + slopes[5] < -1e3)
    }
    // Weights that differ by more than an exponential can hold.
    let outputs = Tensor([[-1e4, 1e4, 0, 5, 0, 0]], dtype: dtype)
    let loss = mixtureNegativeLogLikelihood(
      outputs, targets: Tensor([5.0], dtype: dtype), layout: layout)
    #expect(abs(loss.item() - 0.9189385332) < 1e-6)
  }

  @Test func `a least deviation bounds the density and keeps the slope`() {
    let layout = MixtureLayout(components: 1)
    let outputs = wide([0, 1, -9]).reshaped([1, 3])
    let (loss, gradient) = valueWithGradient(at: outputs) {
      mixtureNegativeLogLikelihood(
        $0, targets: wide([1]), layout: layout, minimumDeviation: 0.1)
    }
    expectEqual(loss, wide([halfLogTwoPi - 2.302585092994046]).reshaped([]), 1e-12, "loss")
    expectEqual(gradient, wide([0, 0, 1]).reshaped([1, 3]), 1e-12, "gradient")
  }

  @Test func `shapes of batches, empty ones too`() {
    let layout = MixtureLayout(components: 2)
    let outputs = normals([4, 3, 6], 8)
    let y = normals([4, 3], 9)
    let losses = mixtureNegativeLogLikelihood(
      outputs, targets: y, layout: layout, reduction: .none)
    #expect(losses.shape == [4, 3])
    let column = y.expandingShape(at: -1)
    let turned = outputs.transposed(0, 1)
    expectEqual(
      mixtureNegativeLogLikelihood(
        turned, targets: column.transposed(0, 1), layout: layout, reduction: .none),
      losses.transposed(0, 1), 0, "layouts")
    let empty = mixtureNegativeLogLikelihood(
      outputs[0..<0], targets: y[0..<0], layout: layout, reduction: .sum)
    #expect(empty.item() == 0)
  }

  @Test func `targets that are not finite are named`() async {
    let data = Tensor([[1, 2], [3, .nan]])
    #expect(throws: NonFiniteData(name: "targets", position: [1, 1], value: .nan)) {
      try checkFinite(data, named: "targets")
    }
    #expect(throws: Never.self) { try checkFinite(data[0], named: "targets") }
    #expect(
      NonFiniteData(name: "y", position: [2], value: .infinity).description.contains(
        "y: the value at [2] is inf"))
    await #expect(processExitsWith: .failure) {
      _ = mixtureNegativeLogLikelihood(
        Tensor.zeros([2, 3]), targets: Tensor([0, .infinity]), layout: MixtureLayout(components: 1))
    }
    await #expect(processExitsWith: .failure) {
      _ = mixtureNegativeLogLikelihood(
        Tensor.zeros([2, 4]), targets: Tensor([0, 1]), layout: MixtureLayout(components: 1))
    }
    await #expect(processExitsWith: .failure) {
      _ = mixtureNegativeLogLikelihood(
        Tensor.zeros([2, 3]), targets: Tensor([0]), layout: MixtureLayout(components: 1))
    }
  }

  @Test func `the head is a layer, and its components start apart`() throws {
    let head = withRandom(seed: 1) {
      MixtureDensityHead(4, components: 3, targets: 2, covariance: .full)
    }
    try verify(layer: head, at: normals([5, 4], 2).cast(to: .float32), order: 2)
    let starts = head.layout.split(head(Tensor.zeros([1, 4]))).means
    #expect(starts.shape == [1, 3, 2])
    expectEqual(
      starts[0, 0..., 0], Tensor([-0.9674215661, 0, 0.9674215661]), 1e-6, "quantiles 1/6, 1/2, 5/6")
    #expect(head.parameterCount == 4 * 18 + 18)
  }
}
