import Core

/// The conditions of course document 002, exercise 2, measured on one batch.
struct LagrangianCheck {
  /// Question 3: the greatest |z(i) − Fᵢ(z(i − 1))|.
  let residual: Double
  /// Question 4: |ℒ − c| for random multipliers.
  let gap: Double
  /// Question 5: the greatest |∂ℒ/∂z(i)|, by automatic differentiation of ℒ itself.
  let stateSlope: Double
  /// Question 6: the greatest difference of ∂ℒ/∂w(i) from the automatic gradient of the loss.
  let gradientDifference: Double

  init<Body: Layer<Tensor, Tensor>>(
    _ lagrangian: Lagrangian, of model: Sequential<Body>, using generator: inout RandomGenerator
  ) {
    let point = lagrangian.stationaryPoint()
    let greatest = { (tensors: [Tensor]) in tensors.map { abs($0).maximum().item() }.max() ?? 0 }
    residual = greatest(lagrangian.residuals(states: point.states))
    let others = point.states.map {
      Tensor.randomNormal($0.shape, dtype: $0.dtype, using: &generator)
    }
    let value = lagrangian.value(states: point.states, multipliers: others)
    gap = abs(value.item() - point.loss.item())
    let (_, slopes) = valueWithGradient(at: point.states) {
      lagrangian.value(states: $0, multipliers: point.multipliers)
    }
    stateSlope = greatest(slopes)
    let (_, automatic) = valueWithGradient(of: model) {
      lagrangian.loss(model(lagrangian.input))
    }
    gradientDifference = greatest(
      model.parameters.map { point.gradients[$0]! - automatic[$0]! })
  }
}
