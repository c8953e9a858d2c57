import Core
import Optim

/// The parameter that the trajectories move.
struct Point: Layer {
  let position: Parameter

  init(_ values: [Double], dtype: DType = .float64) {
    position = Parameter(Tensor(values, dtype: dtype).reshaped([2, 3]))
  }

  func callAsFunction(_ input: Tensor) -> Tensor { position.value - input }
}

/// A rule without its fused update: every step is subtracted as the readable form says.
struct Unfused<Base: Optimizer>: Optimizer {
  var base: Base

  func initialState(for parameter: Tensor) -> Base.State { base.initialState(for: parameter) }

  func initialState(for parameter: Tensor, named name: String) -> Base.State {
    base.initialState(for: parameter, named: name)
  }

  func step(
    for gradient: Tensor, of parameter: Tensor, state: inout Base.State, at iteration: Int
  ) -> Tensor {
    base.step(for: gradient, of: parameter, state: &state, at: iteration)
  }

  func prepare(_ gradients: Gradients, at iteration: Int) -> Gradients {
    base.prepare(gradients, at: iteration)
  }
}

/// Where ten steps of a rule lead, with the gradient a (θ − b) + t c of the references.
func trajectory(_ rule: some Optimizer, dtype: DType = .float64) -> [Tensor] {
  let model = Point(Trajectories.start, dtype: dtype)
  let (a, b, c) = (
    Tensor(Trajectories.a, dtype: dtype).reshaped([2, 3]),
    Tensor(Trajectories.b, dtype: dtype).reshaped([2, 3]),
    Tensor(Trajectories.c, dtype: dtype).reshaped([2, 3])
  )
  var training = Optimizing(model, with: rule)
  return (1...10).map { t in
    let (_, gradients) = valueWithGradient(of: model) {
      (0.5 * a * square(model(b)) + Double(t) * c * model.position.value).sum()
    }
    training.update(along: gradients)
    return model.position.value + 0
  }
}
