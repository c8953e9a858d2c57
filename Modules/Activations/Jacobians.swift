import Core

// Jacobians in closed form: one expression, where `jacobian(at:_:)` makes one backward pass for each
// element. Each takes vectors along the last axis, [batch…, n], and returns one matrix for each,
// [batch…, n, n], with ∂yᵢ/∂xⱼ in row i and column j. They are recordable.

/// The Jacobian of the logistic function.
///
///     ∂σ(x)ᵢ/∂xⱼ = δᵢⱼ σ(xᵢ) (1 − σ(xᵢ)),  that is, diag(σ(x) ⊙ (1 − σ(x)))
///
/// 1 − σ(x) is taken as σ(−x), which does not cancel.
///
/// Source: course document 001, question 1(e).
public func sigmoidJacobian(_ x: Tensor) -> Tensor {
  diagonalMatrix(sigmoid(x) * sigmoid(-x))
}

/// The Jacobian of the hyperbolic tangent.
///
///     ∂tanh(x)ᵢ/∂xⱼ = δᵢⱼ (1 − tanh²(xᵢ)) = δᵢⱼ 4 σ(2xᵢ) σ(−2xᵢ)
public func tanhJacobian(_ x: Tensor) -> Tensor {
  diagonalMatrix(4 * (sigmoid(2 * x) * sigmoid(-2 * x)))
}

/// The Jacobian of softplus.
///
///     ∂softplus(x)ᵢ/∂xⱼ = δᵢⱼ σ(xᵢ)
///
/// Source: course document 001, question 1(g).
public func softplusJacobian(_ x: Tensor) -> Tensor { diagonalMatrix(sigmoid(x)) }

/// The Jacobian of the softmax S.
///
///     ∂S(x)ᵢ/∂xⱼ = Sᵢ (δᵢⱼ − Sⱼ),  that is, diag(S) − S Sᵀ
///
/// Source: course document 001, questions 1(j) and 1(k).
public func softmaxJacobian(_ x: Tensor) -> Tensor {
  let s = softmax(x)
  // [batch…, n, 1] · [batch…, 1, n]
  return diagonalMatrix(s) - s.expandingShape(at: -1) * s.expandingShape(at: -2)
}

/// The Jacobian of ln S, S the softmax.
///
///     ∂ln S(x)ᵢ/∂xⱼ = δᵢⱼ − Sⱼ,  that is, I − 1 Sᵀ
///
/// Its row i, multiplied by the Jacobian of x(u), is ∇xᵢ − 𝔼ⱼ[∇xⱼ] with j drawn from S.
///
/// Source: course document 001, question 1(l).
public func logSoftmaxJacobian(_ x: Tensor) -> Tensor {
  let s = softmax(x)
  let identity = Tensor.identity(s.shape[s.rank - 1], dtype: s.dtype)
  return identity - s.expandingShape(at: -2)
}

/// diag(x): the elements of the last axis on the diagonal of a matrix, [batch…, n] → [batch…, n, n].
private func diagonalMatrix(_ x: Tensor) -> Tensor {
  require(x.rank >= 1, "Jacobian: the argument is one number, not a vector along its last axis")
  // A choice and not a product with the identity: a NaN stays in its own place.
  let onDiagonal = Tensor.identity(x.shape[x.rank - 1]) .> 0
  return select(onDiagonal, x.expandingShape(at: -1), x.constant(0))
}
