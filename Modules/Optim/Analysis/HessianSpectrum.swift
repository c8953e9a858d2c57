import Core

/// The ends of the spectrum of a Hessian: how curved a loss is where it is most and least so.
///
/// The greatest eigenvalue λ bounds the step of plain gradient descent near a minimum, to below 2/λ;
/// the ratio of the greatest to the smallest says how slowly it converges; a negative smallest one
/// says that the point is no minimum.
///
/// ```swift
/// let spectrum = HessianSpectrum(of: model, largest: 5, smallest: 1) {
///   softmaxCrossEntropy(logits: model(inputs), labels: labels)
/// }
/// for pair in spectrum.largest { print(pair.value, "±", pair.bound) }
/// ```
///
/// They are found by Lanczos's method on Hessian–vector products, with full reorthogonalisation:
/// the matrix is never formed. The memory is one vector for each product.
public struct HessianSpectrum: Sendable {
  /// An eigenvalue and its vector, to within a bound.
  public struct Pair: Sendable {
    /// The eigenvalue.
    public let value: Double
    /// ‖H v − λ v‖ for the unit vector v: there is an eigenvalue of H within this distance.
    public let bound: Double
    /// v, in the shape of the point; for a model a ``ParameterVector``.
    public let vector: Tensor
  }

  /// The largest ones, the largest first.
  public let largest: [Pair]
  /// The smallest ones, the smallest first: the most negative, if any are.
  public let smallest: [Pair]
  /// How many Hessian–vector products were formed.
  public let products: Int
  /// Whether each bound is within the tolerance. If not, more products would help.
  public let isConverged: Bool

  /// The spectrum of a scalar function's Hessian at a point.
  ///
  /// - Parameters:
  ///   - x: Floating-point.
  ///   - largest: How many of the largest eigenvalues are wanted; 1 unless told otherwise.
  ///   - smallest: How many of the smallest; 1 unless told otherwise.
  ///   - tolerance: For the bounds, relative to the greatest |λ|; 1e-4 unless told otherwise.
  ///   - maximumProducts: 200 unless told otherwise; never more than there are variables.
  ///   - seed: Of the random start, on which the result depends within its bounds only; 0 unless
  ///     told otherwise.
  public init(
    at x: Tensor, largest: Int = 1, smallest: Int = 1, tolerance: Double = 1e-4,
    maximumProducts: Int = 200, seed: UInt64 = 0, _ function: (Tensor) -> Tensor
  ) {
    require(
      largest >= 0 && smallest >= 0 && largest + smallest > 0,
      "HessianSpectrum: asked for \(largest) largest and \(smallest) smallest eigenvalues")
    require(
      x.dtype.isFloating && x.count > 0,
      "HessianSpectrum: the point is \(x.dtype) of shape \(x.shape); it needs a number of a floating type"
    )
    require(maximumProducts > 0, "HessianSpectrum: no Hessian–vector product is allowed")
    let (_, pullback) = vjp(at: x.detached) { x in gradient(at: x, function) }
    var generator = RandomGenerator(seed: seed)
    func wanted(_ count: Int) -> (top: Range<Int>, bottom: Range<Int>) {
      (max(0, count - largest)..<count, 0..<min(smallest, count))
    }
    func isDone(_ lanczos: Lanczos) -> Bool {
      let count = lanczos.values.count
      guard count >= min(largest + smallest, x.count) else { return false }
      let (top, bottom) = wanted(count)
      let scale = lanczos.values.reduce(0) { max($0, abs($1)) }
      return (Array(top) + Array(bottom)).allSatisfy {
        lanczos.bounds[$0] <= tolerance * scale
      }
    }
    let lanczos = Lanczos(
      { pullback($0.reshaped(x.shape)).flattened() }, size: x.count, dtype: x.dtype,
      limit: maximumProducts, using: &generator, until: isDone)
    func pair(_ index: Int) -> Pair {
      Pair(
        value: lanczos.values[index], bound: lanczos.bounds[index],
        vector: lanczos.vector(index).reshaped(x.shape))
    }
    let (top, bottom) = wanted(lanczos.values.count)
    self.largest = top.reversed().map(pair)
    self.smallest = bottom.map(pair)
    products = lanczos.products
    isConverged = isDone(lanczos)
  }

  /// The spectrum of a loss over the parameters of a network that are not frozen.
  ///
  /// - Parameters:
  ///   - mode: `.inference` unless told otherwise, so that no dropout disturbs.
  ///   - largest, smallest, tolerance, maximumProducts, seed: As for a function.
  public init<Model: Layer>(
    of model: Model, mode: Mode = .inference, largest: Int = 1, smallest: Int = 1,
    tolerance: Double = 1e-4, maximumProducts: Int = 200, seed: UInt64 = 0,
    _ loss: () -> Tensor
  ) {
    let vector = ParameterVector(of: model)
    self = withoutActuallyEscaping(loss) {
      HessianSpectrum(
        at: vector.value, largest: largest, smallest: smallest, tolerance: tolerance,
        maximumProducts: maximumProducts, seed: seed, vector.function(mode, $0))
    }
  }
}
