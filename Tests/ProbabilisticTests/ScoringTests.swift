import Core
import LayerTesting
import Testing

@testable import Probabilistic

@Suite struct ScoringTests {
  static let mixture = Mixture(
    weights: Categorical(logits: normals([2, 3], 1)),
    components: Normal(mean: normals([2, 3], 2, scale: 2), deviation: exp(normals([2, 3], 3))))

  @Test func `the ranked probability score is its integral`() {
    for y in [0.7, -3] {
      let below = integral(from: -60, to: y, points: 20_001) { t in
        square(Self.mixture.cumulative(t.expandingShape(at: -1)))
      }
      let above = integral(from: y, to: 60, points: 20_001) { t in
        square(1 - Self.mixture.cumulative(t.expandingShape(at: -1)))
      }
      let score = continuousRankedProbabilityScore(Self.mixture, targets: wide([y, y]))
      expectEqual(score, below + above, 1e-9, "CRPS")
    }
  }

  @Test func `of one component it is that of a normal distribution`() {
    let normal = Normal(mean: wide([1, 2]), deviation: wide([0.5, 3]))
    let mixture = Mixture(
      weights: Categorical(logits: Tensor.zeros([2, 1], dtype: .float64)),
      components: Normal(
        mean: normal.mean.expandingShape(at: -1), deviation: normal.deviation.expandingShape(at: -1)
      ))
    let y = normals([5, 2], 4)
    let (a, b) = (
      continuousRankedProbabilityScore(mixture, targets: y),
      continuousRankedProbabilityScore(normal, targets: y)
    )
    expectEqual(a, b, 1e-13, "CRPS")
    let z = (y - normal.mean) / normal.deviation
    let formula =
      normal.deviation
      * (z * (2 * normal.cumulative(y) - 1) + 2 * normalDensity(z) - 1 / Double.pi.squareRoot())
    expectEqual(b, formula, 1e-13, "Gneiting's formula")
  }

  @Test func `it can be trained on`() throws {
    try checkGradients(
      of: { x in
        continuousRankedProbabilityScore(
          Mixture(
            weights: Categorical(logits: x[0]), components: Normal(mean: x[1], deviation: exp(x[2]))
          ),
          targets: x[3])
      }, at: [normals([2, 3], 5), normals([2, 3], 6), normals([2, 3], 7), normals([2], 8)], order: 2
    )
  }

  @Test func `no forecast scores better than the truth`() {
    var generator = RandomGenerator(seed: 9)
    let truth = Normal(mean: wide([0.5]), deviation: wide([2]))
    let y = truth.sample([4000], using: &generator)
    func scores(_ mean: Double, _ deviation: Double) -> (Double, Double) {
      let forecast = Normal(mean: wide([mean]), deviation: wide([deviation]))
      return (
        logScore(forecast, targets: y).mean().item(),
        continuousRankedProbabilityScore(forecast, targets: y).mean().item()
      )
    }
    let best = scores(0.5, 2)
    for other in [scores(1.2, 2), scores(0.5, 1.2), scores(0.5, 3.4)] {
      #expect(best.0 < other.0 && best.1 < other.1)
    }
  }

  @Test func `transforms are uniform exactly when the forecast is calibrated`() {
    var generator = RandomGenerator(seed: 10)
    let y = Self.mixture.sample([5000], using: &generator)
    let histogram = PITHistogram(Self.mixture, targets: y, bins: 20)
    #expect(histogram.total == 10_000 && histogram.counts.count == 20)
    #expect(histogram.chiSquare < 45 && histogram.deviation < 0.06)
    let narrow = PITHistogram(
      Mixture(
        weights: Self.mixture.weights,
        components: Normal(
          mean: Self.mixture.components.mean, deviation: 0.5 * Self.mixture.components.deviation)),
      targets: y, bins: 20)
    #expect(narrow.chiSquare > 500)
    #expect(narrow.shares[0] > 0.06 && narrow.shares[19] > 0.06)
    let edges = PITHistogram(transforms: [0, 0.24, 0.25, 0.99, 1], bins: 4)
    #expect(edges.counts == [2, 1, 0, 2] && edges.description == "█▅▁█")
  }
}
