internal import Kernels

extension Tensor {
  /// Independent integers, uniform in a range.
  public static func randomIntegers(
    _ shape: Shape, in range: Range<Int>, dtype: DType = .int64,
    using generator: inout RandomGenerator
  ) -> Tensor {
    require(
      dtype == .int32 || dtype == .int64, "randomIntegers: \(dtype) is no integer type")
    require(!range.isEmpty, "randomIntegers: the range \(range) is empty")
    require(
      dtype == .int64
        || Int32(exactly: range.lowerBound) != nil && Int32(exactly: range.upperBound - 1) != nil,
      "randomIntegers: \(range) is not within int32")
    return generator.fill(shape, dtype) {
      apus_random_integers(
        $0, $1, $2, $3, Int64(range.lowerBound), Int64(range.upperBound), $4)
    }
  }

  /// Independent truth values, as `bool` or as the numbers 0 and `value` of a floating type.
  ///
  /// The probability counts in steps of 2⁻²⁴.
  public static func randomBernoulli(
    _ shape: Shape, probability: Double, value: Double = 1, dtype: DType = .bool,
    using generator: inout RandomGenerator
  ) -> Tensor {
    require(
      (0...1).contains(probability), "randomBernoulli: \(probability) is no probability")
    require(
      dtype == .bool || dtype.isFloating, "randomBernoulli: \(dtype) is neither bool nor floating")
    return generator.fill(shape, dtype) {
      apus_random_bernoulli($0, $1, $2, $3, probability, value, $4)
    }
  }

  /// Independent truth values, each true with the probability at its place.
  ///
  /// - Parameter probabilities: A floating tensor of numbers from 0 to 1; others trap.
  /// - Returns: A tensor of its shape, 0 and 1 of type `dtype` (default: `bool`).
  public static func randomBernoulli(
    probabilities: Tensor, dtype: DType = .bool, using generator: inout RandomGenerator
  ) -> Tensor {
    let p = floating(probabilities.detached)
    require(
      ((p .>= 0) .&& (p .<= 1)).all(), "randomBernoulli: no probabilities: \(probabilities)")
    let uniform = Tensor.randomUniform(p.shape, dtype: p.dtype, using: &generator)
    return (uniform .< p).cast(to: dtype)
  }

  /// Independent class indices from unnormalised log-probabilities, as `int64`.
  ///
  /// ```
  /// P(k) = softmax(logits)ₖ
  /// ```
  ///
  /// - Parameters:
  ///   - logits: Floating, [batch…, classes, …]; −∞ excludes a class. NaN, +∞ and rows of nothing
  ///     but −∞ trap.
  ///   - count: Draws for each row of logits.
  ///   - axis: The axis of the classes.
  /// - Returns: The shape of `logits` with `count` draws in place of the classes.
  public static func randomCategorical(
    logits: Tensor, count: Int, along axis: Int = -1, using generator: inout RandomGenerator
  ) -> Tensor {
    let greatest = floating(logits.detached)
    require(
      greatest.count == 0 || greatest.maximum(along: axis).isFinite().all(),
      "randomCategorical: logits must hold a finite number in each row, and neither NaN nor ∞")
    return categorical(logits, areLogits: true, count, axis, using: &generator)
  }

  /// One class index for each row of logits: their shape without the axis of the classes.
  public static func randomCategorical(
    logits: Tensor, along axis: Int = -1, using generator: inout RandomGenerator
  ) -> Tensor {
    randomCategorical(logits: logits, count: 1, along: axis, using: &generator).squeezed(axis)
  }

  /// Independent class indices with the given probabilities, as `int64`.
  ///
  /// - Parameters:
  ///   - probabilities: Numbers, none negative, [batch…, classes, …]; rows need not sum to 1: their
  ///     proportions count. A negative number, NaN, ∞ and a row that sums to 0 trap.
  ///   - count: Draws for each row.
  ///   - axis: The axis of the classes.
  /// - Returns: The shape of `probabilities` with `count` draws in place of the classes.
  public static func randomCategorical(
    probabilities: Tensor, count: Int, along axis: Int = -1,
    using generator: inout RandomGenerator
  ) -> Tensor {
    let weights = probabilities.detached.cast(to: .float64)
    requireWeights(weights, along: axis, in: "randomCategorical")
    return categorical(weights, areLogits: false, count, axis, using: &generator)
  }

  /// One class index for each row of probabilities: their shape without the axis of the classes.
  public static func randomCategorical(
    probabilities: Tensor, along axis: Int = -1, using generator: inout RandomGenerator
  ) -> Tensor {
    randomCategorical(probabilities: probabilities, count: 1, along: axis, using: &generator)
      .squeezed(axis)
  }

  static func requireWeights(_ weights: Tensor, along axis: Int, in operation: StaticString) {
    require(
      ((weights .>= 0) .&& weights.isFinite()).all(),
      "\(operation): a probability is negative or not finite: \(weights)")
    require(
      (weights.sum(along: axis) .> 0).all(), "\(operation): a row of probabilities sums to 0")
  }

  /// Draws from rows that have been checked, by inverting their running sums.
  private static func categorical(
    _ weights: Tensor, areLogits: Bool, _ count: Int, _ axis: Int,
    using generator: inout RandomGenerator
  ) -> Tensor {
    require(count >= 0, "randomCategorical: \(count) draws")
    let axis = weights.layout.shape.resolved(axis, in: "randomCategorical")
    let classes = weights.shape[axis]
    require(classes > 0, "randomCategorical: shape \(weights.shape) has no classes")
    let rows = weights.detached.cast(to: .float64).transposed(axis, -1).contiguous()
    var shape = rows.shape
    shape[rows.rank - 1] = count
    let result = Tensor(uninitialized: shape, dtype: .int64)
    generator.draw {
      apus_random_categorical(
        $0, $1, rows.count / classes, classes, rows.pointer.assumingMemoryBound(to: Double.self),
        areLogits, count, result.pointer.assumingMemoryBound(to: Int64.self))
    }
    extendLifetime(rows.storage)
    extendLifetime(result.storage)
    return result.transposed(axis, -1)
  }
}
