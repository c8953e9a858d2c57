import Core
import Foundation
import Optim

/// A run of gradient descent on a least-squares problem with many solutions.
struct DescentRecord {
  /// Where it ended.
  let weights: Tensor
  /// The steps that were recorded: about a hundred, ever further apart.
  private(set) var steps: [Double] = []
  /// The distance to where the theory says it ends.
  private(set) var errors: [Double] = []
  private(set) var lengths: [Double] = []
  /// How much of the way from the start was, at the most, outside the span of the rows.
  private(set) var greatestStray = 0.0

  init(_ problem: MinimumNorm, from start: Tensor, steps count: Int) {
    let limit = problem.descentLimit(from: start)
    let projection = matmul(pseudoInverse(problem.inputs), problem.inputs)
    let ratio = pow(Double(max(count, 2)), 1 / 100)
    var next = 1.0
    var (steps, errors, lengths, stray) = ([Double](), [Double](), [Double](), 0.0)
    weights = problem.descend(from: start, steps: count) { step, weights in
      guard Double(step) >= next || step == count else { return }
      next = max(next * ratio, Double(step + 1))
      steps.append(log10(Double(step)))
      errors.append((weights - limit).norm().item())
      lengths.append(weights.norm().item())
      let moved = weights - start
      stray = max(stray, (moved - matmul(projection, moved)).norm().item())
    }
    (self.steps, self.errors, self.lengths, greatestStray) = (steps, errors, lengths, stray)
  }

  /// The picture of two runs.
  static func chart(
    _ fromZero: DescentRecord, _ fromStart: DescentRecord, shortest: Double, subtitle: String
  ) -> String {
    func series(_ values: (DescentRecord) -> [Double]) -> [LineChart.Series] {
      [
        .init(name: "from 0", x: fromZero.steps, y: values(fromZero)),
        .init(name: "from a random w₀", x: fromStart.steps, y: values(fromStart)),
      ]
    }
    let ends = [fromZero.steps.first ?? 0, fromZero.steps.last ?? 1]
    let line = LineChart.Series(
      name: "‖X⁺y‖", x: ends, y: [shortest, shortest], color: Palette.axis)
    return LineChart(
      title: "Descent where many solutions fit", subtitle: subtitle,
      xTitle: "log₁₀ of the step",
      panels: [
        .init(
          title: "Distance to w₀ + X⁺(y − X w₀)", series: series(\.errors), isLogarithmic: true),
        .init(title: "Length ‖w‖", series: series(\.lengths) + [line]),
      ], isWholeX: false
    ).svg()
  }
}
