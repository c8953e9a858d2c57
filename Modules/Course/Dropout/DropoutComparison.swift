import Core
import Foundation

/// The expected loss by the formula, over all masks and over drawn ones, for a range of p.
struct DropoutComparison {
  let isInverted: Bool
  let probabilities: [Double]
  /// At each p, with the w that is best at p = ½.
  private(set) var ridge: [Double] = [], enumerated: [Double] = [], sampled: [Double] = []
  private(set) var errors: [Double] = []
  /// ‖w‖ of the w of least loss at each p.
  private(set) var enumeratedBestLengths: [Double] = []
  /// What means of only ``few`` drawn masks are like, at many p.
  let cloud: (x: [Double], y: [Double])
  static let few = 50
  /// The formula between the probabilities.
  let fine: [Double] = (4...196).map { Double($0) / 200 }
  let ridgeCurve: [Double]
  let bestLengths: [Double]
  /// The largest relative difference between all masks and the formula, of losses and best weights.
  private(set) var worst = 0.0

  init(
    _ problem: DropoutProblem, isInverted: Bool, keeping probabilities: [Double], samples: Int
  ) {
    self.isInverted = isInverted
    self.probabilities = probabilities
    func ridgeBest(_ p: Double) -> Tensor {
      problem.minimum { problem.ridgeLoss($0, keeping: p, isInverted: isInverted) }
    }
    let w = ridgeBest(0.5)
    ridgeCurve = fine.map { problem.ridgeLoss(w, keeping: $0, isInverted: isInverted).item() }
    bestLengths = fine.map { ridgeBest($0).norm().item() }
    let many = (2...49).map { Double($0) / 50 }
    cloud = (
      many,
      many.map {
        problem.sampledLoss(w, keeping: $0, isInverted: isInverted, samples: Self.few).mean
      }
    )
    for p in probabilities {
      let exact = problem.enumeratedLoss(w, keeping: p, isInverted: isInverted).item()
      let formula = problem.ridgeLoss(w, keeping: p, isInverted: isInverted).item()
      let drawn = problem.sampledLoss(w, keeping: p, isInverted: isInverted, samples: samples)
      let best = problem.minimum {
        problem.enumeratedLoss($0, keeping: p, isInverted: isInverted)
      }
      let ridgeWeights = ridgeBest(p)
      ridge.append(formula)
      enumerated.append(exact)
      sampled.append(drawn.mean)
      errors.append(drawn.error)
      enumeratedBestLengths.append(best.norm().item())
      worst = max(
        worst, abs(exact - formula) / exact,
        (best - ridgeWeights).norm().item() / ridgeWeights.norm().item())
    }
  }

  /// By how many standard errors drawn masks miss the formula at worst.
  var worstScore: Double {
    probabilities.indices.map { abs(sampled[$0] - ridge[$0]) / errors[$0] }.max() ?? 0
  }

  var title: String {
    isInverted ? "E ‖y − (X ⊙ R / p) w‖²" : "E ‖y − (X ⊙ R) w‖²"
  }

  /// A table.
  var text: String {
    var text =
      (isInverted
        ? "inverted mask: ‖y − X w‖² + (1 − p)/p ‖Γ w‖²\n"
        : "unscaled mask: ‖y − p X w‖² + p (1 − p) ‖Γ w‖²\n")
      + "    p       ridge   all masks       drawn\n"
    for (index, p) in probabilities.enumerated() {
      text += "  " + fixed(p, 1)
      for value in [ridge[index], enumerated[index], sampled[index]] {
        text += fixed(value, 6).padded(to: 12)
      }
      text += " ± \(fixed(errors[index], 6))\n"
    }
    return text
  }

  /// Values at some p, each drawn as a point.
  static func points(
    named name: String, _ x: [Double], _ y: [Double], _ color: String
  ) -> LineChart.Series {
    // A number between gaps is drawn as a point.
    LineChart.Series(
      name: name, x: x.flatMap { [$0, $0] }, y: y.flatMap { [$0, .nan] }, color: color)
  }
}
