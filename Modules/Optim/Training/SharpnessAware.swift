import Core

/// The value of a loss, and its gradients where it is worst nearby: sharpness-aware minimisation.
///
///     e = ρ g / ‖g‖,    g = ∇L(θ)
///     gradients = ∇L(θ + e)
///
/// Adaptive, the neighbourhood follows the size of each element: e = ρ θ² g / ‖|θ| g‖.
///
/// ```swift
/// let (loss, gradients) = sharpnessAwareGradient(of: model, radius: 0.05) { … }
/// training.update(along: gradients)
/// ```
///
/// The loss runs twice, and dropout draws two masks. The parameters are put back to the bit.
/// Running statistics see both passes.
///
/// - Parameters:
///   - radius: ρ; 0.05 unless told otherwise.
///   - isAdaptive: `false` unless told otherwise; ten times the radius suits it then.
/// - Returns: The loss at θ, and the gradients at θ + e.
///
/// Source: [Foret et al. 2021]; adaptive, [Kwon et al. 2021].
public func sharpnessAwareGradient<Model: Layer>(
  of model: Model, radius: Double = 0.05, isAdaptive: Bool = false, mode: Mode = .training,
  _ loss: () throws -> Tensor
) rethrows -> (value: Tensor, gradients: Gradients) {
  require(radius >= 0, "sharpnessAwareGradient: the radius \(radius) is negative")
  let (value, gradients) = try valueWithGradient(of: model, mode: mode, loss)
  var moves: [(parameter: Parameter, value: Tensor, direction: Tensor)] = []
  var length = 0.0
  for parameter in model.parameters where !parameter.isFrozen {
    guard let gradient = gradients[parameter] else { continue }
    let value = parameter.value.detached
    let scaled = isAdaptive ? abs(value) * gradient : gradient
    length += square(scaled).sum().item()
    moves.append((parameter, value, isAdaptive ? abs(value) * scaled : gradient))
  }
  length = length.squareRoot()
  guard length > 0, length.isFinite else { return (value, gradients) }
  for (parameter, value, direction) in moves {
    parameter.value = value + (radius / length) * direction
  }
  defer { for move in moves { move.parameter.value = move.value } }
  return (value, try valueWithGradient(of: model, mode: mode, loss).gradients)
}
