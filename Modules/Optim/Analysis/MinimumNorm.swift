import Core

/// Least squares with more unknowns than equations: of the many w with X w = y, the one of least
/// length, three ways.
///
///     minimise ‖w‖²  subject to  X w = y                                (a)
///     w = X⁺ y                                                          (b)
///     w ← w − η ∇f(w) from 0,  f(w) = ‖y − X w‖²,  ∇f(w) = 2 Xᵀ (X w − y)      (c)
///
/// They agree. Each move of (c) is a combination of the rows of X, so w = Xᵀ a all the time; a
/// solution of that form is unique, (XXᵀ) a = y, and it is (b). And the conditions of (a),
/// 2w + Xᵀλ = 0 and X w = y, say the same with a = −λ/2. From another start w₀ the part of w₀
/// orthogonal to the rows is never touched: (c) ends at ``descentLimit(from:)``, and is longer.
///
/// ```swift
/// let problem = MinimumNorm(inputs: x, targets: y)                     // x [3, 10], y [3]
/// problem.pseudoInverseSolution()
/// try problem.kktSolution().weights
/// problem.descend(steps: 1000)
/// ```
///
/// Source: course document 004, question 3.4.
public struct MinimumNorm: Sendable {
  /// X, [n, d].
  public let inputs: Tensor
  /// y, [n].
  public let targets: Tensor

  /// - Parameters:
  ///   - inputs: X, [n, d], floating-point. Usually n < d, but any X will do for all but
  ///     ``kktSolution()``.
  ///   - targets: y, [n].
  public init(inputs: Tensor, targets: Tensor) {
    require(
      inputs.rank == 2 && targets.rank == 1 && inputs.shape[0] == targets.shape[0],
      "MinimumNorm: needs inputs [n, d] and targets [n], got \(inputs.shape) and \(targets.shape)")
    require(
      inputs.dtype.isFloating && inputs.count > 0,
      "MinimumNorm: the inputs are \(inputs.dtype) of shape \(inputs.shape)")
    self.inputs = inputs
    self.targets = targets.cast(to: inputs.dtype)
  }

  /// f(w) = ‖y − X w‖².
  public func loss(_ weights: Tensor) -> Tensor {
    square(targets - matmul(inputs, weights)).sum()
  }

  /// X⁺ y, [d]: of the w that make f least, the shortest.
  public func pseudoInverseSolution() -> Tensor { matmul(pseudoInverse(inputs), targets) }

  /// The minimum and its multipliers from the conditions of Karush, Kuhn and Tucker, solved as one
  /// system:
  ///
  ///     ( 2I  Xᵀ ) ( w )   ( 0 )        ∂L/∂w = 2w + Xᵀλ = 0
  ///     ( X   0  ) ( λ ) = ( y )        ∂L/∂λ = X w − y = 0
  ///
  /// for L(w, λ) = ‖w‖² + λᵀ (X w − y). By elimination λ = −2 (XXᵀ)⁻¹ y and w = Xᵀ (XXᵀ)⁻¹ y.
  ///
  /// - Returns: w, [d], and λ, [n].
  /// - Throws: `LinearAlgebraError` where the rows of X are not independent: λ is then not unique,
  ///   or there is no w with X w = y.
  public func kktSolution() throws(LinearAlgebraError) -> (weights: Tensor, multipliers: Tensor) {
    let (count, size) = (inputs.shape[0], inputs.shape[1])
    let dtype = inputs.dtype
    let top = concatenated(
      [2 * Tensor.identity(size, dtype: dtype), inputs.transposed()], along: 1)
    let bottom = concatenated([inputs, .zeros([count, count], dtype: dtype)], along: 1)
    let right = concatenated([.zeros([size], dtype: dtype), targets])
    let parts = try solve(checking: concatenated([top, bottom]), right)
      .split(sizes: [size, count])
    return (parts[0], parts[1])
  }

  /// The step with the fastest convergence, 1 / (σ₁² + σᵣ²) for the largest and the smallest
  /// singular value of X that is not 0: the error then shrinks by (κ² − 1) / (κ² + 1) at each step,
  /// κ = σ₁ / σᵣ. Descent converges for every step below 1 / σ₁².
  public var bestStep: Double {
    let values = singularValues(inputs).scalars(as: Double.self)
    let greatest = values.max() ?? 0
    let negligible =
      unitRoundoff(of: inputs.dtype) * Double(max(inputs.shape[0], inputs.shape[1])) * greatest
    guard let least = values.filter({ $0 > negligible }).min() else { return 1 }
    return 1 / (greatest * greatest + least * least)
  }

  /// Gradient descent on f with a constant step.
  ///
  /// - Parameters:
  ///   - start: w₀, [d]; zeros unless told otherwise.
  ///   - stepSize: η; ``bestStep`` unless told otherwise.
  ///   - steps: How many.
  ///   - onStep: Sees the weights after each step, numbered from 1.
  /// - Returns: The weights at the end, [d].
  public func descend(
    from start: Tensor? = nil, stepSize: Double? = nil, steps: Int,
    onStep: (_ step: Int, _ weights: Tensor) -> Void = { _, _ in }
  ) -> Tensor {
    var weights = start ?? .zeros([inputs.shape[1]], dtype: inputs.dtype)
    require(
      weights.shape == Shape([inputs.shape[1]]),
      "MinimumNorm: the start has shape \(weights.shape), not [\(inputs.shape[1])]")
    require(steps >= 0, "MinimumNorm: cannot take \(steps) steps")
    let rate = stepSize ?? bestStep
    for step in 0..<steps {
      weights -= 2 * rate * matmul(matmul(inputs, weights) - targets, inputs)
      onStep(step + 1, weights)
    }
    return weights
  }

  /// Where gradient descent from w₀ ends: w₀ + X⁺ (y − X w₀), the solution nearest to w₀.
  public func descentLimit(from start: Tensor) -> Tensor {
    start + matmul(pseudoInverse(inputs), targets - matmul(inputs, start))
  }
}
