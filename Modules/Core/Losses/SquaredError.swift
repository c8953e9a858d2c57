internal import Kernels

/// The mean squared error, (x − t)².
///
/// - Parameters:
///   - predictions: Any shape.
///   - targets: The same shape; the classical error of comparing [n, 1] with [n], which would
///     broadcast, traps.
///   - reduction: The mean over all elements, their sum, or every squared error by itself.
public func meanSquaredError(
  _ predictions: Tensor, _ targets: Tensor, reduction: Reduction = .mean
) -> Tensor {
  pointwiseLoss(predictions, targets, reduction, named: "meanSquaredError") { x, t in
    let difference = x - t
    if reduction == .none { return square(difference) }
    let allAxes: UInt32 = (1 << UInt32(difference.rank)) - 1
    let sum = apply(.sum_squares, difference, axes: allAxes, dtype: difference.dtype)
    return reduction == .sum ? sum : sum * (1 / Double(difference.count))
  } slopes: { x, t, needs in
    let slope = 2 * (x - t)
    return (slope, needs[1] ? -slope : nil)
  }
}

/// The mean absolute error, |x − t|; its derivative is taken as 0 where both are equal.
///
/// - Parameter targets: The shape of the predictions.
public func meanAbsoluteError(
  _ predictions: Tensor, _ targets: Tensor, reduction: Reduction = .mean
) -> Tensor {
  pointwiseLoss(predictions, targets, reduction, named: "meanAbsoluteError") { x, t in
    reduction.reduced(abs(x - t))
  } slopes: { x, t, needs in
    let slope = sign(x - t)
    return (slope, needs[1] ? -slope : nil)
  }
}

/// Huber's loss: the squared error near 0, the absolute error beyond `threshold` δ.
///
/// ```
/// d = x − t
/// ½ d²            where |d| ≤ δ
/// δ (|d| − ½ δ)   elsewhere
/// ```
///
/// [Huber 1964]: https://doi.org/10.1214/aoms/1177703732
public func huber(
  _ predictions: Tensor, _ targets: Tensor, threshold: Double = 1, reduction: Reduction = .mean
) -> Tensor {
  require(threshold > 0, "huber: the threshold \(threshold) is not positive")
  let range = -threshold...threshold
  return pointwiseLoss(predictions, targets, reduction, named: "huber") { x, t in
    let difference = x - t
    // Both pieces at once: with c the difference moved into ±δ, the loss is c (d − c/2).
    let limited = difference.clamped(to: range)
    return reduction.reduced(limited * (difference - 0.5 * limited))
  } slopes: { x, t, needs in
    let slope = (x - t).clamped(to: range)
    return (slope, needs[1] ? -slope : nil)
  }
}

/// The smooth L1 loss: the absolute error, but squared within `threshold` β of 0.
///
/// ```
/// d = x − t
/// ½ d² / β    where |d| ≤ β
/// |d| − ½ β   elsewhere
/// ```
///
/// This is ``huber(_:_:threshold:reduction:)`` over its threshold: far from 0 the slope is 1
/// whatever β ([Girshick 2015]).
///
/// [Girshick 2015]: https://arxiv.org/abs/1504.08083
///
/// - Parameters:
///   - predictions: Any shape.
///   - targets: The same shape.
///   - threshold: β, above 0; towards 0 the loss becomes ``meanAbsoluteError(_:_:reduction:)``.
///   - reduction: The mean over all elements, their sum, or the loss of every element.
public func smoothAbsoluteError(
  _ predictions: Tensor, _ targets: Tensor, threshold: Double = 1, reduction: Reduction = .mean
) -> Tensor {
  require(threshold > 0, "smoothAbsoluteError: the threshold \(threshold) is not positive")
  return pointwiseLoss(predictions, targets, reduction, named: "smoothAbsoluteError") { x, t in
    let difference = x - t
    let limited = difference.clamped(to: -threshold...threshold)
    return reduction.reduced(limited / threshold * (difference - 0.5 * limited))
  } slopes: { x, t, needs in
    let slope = ((x - t) / threshold).clamped(to: -1...1)
    return (slope, needs[1] ? -slope : nil)
  }
}
