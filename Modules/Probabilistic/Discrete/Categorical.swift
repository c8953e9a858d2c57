public import Core

/// One of K classes.
///
/// ```
/// P(k) = πₖ = exp(aₖ) / Σ exp(aₗ)
/// ```
public struct Categorical: EntropicDistribution {
  /// ln π, [batch…, classes].
  public let logProbabilities: Tensor

  /// - Parameter logits: a, [batch…, classes].
  public init(logits: Tensor) {
    require(logits.rank > 0, "Categorical: logits of shape [] have no classes")
    logProbabilities = logSoftmax(logits)
  }

  /// - Parameter probabilities: [batch…, classes], none negative, a sum above 0 in each row: their
  ///   proportions count. Others trap.
  public init(probabilities: Tensor) {
    let weights = floating(probabilities)
    require(weights.rank > 0, "Categorical: probabilities of shape [] have no classes")
    let sum = weights.sum(along: -1, keepingAxes: true)
    require(
      (weights.detached .>= 0).all() && ((sum.detached .> 0) .&& sum.detached.isFinite()).all(),
      "Categorical: rows of proportions must be ≥ 0 with a finite sum above 0: \(weights.detached)")
    logProbabilities = log(weights / sum)
  }

  /// π, [batch…, classes].
  public var probabilities: Tensor { exp(logProbabilities) }
  /// K.
  public var classes: Int { logProbabilities.shape[logProbabilities.rank - 1] }
  public var batchShape: Shape { Shape(logProbabilities.shape.dropLast()) }
  public var eventShape: Shape { [] }
  public var dtype: DType { logProbabilities.dtype }

  /// Of the class's number; meaningful where classes are ordered.
  public var mean: Tensor { (probabilities * numbers).sum(along: -1) }
  public var variance: Tensor {
    let off = numbers - mean.expandingShape(at: -1)
    return (probabilities * off * off).sum(along: -1)
  }
  private var numbers: Tensor { Tensor.range(0..<classes).cast(to: dtype) }

  public var entropy: Tensor {
    -timesLogarithm(probabilities, logProbabilities).sum(along: -1)
  }

  /// - Parameter value: Class numbers, […, batch…]; others have log-probability −∞.
  public func logDensity(_ value: Tensor) -> Tensor {
    let labels = value.detached
    let isOutside = isNoCount(labels.cast(to: .float64), most: Tensor(classes - 1, dtype: .float64))
    let shape = batch(joining: labels.shape)
    let rows = logProbabilities.broadcast(to: Shape(Array(shape) + [classes]))
    let safe = select(isOutside, Tensor(0, dtype: labels.dtype), labels).cast(to: .int64)
      .broadcast(to: shape).expandingShape(at: -1)
    let picked = rows.takenAlong(safe, axis: -1).reshaped(shape)
    return select(isOutside, Tensor(-Double.infinity, dtype: dtype), picked)
  }

  private func batch(joining shape: Shape) -> Shape {
    guard let joined = Shape.broadcast(shape, batchShape) else {
      trap("Categorical: values of shape \(shape) for a batch of shape \(batchShape)")
    }
    return joined
  }

  /// Class numbers, as `int64`.
  public func sample(_ shape: Shape, using generator: inout RandomGenerator) -> Tensor {
    let count = shape.elementCount
    let drawn = Tensor.randomCategorical(
      logits: logProbabilities.detached, count: count, using: &generator)
    // The draws are the last axis; they go first.
    let order = [batchShape.count] + Array(0..<batchShape.count)
    return drawn.permuted(order).reshaped(sampleShape(shape))
  }
}
