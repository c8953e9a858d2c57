import Core

/// A layer whose weight is divided by its largest singular value, so that as a matrix it stretches
/// no vector: the layer is 1-Lipschitz where the rest of it is.
///
/// ```
/// w = W / σ,   σ = uᵀ W v ≈ σ₁(W)
/// ```
///
/// ```swift
/// let layer = SpectrallyNormalized(Dense(64, 64), of: \.weight)
/// ```
///
/// The weight counts as a matrix of one axis (the outputs') against all others. u and v come from
/// power iteration, u ← Wv / ‖Wv‖ and v ← Wᵀu / ‖Wᵀu‖: fifteen rounds at first, then some in each
/// call in training mode. They are buffers, constant to derivatives.
///
/// [Miyato et al. 2018]: https://arxiv.org/abs/1802.05957
public struct SpectrallyNormalized<L: Layer>: Layer {
  /// The layer; its weight holds W.
  public let layer: L
  /// u and v, of unit length.
  public let left, right: Buffer
  /// The axis that the matrix has as rows.
  public let axis: Int
  /// Rounds of power iteration in each call in training mode.
  public let rounds: Int
  /// What keeps the lengths of u and v away from 0.
  public let epsilon: Double
  let base: Parameter

  /// - Parameters:
  ///   - layer: Any layer with a weight.
  ///   - weight: Where the weight is, of two axes or more.
  ///   - axis: The axis that the matrix has as rows; the default is 0.
  ///   - rounds: Rounds of power iteration in each training call; the default is 1.
  ///   - epsilon: The least length of Wᵀu and Wv; the default is 10⁻¹².
  public init(
    _ layer: L, of weight: KeyPath<L, Parameter>, axis: Int = 0, rounds: Int = 1,
    epsilon: Double = 1e-12
  ) {
    let base = layer[keyPath: weight]
    require(
      base.shape.count >= 2 && axis >= 0 && axis < base.shape.count && base.shape.elementCount > 0,
      "SpectrallyNormalized: a weight of shape \(base.shape) is no matrix with rows along axis \(axis)"
    )
    require(rounds >= 0, "SpectrallyNormalized: \(rounds) rounds")
    self.layer = layer
    self.axis = axis
    self.rounds = rounds
    self.epsilon = epsilon
    self.base = base
    let matrix = asMatrix(base.value.detached, axis)
    var generator = RandomGenerator.split()
    let start = Tensor.randomNormal([matrix.shape[1]], dtype: matrix.dtype, using: &generator)
    let (u, v) = iterated(matrix, from: start, rounds: 15, epsilon)
    left = Buffer(u)
    right = Buffer(v)
  }

  /// σ, as it is now estimated.
  public var largestSingularValue: Tensor {
    (left.value * matmul(asMatrix(base.value, axis), right.value)).sum()
  }

  /// W / σ, the weight that the layer computes with.
  public var weight: Tensor { base.value / largestSingularValue }

  public func callAsFunction(_ input: L.Input) -> L.Output {
    if Mode.current == .training, rounds > 0 {
      let matrix = asMatrix(base.value.detached, axis)
      let (u, v) = iterated(matrix, from: right.value, rounds: rounds, epsilon)
      left.value = u
      right.value = v
    }
    return substituting(weight, for: base) { layer(input) }
  }

  /// The layer alone, its weight set to what it was here.
  public func removed() -> L {
    base.value = weight.detached
    return layer
  }
}

extension SpectrallyNormalized: Sendable where L: Sendable {}

/// [extent along the axis, all others].
private func asMatrix(_ weight: Tensor, _ axis: Int) -> Tensor {
  let order = [axis] + (0..<weight.rank).filter { $0 != axis }
  let rows = axis == 0 ? weight : weight.permuted(order)
  return rows.reshaped([weight.shape[axis], -1])
}

/// u and v after some rounds of power iteration, at least one.
private func iterated(
  _ matrix: Tensor, from start: Tensor, rounds: Int, _ epsilon: Double
) -> (Tensor, Tensor) {
  func unit(_ x: Tensor) -> Tensor { x / maximum(x.norm(), epsilon) }
  var (u, v) = (unit(matmul(matrix, start)), start)
  for round in 0..<rounds {
    if round > 0 { u = unit(matmul(matrix, v)) }
    v = unit(matmul(matrix.transposed(), u))
  }
  return (u, v)
}
