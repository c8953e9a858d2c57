import Core
internal import Kernels

/// Gradient descent, with momentum if wanted.
///
///     g ← ∇L(θ) + λ θ
///     v ← μ v + (1 − d) g          (v = g at the first step)
///     θ ← θ − η v                  (Nesterov: θ − η (g + μ v))
///
/// η is the learning rate, μ the momentum, d the dampening and λ the weight decay. Without momentum
/// v is g and nothing is remembered. This is PyTorch's form, in which η multiplies the velocity; a
/// rate that changes over time therefore acts at once.
///
/// ```swift
/// var training = Optimizing(model, with: GradientDescent(learningRate: 0.1, momentum: 0.9))
/// ```
///
/// It is the chain `MomentumTrace(momentum: μ).scaled(by: η).withL2Decay(λ)`, and one pass over the
/// memory where all is of one type.
///
/// Source: [Polyak 1964]; [Nesterov 1983], in the form of [Sutskever et al. 2013].
public struct GradientDescent: OptimizerRecipe, RateAdjustable, Sendable {
  public var learningRate: Double
  /// What is kept of the velocity at each step, α.
  public var momentum: Double
  /// What is taken off a new gradient's share.
  public var dampening: Double
  /// Whether the step looks ahead along the velocity.
  public var isNesterov: Bool
  /// λ: the gradient of (λ/2) ‖θ‖² is added to each gradient. A penalty λ ‖θ‖² needs twice as much.
  public var weightDecay: Double

  /// - Parameters:
  ///   - learningRate: η; 1e-3 unless told otherwise.
  ///   - momentum: μ; 0 unless told otherwise.
  ///   - dampening: d; 0 unless told otherwise.
  ///   - isNesterov: Whether the step looks ahead; it then needs a momentum and no dampening.
  ///   - weightDecay: λ; 0 unless told otherwise.
  public init(
    learningRate: Double = 1e-3, momentum: Double = 0, dampening: Double = 0,
    isNesterov: Bool = false, weightDecay: Double = 0
  ) {
    requireRate(learningRate, in: "GradientDescent")
    requireDecay(weightDecay, in: "GradientDescent")
    requireMomentum(momentum, dampening, isNesterov, in: "GradientDescent")
    self.learningRate = learningRate
    self.momentum = momentum
    self.dampening = dampening
    self.isNesterov = isNesterov
    self.weightDecay = weightDecay
  }

  public var chain: some Optimizer<Velocity> {
    MomentumTrace(unchecked: momentum, dampening, isNesterov).scaled(by: learningRate)
      .withL2Decay(weightDecay)
  }

  /// The chain in one pass in place.
  public func update(
    _ parameter: inout Tensor, along gradient: Tensor, state: inout Velocity, at iteration: Int
  ) {
    guard canFuse(parameter, gradient),
      (state.value?.dtype ?? parameter.dtype) == parameter.dtype
    else {
      parameter -= step(for: gradient, of: parameter, state: &state, at: iteration)
      return
    }
    var step = apus_momentum_step(
      rate: learningRate, momentum: momentum, dampening: dampening, decay: weightDecay,
      nesterov: isNesterov, first: state.count == 0 || state.value == nil)
    let gradient = gradient.contiguous()
    parameter.makeUnique()
    if momentum == 0 {
      apus_momentum(
        parameter.dtype.kernel, parameter.count, &step, parameter.pointer, gradient.pointer, nil)
    } else {
      // The momentum may have been switched on after the start.
      if state.value == nil { state.value = .zeros(like: parameter) }
      state.value!.makeUnique()
      state.count += 1
      apus_momentum(
        parameter.dtype.kernel, parameter.count, &step, parameter.pointer, gradient.pointer,
        state.value!.pointer)
    }
    extendLifetime(gradient)
    extendLifetime(parameter)
    extendLifetime(state)
  }
}

/// Whether one pass in place can do a step, as far as it depends on these two: one floating type.
/// (What is not contiguous is made so first.)
func canFuse(_ parameter: Tensor, _ gradient: Tensor) -> Bool {
  parameter.dtype.isFloating && gradient.dtype == parameter.dtype
    && gradient.shape == parameter.shape
}
