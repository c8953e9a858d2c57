import Core

/// A probability with both its logarithms, neither of which loses digits near 0 and 1.
struct SuccessProbability: Sendable {
  let value: Tensor
  /// ln p
  let logarithm: Tensor
  /// ln (1 − p)
  let complementLogarithm: Tensor

  init(_ probability: Tensor, of name: String) {
    value = floating(probability)
    let p = value.detached
    require(
      ((p .>= 0) .&& (p .<= 1)).all(), "\(name): a probability is not within 0...1: \(p)")
    logarithm = log(value)
    complementLogarithm = log1p(-value)
  }

  init(logits: Tensor) {
    let x = floating(logits)
    value = sigmoid(x)
    logarithm = -softplus(-x)
    complementLogarithm = -softplus(x)
  }

  var complement: Tensor { 1 - value }

  /// −p ln p − (1 − p) ln (1 − p)
  var entropy: Tensor {
    -timesLogarithm(value, logarithm) - timesLogarithm(complement, complementLogarithm)
  }

  /// Σ p (ln p − ln q) over both outcomes.
  func divergence(to q: SuccessProbability) -> Tensor {
    func part(_ p: Tensor, _ ratio: Tensor) -> Tensor {
      let isVoid = p.detached .== 0
      return p * select(isVoid, Tensor(0, dtype: ratio.dtype), ratio)
    }
    return part(value, logarithm - q.logarithm)
      + part(complement, complementLogarithm - q.complementLogarithm)
  }

}

/// Whether values are not whole numbers within 0...most.
func isNoCount(_ k: Tensor, most: Tensor? = nil) -> Tensor {
  let k = k.detached
  let isBad = (k .< 0) .|| (k .!= floor(k))
  guard let most else { return isBad }
  return isBad .|| (k .> most.detached)
}
