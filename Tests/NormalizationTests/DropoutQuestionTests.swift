import Core
import LayerTesting
import Normalization
import Testing

/// Course document 004, question 3.3.
@Suite struct DropoutQuestionTests {
  static let (examples, features) = (3, 2)

  struct Problem {
    let inputs, targets, weights: Tensor

    init() {
      (inputs, targets, weights) = withRandom(seed: 3) {
        (
          normal([examples, features], dtype: .float64), normal([examples], dtype: .float64),
          normal([features], dtype: .float64)
        )
      }
    }

    /// ‖y − (X ⊙ R / divisor) w‖²
    func loss(_ mask: Tensor, _ weights: Tensor, dividedBy divisor: Double) -> Tensor {
      square(targets - matmul(inputs * mask / divisor, weights)).sum()
    }

    /// The sum over all masks of their probability times their loss.
    func enumerated(_ weights: Tensor, keeping p: Double, isInverted: Bool) -> Tensor {
      let count = examples * features
      var expectation = Tensor.zeros([], dtype: .float64)
      for bits in 0..<(1 << count) {
        let kept = (0..<count).map { Double(bits >> $0 & 1) }
        let mask = Tensor(kept, dtype: .float64).reshaped([examples, features])
        let probability = kept.reduce(1) { $0 * ($1 == 1 ? p : 1 - p) }
        expectation =
          expectation + probability * loss(mask, weights, dividedBy: isInverted ? p : 1)
      }
      return expectation
    }
  }

  @Test(arguments: [0.2, 0.5, 0.9, 1], [false, true])
  func `the expected loss is that of ridge regression, over all masks`(
    _ p: Double, _ isInverted: Bool
  ) throws {
    let problem = Problem()
    let (exact, ofExact) = valueWithGradient(at: problem.weights) {
      problem.enumerated($0, keeping: p, isInverted: isInverted)
    }
    let (ridge, ofRidge) = valueWithGradient(at: problem.weights) {
      expectedDropoutLoss(
        inputs: problem.inputs, targets: problem.targets, weights: $0, keeping: p,
        isInverted: isInverted)
    }
    try expectClose(ridge, exact)
    try expectClose(ofRidge, ofExact)
    // In the question's own words: Γ = diag(XᵀX)^½.
    let gamma = sqrt(matmul(problem.inputs.transposed(), problem.inputs).diagonal())
    let (slope, factor) = isInverted ? (1, (1 - p) / p) : (p, p * (1 - p))
    let prediction = matmul(problem.inputs, problem.weights)
    try expectClose(
      exact,
      square(problem.targets - slope * prediction).sum()
        + factor * square(gamma * problem.weights).sum())
  }

  @Test(arguments: [0.3, 0.8], [false, true])
  func `the layer's masks have that loss on average`(_ p: Double, _ isInverted: Bool) {
    let problem = Problem()
    let count = 40_000
    let many = problem.inputs.broadcast(to: [count, Self.examples, Self.features])
    let dropped = withRandom(seed: 5) { inMode(.training) { Dropout(1 - p)(many) } }
    let masked = isInverted ? dropped : p * dropped
    let losses = square(problem.targets - matmul(masked, problem.weights)).sum(along: 1)
    let expected = expectedDropoutLoss(
      inputs: problem.inputs, targets: problem.targets, weights: problem.weights, keeping: p,
      isInverted: isInverted
    ).item()
    let error = (losses.variance().item() / Double(count)).squareRoot()
    #expect(abs(losses.mean().item() - expected) < 4 * error)
    // Tight enough to tell the two factors apart.
    let other = expectedDropoutLoss(
      inputs: problem.inputs, targets: problem.targets, weights: problem.weights, keeping: p,
      isInverted: !isInverted
    ).item()
    #expect(abs(losses.mean().item() - other) > 4 * error)
  }
}
