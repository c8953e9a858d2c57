import Core
import Datasets
import Foundation
import Normalization

/// A small linear regression with dropout on its inputs, of which every mask can be tried.
struct DropoutProblem {
  /// X, [example, feature], in `float64`.
  let inputs: Tensor
  /// y, [example]
  let targets: Tensor
  /// Every mask there is, [mask, example, feature].
  private let masks: Tensor
  /// How many elements each mask keeps.
  private let kept: [Int]

  var count: Int { inputs.count }

  /// Some digits: the pixels that differ most among them are the features, tenths of their values
  /// the targets.
  init(examples: Int, features: Int, seed: UInt64) throws(DataError) {
    let digits = try Digits(seed: seed).training[0..<examples]
    let pixels = digits.inputs.cast(to: .float64)
    let spread = pixels.variance(along: 0).scalars(as: Double.self)
    let chosen = spread.indices.sorted { (spread[$0], $1) > (spread[$1], $0) }.prefix(features)
    inputs = pixels.gathered(at: Tensor(scalars: Array(chosen), shape: [features]), along: 1)
    targets = digits.labels.cast(to: .float64) / 10
    let count = examples * features
    let numbers = 0..<(1 << count)
    masks = Tensor(
      scalars: numbers.flatMap { mask in (0..<count).map { Double(mask >> $0 & 1) } },
      shape: [numbers.count, examples, features])
    kept = numbers.map(\.nonzeroBitCount)
  }

  /// Σ P(R) ‖y − (X ⊙ R) w‖² over all masks R, with R / p in place of R if inverted.
  func enumeratedLoss(_ weights: Tensor, keeping p: Double, isInverted: Bool) -> Tensor {
    let probabilities = kept.map { pow(p, Double($0)) * pow(1 - p, Double(count - $0)) }
    let scale = isInverted ? 1 / p : 1
    let outputs = matmul(inputs * masks * scale, weights)  // [mask, example]
    let losses = square(targets - outputs).sum(along: 1)
    return (losses * Tensor(scalars: probabilities, shape: [kept.count])).sum()
  }

  /// ‖y − p X w‖² + p (1 − p) ‖Γ w‖², or what it is with inverted dropout.
  func ridgeLoss(_ weights: Tensor, keeping p: Double, isInverted: Bool) -> Tensor {
    expectedDropoutLoss(
      inputs: inputs, targets: targets, weights: weights, keeping: p, isInverted: isInverted)
  }

  /// The mean loss under masks that the layer draws, and its standard error.
  func sampledLoss(
    _ weights: Tensor, keeping p: Double, isInverted: Bool, samples: Int
  ) -> (mean: Double, error: Double) {
    let many = inputs.broadcast(to: [samples, inputs.shape[0], inputs.shape[1]])
    // The layer divides by p.
    let dropped = inMode(.training) { Dropout(1 - p)(many) } * (isInverted ? 1 : p)
    let losses = square(targets - matmul(dropped, weights)).sum(along: 1)
    return (
      losses.mean().item(), (losses.variance().item() / Double(samples)).squareRoot()
    )
  }

  /// The w of least loss: all are quadratic in w, so that one Newton step finds it.
  func minimum(of loss: (Tensor) -> Tensor) -> Tensor {
    let start = Tensor.zeros([inputs.shape[1]], dtype: .float64)
    return -solve(hessian(at: start, loss), gradient(at: start, loss))
  }
}
