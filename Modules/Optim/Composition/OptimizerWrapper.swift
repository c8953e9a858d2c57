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
public protocol OptimizerWrapper<Base>: ForwardingOptimizer where Inner == Base {
  /// The wrapped rule.
  associatedtype Base: Optimizer

  /// The rule that is changed.
  var base: Base { get set }
}

extension OptimizerWrapper {
  public var inner: Base { base }
}

extension OptimizerWrapper where Self: RateAdjustable, Base: RateAdjustable {
  /// The wrapped rule's rate.
  public var learningRate: Double {
    get { base.learningRate }
    set { base.learningRate = newValue }
  }

  /// The wrapped rule's rates.
  public var learningRates: [Double] {
    get { base.learningRates }
    set { base.learningRates = newValue }
  }

  /// The wrapped rule's rate at an iteration.
  public func learningRate(at iteration: Int) -> Double { base.learningRate(at: iteration) }

  /// Scales the wrapped rule's rate.
  public mutating func scaleRate(by factor: Double) { base.scaleRate(by: factor) }
}
