import Core

/// A rule made of another one and a change to it.
///
/// Everything passes through to the base unless the wrapper says otherwise, so that one says only
/// what it changes. Recipes are chains of such wrappers, in the order in which they act:
///
/// ```swift
/// let rule = GradientDescent(learningRate: 0.1, momentum: 0.9)
///   .clipped(toNorm: 1)
///   .withDecoupledDecay(1e-4)
///   .scheduled(.cosine(over: 1000, warmUp: 50))
/// ```
public protocol OptimizerWrapper<Base>: Optimizer where State == Base.State {
  associatedtype Base: Optimizer

  /// The rule that is changed.
  var base: Base { get set }
}

extension OptimizerWrapper {
  public func initialState(for parameter: Tensor) -> Base.State {
    base.initialState(for: parameter)
  }

  public func initialState(for parameter: Tensor, named name: String) -> Base.State {
    base.initialState(for: parameter, named: name)
  }

  public func step(
    for gradient: Tensor, of parameter: Tensor, state: inout Base.State, at iteration: Int
  ) -> Tensor {
    base.step(for: gradient, of: parameter, state: &state, at: iteration)
  }

  public func update(
    _ parameter: inout Tensor, along gradient: Tensor, state: inout Base.State,
    at iteration: Int
  ) {
    base.update(&parameter, along: gradient, state: &state, at: iteration)
  }

  public func prepare(_ gradients: Gradients, at iteration: Int) -> Gradients {
    base.prepare(gradients, at: iteration)
  }
}

extension OptimizerWrapper where Self: RateAdjustable, Base: RateAdjustable {
  public var learningRate: Double {
    get { base.learningRate }
    set { base.learningRate = newValue }
  }

  public var learningRates: [Double] {
    get { base.learningRates }
    set { base.learningRates = newValue }
  }

  public func learningRate(at iteration: Int) -> Double { base.learningRate(at: iteration) }

  public mutating func scaleRate(by factor: Double) { base.scaleRate(by: factor) }
}
