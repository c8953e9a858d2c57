import Core

/// The empirical risk of the perceptron over n examples, with a penalty on all of θ (questions (i) to
/// (k)).
///
/// ```
/// R̂(θ) = (1/n) Σᵢ L(x⁽ⁱ⁾, y⁽ⁱ⁾) + λ ‖θ‖²
/// ∂R̂/∂θ = (1/n) Σᵢ ∂L(x⁽ⁱ⁾, y⁽ⁱ⁾)/∂θ + 2 λ θ
/// ```
struct PerceptronRisk {
  /// x⁽ⁱ⁾ and onehot(y⁽ⁱ⁾).
  let examples: [(input: Tensor, target: Tensor)]
  /// λ.
  let penalty: Double

  /// R̂.
  func callAsFunction(_ weights: PerceptronFormulas.Weights) -> Tensor {
    let losses = examples.map { PerceptronFormulas(weights, at: $0.input, target: $0.target).loss }
    return stacked(losses).mean() + penalty * square(weights.flattened).sum()
  }

  /// ∂R̂/∂θ by the formulas.
  func gradient(_ weights: PerceptronFormulas.Weights) -> Tensor {
    let gradients = examples.map {
      PerceptronFormulas(weights, at: $0.input, target: $0.target).byParameters
    }
    return stacked(gradients).mean(along: 0) + 2 * penalty * weights.flattened
  }
}
