import Core

/// The perceptron of course document 001, exercise 2, at one example, with its gradients by the
/// formulas of the exercise.
///
/// ```
/// hᵃ = W⁽¹⁾ x + b⁽¹⁾     hˢ = softplus(hᵃ)          d inputs, d_h hidden units
/// oᵃ = W⁽²⁾ hˢ + b⁽²⁾    oˢ = softmax(oᵃ)           m classes
/// L = −ln oˢ_y = ln Σⱼ exp(oᵃⱼ) − oᵃ_y
/// ```
///
/// Vectors are columns, as in the document; a gradient has the shape of what it belongs to.
struct PerceptronFormulas {
  /// W⁽¹⁾ [d_h, d], b⁽¹⁾ [d_h], W⁽²⁾ [m, d_h] and b⁽²⁾ [m].
  struct Weights {
    var hidden: Tensor
    var hiddenBias: Tensor
    var output: Tensor
    var outputBias: Tensor
  }

  let weights: Weights
  /// x, of shape [d].
  let input: Tensor
  /// onehot(y), of shape [m].
  let target: Tensor
  /// hᵃ and hˢ, of shape [d_h].
  let hiddenInput, hiddenOutput: Tensor
  /// oᵃ and oˢ, of shape [m].
  let logits, probabilities: Tensor

  init(_ weights: Weights, at input: Tensor, target: Tensor) {
    self.weights = weights
    self.input = input
    self.target = target
    hiddenInput = matmul(weights.hidden, input) + weights.hiddenBias
    hiddenOutput = softplus(hiddenInput)
    logits = matmul(weights.output, hiddenOutput) + weights.outputBias
    probabilities = softmax(logits)
  }

  // MARK: The losses, from the logits

  /// L of question (h).
  static func loss(logits: Tensor, target: Tensor) -> Tensor {
    logSumExp(logits) - (target * logits).sum()
  }

  /// (1/m) ‖oˢ − t‖², question (e).
  static func squaredError(logits: Tensor, target: Tensor) -> Tensor {
    square(softmax(logits) - target).mean()
  }

  var loss: Tensor { Self.loss(logits: logits, target: target) }

  // MARK: The gradients

  /// (e): (2/m) (diag(oˢ) − oˢ oˢᵀ) (oˢ − t).
  var squaredErrorByLogits: Tensor {
    2 / Double(target.count) * matmul(softmaxSlope, probabilities - target)
  }

  /// (f), by the chain rule through oˢ: (diag(oˢ) − oˢ oˢᵀ) (−t ⊘ oˢ).
  var crossEntropyByLogits: Tensor { matmul(softmaxSlope, -target / probabilities) }

  /// (l): oˢ − onehot(y).
  var byLogits: Tensor { probabilities - target }
  /// (n): (∂L/∂oᵃ) hˢᵀ.
  var byOutputWeight: Tensor { outer(byLogits, hiddenOutput) }
  /// (n): ∂oᵃ/∂b⁽²⁾ is the identity.
  var byOutputBias: Tensor { byLogits }
  /// (p): W⁽²⁾ᵀ (∂L/∂oᵃ).
  var byHiddenOutput: Tensor { matmul(weights.output.transposed(), byLogits) }
  /// (r): diag(σ(hᵃ)) (∂L/∂hˢ).
  var byHiddenInput: Tensor { sigmoid(hiddenInput) * byHiddenOutput }
  /// As (n), one layer down: (∂L/∂hᵃ) xᵀ.
  var byHiddenWeight: Tensor { outer(byHiddenInput, input) }
  var byHiddenBias: Tensor { byHiddenInput }
  /// As (p), one layer down: W⁽¹⁾ᵀ (∂L/∂hᵃ).
  var byInput: Tensor { matmul(weights.hidden.transposed(), byHiddenInput) }

  /// ∂L/∂θ: all parameters in one vector, in the order of ``Weights/flattened``.
  var byParameters: Tensor {
    Weights(
      hidden: byHiddenWeight, hiddenBias: byHiddenBias, output: byOutputWeight,
      outputBias: byOutputBias
    ).flattened
  }

  /// ∂oˢ/∂oᵃ = diag(oˢ) − oˢ oˢᵀ.
  private var softmaxSlope: Tensor {
    Tensor.identity(target.count, dtype: probabilities.dtype) * probabilities
      - outer(probabilities, probabilities)
  }
}

extension PerceptronFormulas.Weights {
  /// Normally distributed weights, small enough for no softmax to saturate.
  init(inputs: Int, hidden: Int, classes: Int, using generator: inout RandomGenerator) {
    func normal(_ shape: Shape, _ deviation: Double) -> Tensor {
      deviation * Tensor.randomNormal(shape, dtype: .float64, using: &generator)
    }
    self.hidden = normal([hidden, inputs], 1 / Double(inputs).squareRoot())
    hiddenBias = normal([hidden], 0.5)
    output = normal([classes, hidden], 1 / Double(hidden).squareRoot())
    outputBias = normal([classes], 0.5)
  }

  /// θ: W⁽¹⁾ row by row, b⁽¹⁾, W⁽²⁾ row by row, b⁽²⁾.
  var flattened: Tensor {
    concatenated([hidden, hiddenBias, output, outputBias].map { $0.flattened() })
  }

  /// The weights in the shapes of these from one vector.
  func replaced(by flattened: Tensor) -> Self {
    let shapes = [hidden.shape, hiddenBias.shape, output.shape, outputBias.shape]
    let parts = zip(flattened.split(sizes: shapes.map(\.elementCount)), shapes).map {
      $0.reshaped($1)
    }
    return Self(hidden: parts[0], hiddenBias: parts[1], output: parts[2], outputBias: parts[3])
  }
}
