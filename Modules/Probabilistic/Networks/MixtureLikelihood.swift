public import Core
import Foundation
internal import Kernels

/// The negative log-likelihood of targets under the Gaussian mixtures that a network's outputs
/// parametrise: the loss of a mixture density network.
///
/// ```
/// loss = −ln Σₖ πₖ N(y | μₖ, Σₖ) = lse(aπ) − lse(aπ + ln N)
/// ```
///
/// One pass gives losses and derivatives, which for a scalar target and L = −loss are (course
/// document 002, exercise 3, question 2), with zⱼ = (y − μⱼ)/σⱼ and the responsibilities
/// γⱼ = πⱼ pⱼ / Σₖ πₖ pₖ,
///
/// ```
/// ∂L/∂aπⱼ = γⱼ − πⱼ      ∂L/∂aμⱼ = γⱼ zⱼ/σⱼ      ∂L/∂aσⱼ = γⱼ (zⱼ² − 1)
/// ```
///
/// Everything is by log-sum-exp, and |z| is bounded by 10¹⁸ (10¹⁵⁰ in float64): a target that is far from every
/// component has a finite loss and a gradient that leads back. Derivatives nest to any order.
///
/// - Parameters:
///   - outputs: […, width], as ``MixtureLayout`` says.
///   - targets: [..., D], or [...] where D = 1. One that is not finite traps, and is named; check data
///     from files by ``checkFinite(_:named:)`` before.
///   - layout: What the outputs mean.
///   - minimumDeviation: Deviations below this count as this, with the slope they would have there, so that
///     none collapses onto a single target; default 0 (in effect e⁻⁴⁰ in float32, e⁻³⁰⁰ in float64).
///   - reduction: The mean over all rows, their sum, or the loss of every row; default the mean.
/// - Returns: A scalar, or […] without reduction.
public func mixtureNegativeLogLikelihood(
  _ outputs: Tensor, targets: Tensor, layout: MixtureLayout, minimumDeviation: Double = 0,
  reduction: Reduction = .mean
) -> Tensor {
  require(
    minimumDeviation >= 0 && minimumDeviation.isFinite,
    "mixtureNegativeLogLikelihood: the least deviation \(minimumDeviation) is not ≥ 0 and finite")
  layout.requireWidth(outputs, in: "mixtureNegativeLogLikelihood")
  let batch = Shape(outputs.shape.dropLast())
  let x = floating(outputs).reshaped([-1, layout.width]).contiguous()
  let y = targetRows(targets, batch, layout, dtype: x.dtype)
  let likelihood = MixtureLikelihood(
    layout: layout, floor: max(Foundation.log(minimumDeviation), x.dtype == .float32 ? -40 : -300))
  let isTracked = x.isTracked || y.isTracked
  let (losses, slopes) = likelihood.evaluate(x, y, wantsSlopes: isTracked)
  let loss = reduction.reduced(reduction == .none ? losses.reshaped(batch) : losses)
  guard let slopes, isTracked else { return loss }
  let (savedX, savedY) = (Saved(x), Saved(y))
  return loss.recorded(from: x, y) { upstream, node, needs in
    let (x, y) = (savedX.restored(node.first), savedY.restored(node.second))
    let slopes = isRecording() ? likelihood.recordableSlopes(x, y) : slopes
    let each = reduction.gradient(upstream, count: savedX.shape[0])
    let gradient = slopes * (reduction == .none ? each.reshaped([-1, 1]) : each)
    // A target moves the loss as all means together do, the other way round.
    let means = needs[1] ? layout.split(gradient).means.sum(along: 1) : nil
    return Cotangents(needs[0] ? gradient : nil, means.map { -$0 })
  }
}

/// Checked targets in rows, [rows, D].
private func targetRows(
  _ targets: Tensor, _ batch: Shape, _ layout: MixtureLayout, dtype: DType
) -> Tensor {
  let full = Shape(Array(batch) + [layout.targets])
  require(
    targets.shape == full || layout.targets == 1 && targets.shape == batch,
    """
    mixtureNegativeLogLikelihood: targets of shape \(targets.shape) do not fit outputs of batch \
    shape \(batch) over \(layout.targets) targets: pass \(full)
    """)
  if !targets.detached.isFinite().all() {
    do {
      try checkFinite(targets, named: "targets")
    } catch {
      trap("mixtureNegativeLogLikelihood: \(error)")
    }
  }
  return targets.cast(to: dtype).reshaped([-1, layout.targets]).contiguous()
}
