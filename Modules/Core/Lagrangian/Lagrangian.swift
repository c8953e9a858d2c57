/// Training as constrained optimisation, for any chain of layers.
///
/// The states z(i) count as unknowns of their own, tied together by one constraint for each stage:
///
/// ```
/// minimise c(z(l))   subject to   z(i) = Fᵢ(z(i − 1), w(i)),   i = 1 … l,   z(0) = x
///
/// ℒ = c(z(l)) − Σᵢ λᵢᵀ (z(i) − Fᵢ(z(i − 1), w(i)))
/// ```
///
/// Each multiplier λᵢ has the shape of z(i). Back-propagation is what makes ℒ stationary:
///
/// ```
/// ∂ℒ/∂λᵢ   = Fᵢ(z(i − 1), w(i)) − z(i)                   = 0   the forward pass
/// ∂ℒ/∂z(l) = ∂c/∂z(l) − λ_l                              = 0   where the recursion starts
/// ∂ℒ/∂z(i) = (∂Fᵢ₊₁/∂z(i))ᵀ λᵢ₊₁ − λᵢ                    = 0   the backward recursion
/// ∂ℒ/∂w(i) = (∂Fᵢ/∂w(i))ᵀ λᵢ                                   the gradient of the loss
/// ```
///
/// A training step with it:
///
/// ```swift
/// let lagrangian = Lagrangian(of: model, at: batch.inputs) {
///   softmaxCrossEntropy(logits: $0, labels: batch.labels)
/// }
/// let point = lagrangian.stationaryPoint()
/// training.update(along: point.gradients)
/// ```
///
/// Arrays count from 0: `stages[i]`, `states[i]` and `multipliers[i]` are Fᵢ₊₁, z(i + 1) and λᵢ₊₁.
///
/// The input may be a whole batch. A loss that is the mean over n examples then leaves in row k of λᵢ
/// 1/n times the multiplier of example k alone.
///
/// Source: course document 002, exercise 2; [LeCun 1988], "A theoretical framework for
/// back-propagation".
public struct Lagrangian {
  /// F₁ … F_l.
  public let stages: [any Layer<Tensor, Tensor>]
  /// x.
  public let input: Tensor
  /// c, from the last state: one floating-point number.
  public let loss: (Tensor) -> Tensor
  /// The parameters of all stages.
  let list: ParameterList

  /// The problem of a chain of stages.
  ///
  /// - Parameters:
  ///   - stages: One or more layers; a function without parameters is a ``Lambda``. Stages may share
  ///     parameters.
  ///   - input: x.
  ///   - loss: c. What it captures counts as constant.
  public init(
    of stages: [any Layer<Tensor, Tensor>], at input: Tensor, loss: @escaping (Tensor) -> Tensor
  ) {
    self.init(stages, ParameterList.of(stages), input, loss)
  }

  /// The problem of a ``Sequential``: one stage for each of its layers.
  ///
  /// Traps when something else than a tensor passes between two layers. Finding the layers takes a
  /// few microseconds each; a loop over a tiny network can do it once and keep ``stages``.
  public init<Body: Layer>(
    of model: Sequential<Body>, at input: Tensor, loss: @escaping (Tensor) -> Tensor
  ) where Body.Input == Tensor, Body.Output == Tensor {
    let stages = model.reflectedChildren.map { name, layer in
      guard let stage = layer as? any Layer<Tensor, Tensor> else {
        trap(
          "Lagrangian: layer \(name), \(type(of: layer)), does not take a tensor to a tensor; join "
            + "it with its neighbours in one stage")
      }
      return stage
    }
    // The model's own list, so that an optimizer bound to the model need not look parameters up.
    self.init(stages, ParameterList.of(model), input, loss)
  }

  private init(
    _ stages: [any Layer<Tensor, Tensor>], _ list: ParameterList, _ input: Tensor,
    _ loss: @escaping (Tensor) -> Tensor
  ) {
    require(!stages.isEmpty, "Lagrangian: there are no stages")
    self.stages = stages
    self.list = list
    self.input = input
    self.loss = loss
  }

  /// The states z(1) … z(l) for which every constraint holds: the forward pass.
  ///
  /// Like ``residuals(states:)`` and ``value(states:multipliers:)``, it runs in the current mode
  /// (inference, unless wrapped in ``inMode(_:_:)``) and can be differentiated. A stage that draws
  /// random numbers is another function at each call.
  public func states() -> [Tensor] {
    var state = input
    return stages.map { stage in
      state = stage(state)
      return state
    }
  }

  /// By how much each constraint is violated:
  ///
  /// ```
  /// rᵢ = z(i) − Fᵢ(z(i − 1), w(i)) = −∂ℒ/∂λᵢ
  /// ```
  ///
  /// - Parameter states: z(1) … z(l). Traps when their number or their shapes do not fit.
  public func residuals(states: [Tensor]) -> [Tensor] {
    require(
      states.count == stages.count,
      "Lagrangian: \(stages.count) stages have as many states, not \(states.count)")
    return stages.indices.map { index in
      let output = stages[index](index == 0 ? input : states[index - 1])
      require(
        output.shape == states[index].shape,
        "Lagrangian: state \(index) has shape \(states[index].shape), its stage's output \(output.shape)"
      )
      return states[index] - output
    }
  }

  /// The Lagrangian of any states and multipliers:
  ///
  /// ```
  /// ℒ = c(z(l)) − Σᵢ λᵢᵀ (z(i) − Fᵢ(z(i − 1), w(i)))
  /// ```
  ///
  /// With the states of the forward pass it is the loss, whatever the multipliers.
  ///
  /// - Parameters:
  ///   - states: z(1) … z(l).
  ///   - multipliers: λ₁ … λ_l, each in the shape of its state; traps otherwise.
  public func value(states: [Tensor], multipliers: [Tensor]) -> Tensor {
    let residuals = residuals(states: states)
    require(
      multipliers.map(\.shape) == states.map(\.shape),
      "Lagrangian: multipliers of shapes \(multipliers.map(\.shape)) do not fit states of shapes "
        + "\(states.map(\.shape))")
    let value = loss(states[states.count - 1])
    requireScalar(value, in: "Lagrangian")
    return zip(multipliers, residuals).reduce(value) { $0 - ($1.0 * $1.1).sum() }
  }
}
