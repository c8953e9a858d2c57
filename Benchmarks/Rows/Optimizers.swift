import Core
import Optim

// Optimizers: one large tensor, where memory is the limit, and whole models of small tensors, where
// what happens beside the arithmetic is.

extension Catalogue {
  static var optimizers: [Row] {
    [
      adamStep,
      update("adam-update/4x16", Adam(), tensors: 4, of: [16]),
      update("momentum-update/4x16", GradientDescent(momentum: 0.9), tensors: 4, of: [16]),
      update("adam-update/100x1e4", Adam(), tensors: 100, of: [10_000]),
      update("rmsprop-update/100x1e4", RMSProp(), tensors: 100, of: [10_000]),
    ]
  }

  /// Reads the parameter, its gradient and two moments; writes all but the gradient.
  private static var adamStep: Row {
    Row("adam-step/1e7", bytes: 28e7) {
      let rule = Adam(learningRate: 1e-3)
      let gradient = normal([10_000_000])
      var parameter = normal([10_000_000])
      var state = rule.initialState(for: parameter)
      var iteration = 0
      return {
        iteration += 1
        rule.update(&parameter, along: gradient, state: &state, at: iteration)
      }
    }
  }

  /// One update of a whole model whose gradients are there already.
  private static func update(
    _ name: String, _ rule: some Optimizer, tensors: Int, of shape: Shape
  ) -> Row {
    Row(name, items: Double(tensors * shape.elementCount)) {
      let model = Tensors((0..<tensors).map { _ in Parameter(normal(shape)) })
      let gradients = valueWithGradient(of: model) { 1e-3 * model(Tensor(1)) }.gradients
      var training = Optimizing(model, with: rule)
      return { training.update(along: gradients) }
    }
  }
}

/// A model that is a list of tensors.
private struct Tensors: Layer {
  let all: [Parameter]

  init(_ all: [Parameter]) { self.all = all }

  func callAsFunction(_ x: Tensor) -> Tensor {
    all.reduce(Tensor(0)) { $0 + (square($1.value) * x).sum() }
  }
}
