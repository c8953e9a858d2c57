import Core

/// Moves and scales every feature to mean 0 and deviation 1.
///
/// ```
/// z = (x − mean) / max(deviation, smallest)
/// ```
///
/// Fit it on the training part and apply it to all parts, so that nothing is learnt from the test:
///
/// ```swift
/// let standardize = Standardization(fitting: training.inputs)
/// let (x, y) = (standardize(training.inputs), standardize(test.inputs))
/// ```
public struct Standardization: Sendable {
  /// The mean of each feature, [feature…].
  public let mean: Tensor
  /// What each feature is divided by, [feature…]; 1 for a constant one.
  public let deviation: Tensor

  /// Measures each feature of `inputs`, [example, feature…], in float64.
  ///
  /// - Parameters:
  ///   - inputs: At least one example, of a floating type.
  ///   - smallest: Deviations below this one count as this one, so that features that hardly vary
  ///     are not blown up. Features that do not vary at all keep their scale.
  public init(fitting inputs: Tensor, smallestDeviation smallest: Double = 0) {
    require(
      inputs.rank > 0 && inputs.shape[0] > 0 && inputs.dtype.isFloating,
      "Standardization: cannot fit to \(inputs.dtype) \(inputs.shape)")
    require(smallest >= 0, "Standardization: the smallest deviation \(smallest) is negative")
    let mean = Self.mean(of: inputs) { $0 }
    let spread = sqrt(Self.mean(of: inputs) { (($0 - mean) * ($0 - mean)) })
    // The mean of equal numbers may be off in its last bit, and their deviation then is not quite 0.
    let isConstant = inputs.maximum(along: 0) .== inputs.minimum(along: 0)
    let deviation = select(
      isConstant, Tensor.ones(like: spread),
      maximum(spread, Tensor.full(spread.shape, smallest, dtype: .float64)))
    self.mean = mean.cast(to: inputs.dtype)
    self.deviation = deviation.cast(to: inputs.dtype)
  }

  /// The mean over the examples of what `transform` makes of them in float64, part by part, so that
  /// large data do not take twice their memory or more on the way.
  private static func mean(of inputs: Tensor, _ transform: (Tensor) -> Tensor) -> Tensor {
    let (count, part) = (inputs.shape[0], 4096)
    var total = Tensor.zeros(Shape(inputs.shape.dropFirst()), dtype: .float64)
    for start in stride(from: 0, to: count, by: part) {
      let examples = inputs[start..<Swift.min(start + part, count)].cast(to: .float64)
      total = total + transform(examples).sum(along: 0)
    }
    return total / Double(count)
  }

  /// Inputs with the training data's mean taken off, in units of its deviation.
  public func callAsFunction(_ inputs: Tensor) -> Tensor { (inputs - mean) / deviation }

  /// The inputs that the standardised `outputs` come from.
  public func inverse(_ outputs: Tensor) -> Tensor { outputs * deviation + mean }
}

/// Moves and scales every feature to the range from 0 to 1.
///
/// ```
/// z = (x − minimum) / (maximum − minimum)
/// ```
///
/// The extremes are those of the inputs it is fitted to: others may leave the range.
public struct RangeScaling: Sendable {
  /// The least value of each feature, [feature…].
  public let minimum: Tensor
  /// What each feature is divided by, [feature…]; 1 for a constant one.
  public let range: Tensor

  /// Measures each feature of `inputs`, [example, feature…], of a floating type.
  public init(fitting inputs: Tensor) {
    require(
      inputs.rank > 0 && inputs.shape[0] > 0 && inputs.dtype.isFloating,
      "RangeScaling: cannot fit to \(inputs.dtype) \(inputs.shape)")
    minimum = inputs.minimum(along: 0)
    let width = inputs.maximum(along: 0) - minimum
    range = select(width .== 0, Tensor.ones(like: width), width)
  }

  /// Inputs with the training data's range mapped to 0…1.
  public func callAsFunction(_ inputs: Tensor) -> Tensor { (inputs - minimum) / range }

  /// The inputs that the scaled `outputs` come from.
  public func inverse(_ outputs: Tensor) -> Tensor { outputs * range + minimum }
}
