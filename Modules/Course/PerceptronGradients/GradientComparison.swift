import Core

/// One gradient in three ways: by its formula, by automatic differentiation, by finite differences.
struct GradientComparison {
  /// The question that it answers, as in "(l)"; a dash for one that the document leaves out.
  let question: String
  let name: String
  let formula: String
  let byFormula, automatic, numeric: Tensor

  /// - Parameters:
  ///   - variable: Where the gradient is taken.
  ///   - loss: The loss as a function of that variable alone.
  init(
    _ question: String, _ name: String, _ formula: String, _ byFormula: Tensor,
    at variable: Tensor, _ loss: (Tensor) -> Tensor
  ) {
    self.question = question
    self.name = name
    self.formula = formula
    self.byFormula = byFormula
    automatic = gradient(at: variable, loss)
    numeric = finiteDifferences(at: variable, loss)
  }

  var automaticDifference: Double { greatestDifference(byFormula, automatic) }
  var numericDifference: Double { greatestDifference(byFormula, numeric) }

  /// "[5×4]", or "[5]" for a vector.
  var shape: String { "[" + byFormula.shape.map(String.init).joined(separator: "×") + "]" }

  /// The place of an element as the document counts, from 1: "2,3".
  func place(of index: Int) -> String {
    guard byFormula.rank == 2 else { return "\(index + 1)" }
    let columns = byFormula.shape[1]
    return "\(index / columns + 1),\(index % columns + 1)"
  }
}

/// max |aᵢ − bᵢ|; infinite when the shapes differ or one is not a number.
private func greatestDifference(_ a: Tensor, _ b: Tensor) -> Double {
  guard a.shape == b.shape else { return .infinity }
  let difference = abs(a - b).maximum().item()
  return difference.isNaN ? .infinity : difference
}

extension GradientComparison {
  /// Every gradient of exercise 2 at one example, in the order of the exercise, and that of the
  /// penalised risk last.
  static func all(
    of weights: PerceptronFormulas.Weights, risk: PerceptronRisk
  ) -> [GradientComparison] {
    let (input, target) = risk.examples[0]
    let point = PerceptronFormulas(weights, at: input, target: target)
    func loss(_ logits: Tensor) -> Tensor {
      PerceptronFormulas.loss(logits: logits, target: target)
    }
    func squaredError(_ logits: Tensor) -> Tensor {
      PerceptronFormulas.squaredError(logits: logits, target: target)
    }
    func logits(_ hidden: Tensor) -> Tensor {
      matmul(weights.output, hidden) + weights.outputBias
    }
    func whole(_ change: (inout PerceptronFormulas.Weights) -> Void) -> Tensor {
      var changed = weights
      change(&changed)
      return PerceptronFormulas(changed, at: input, target: target).loss
    }
    return [
      .init(
        "(e)", "∂MSE/∂oᵃ", "(2/m) (diag(oˢ) − oˢ oˢᵀ) (oˢ − t)", point.squaredErrorByLogits,
        at: point.logits, squaredError),
      .init(
        "(f)", "∂CE/∂oᵃ", "(diag(oˢ) − oˢ oˢᵀ) (−t ⊘ oˢ)", point.crossEntropyByLogits,
        at: point.logits
      ) { -(target * log(softmax($0))).sum() },
      .init("(l)", "∂L/∂oᵃ", "oˢ − onehot(y)", point.byLogits, at: point.logits, loss),
      .init(
        "(n)", "∂L/∂W⁽²⁾", "∂L/∂oᵃ hˢᵀ", point.byOutputWeight, at: weights.output
      ) { weight in
        whole { $0.output = weight }
      },
      .init(
        "(n)", "∂L/∂b⁽²⁾", "∂L/∂oᵃ", point.byOutputBias, at: weights.outputBias
      ) { bias in
        whole { $0.outputBias = bias }
      },
      .init(
        "(p)", "∂L/∂hˢ", "W⁽²⁾ᵀ ∂L/∂oᵃ", point.byHiddenOutput, at: point.hiddenOutput
      ) {
        loss(logits($0))
      },
      .init(
        "(r)", "∂L/∂hᵃ", "diag(σ(hᵃ)) ∂L/∂hˢ", point.byHiddenInput, at: point.hiddenInput
      ) {
        loss(logits(softplus($0)))
      },
      .init(
        "–", "∂L/∂W⁽¹⁾", "∂L/∂hᵃ xᵀ", point.byHiddenWeight, at: weights.hidden
      ) { weight in
        whole { $0.hidden = weight }
      },
      .init(
        "–", "∂L/∂b⁽¹⁾", "∂L/∂hᵃ", point.byHiddenBias, at: weights.hiddenBias
      ) { bias in
        whole { $0.hiddenBias = bias }
      },
      .init("–", "∂L/∂x", "W⁽¹⁾ᵀ ∂L/∂hᵃ", point.byInput, at: input) {
        PerceptronFormulas(weights, at: $0, target: target).loss
      },
      .init(
        "(k)", "∂R̂/∂θ", "(1/n) Σ ∂L/∂θ + 2 λ θ", risk.gradient(weights), at: weights.flattened
      ) {
        risk(weights.replaced(by: $0))
      },
    ]
  }
}
