import Core
import Datasets
import Optim

/// Methods of first and second order on one logistic regression.
struct LogisticRace {
  struct Run {
    let name: String
    /// f − f* at the start and after each iteration.
    let gaps: [Double]
    let iterations: Int
    /// Of the value with its gradient.
    let evaluations: Int
    /// Hessian–vector products.
    let products: Int
    let gradientNorm: Double
  }

  let minimum: Double
  let parameterCount: Int
  private(set) var runs: [Run] = []

  /// - Parameters:
  ///   - decay: λ of the penalty (λ/2) ‖w‖².
  ///   - steps: The most steps of gradient descent.
  init(on dataset: Dataset, decay: Double, steps: Int) {
    let odd = (dataset.labels % Tensor(2).cast(to: .int64)).cast(to: .float64)
    let inputs = concatenated(
      [dataset.inputs, .ones([dataset.count, 1], dtype: .float64)], along: 1)
    func loss(_ weights: Tensor) -> Tensor {
      binaryCrossEntropy(logits: matmul(inputs, weights), targets: odd)
        + (decay / 2) * square(weights).sum()
    }
    let start = Tensor.zeros([inputs.shape[1]], dtype: .float64)
    parameterCount = start.count
    let best = Newton(stopping: .init(gradientTolerance: 1e-12)).minimize(from: start, loss).value
    minimum = best

    let curvature = HessianSpectrum(at: start, loss).largest[0].value
    runs = [Self.descent(from: start, rate: 1 / curvature, steps: steps, best, loss)]
    let stopping = StoppingCriteria(gradientTolerance: 1e-9)
    let methods: [(String, any Minimizer<ScalarObjective>)] = [
      ("conjugate gradient", NonlinearConjugateGradient(stopping: stopping)),
      ("L-BFGS", LBFGS(stopping: stopping)),
      ("truncated Newton", TruncatedNewton(stopping: stopping)),
      ("Newton", Newton(stopping: stopping)),
    ]
    for (name, method) in methods {
      var gaps = [loss(start).item() - best]
      let found = method.minimize(
        from: start, onIteration: { gaps.append($0.value - best) }, loss)
      runs.append(
        Run(
          name: name, gaps: gaps, iterations: found.iterations, evaluations: found.evaluations,
          products: found.curvatureEvaluations, gradientNorm: found.gradientNorm))
    }
  }

  private static func descent(
    from start: Tensor, rate: Double, steps: Int, _ best: Double, _ loss: (Tensor) -> Tensor
  ) -> Run {
    var (weights, gaps, norm) = (start, [Double](), 0.0)
    for step in 0...steps {
      let (value, gradient) = valueWithGradient(at: weights, loss)
      gaps.append(value.item() - best)
      norm = gradient.norm().item()
      if step < steps { weights -= rate * gradient }
    }
    return Run(
      name: "gradient descent", gaps: gaps, iterations: steps, evaluations: steps + 1, products: 0,
      gradientNorm: norm)
  }

  /// The gaps of the first iterations, down to where rounding begins.
  var panel: LineChart.Panel {
    let shown = 60
    // Not those of the other panels, nor twice the same.
    let colors = Palette.series[2...] + [Palette.text]
    return LineChart.Panel(
      title: "Logistic regression: f − f*",
      series: zip(runs, colors).map { run, color in
        let gaps = run.gaps.prefix(shown + 1).map { max($0, 1e-15) }
        return .init(name: run.name, x: gaps.indices.map(Double.init), y: gaps, color: color)
      }, isLogarithmic: true)
  }
}
