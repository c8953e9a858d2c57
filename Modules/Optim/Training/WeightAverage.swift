import Core

/// An average of a model's parameters over its training, to evaluate with.
///
/// ```swift
/// var average = WeightAverage(of: model, .exponential(decay: 0.999))
/// for batch in batches {
///   …
///   training.update(along: gradients)
///   average.update()
/// }
/// let accuracy = average.withAverage { evaluate(model) }
/// ```
///
/// Buffers of floating type are averaged too if asked for; otherwise they are the model's, and
/// running statistics should be gathered anew for the averaged weights.
///
/// Source: [Polyak and Juditsky 1992]; stochastic weight averaging, [Izmailov et al. 2018].
public struct WeightAverage: Sendable {
  /// How weights are averaged.
  public enum Kind: Sendable {
    /// a ← β a + (1 − β) θ, from the first values on.
    case exponential(decay: Double)
    /// The same with β = min(decay, (1 + n) / (10 + n)) at the n-th update, which forgets the
    /// beginning sooner.
    case warmedExponential(decay: Double)
    /// The mean of all values taken in: stochastic weight averaging, once an epoch or once a cycle
    /// of the rate.
    case mean
  }

  /// How weights are averaged.
  public let kind: Kind
  /// How many values have been taken in.
  public private(set) var count = 0
  /// The averages, in the order of the parameters.
  public private(set) var values: [Tensor]
  private let parameters: [Parameter]

  /// - Parameter includesBuffers: Whether running statistics and the like are averaged too; `false`
  ///   unless told otherwise.
  public init(of model: some Layer, _ kind: Kind, includesBuffers: Bool = false) {
    switch kind {
    case .exponential(let decay), .warmedExponential(let decay):
      requireAverage(decay, named: "decay", in: "WeightAverage")
    case .mean: break
    }
    self.kind = kind
    parameters = model.parameters.filter {
      $0.dtype.isFloating && (includesBuffers || !($0 is Buffer))
    }
    values = parameters.map(\.value.detached)
  }

  /// Takes in the parameters as they are now.
  public mutating func update() {
    count += 1
    let share =
      switch kind {
      case .exponential(let decay): 1 - decay
      case .warmedExponential(let decay):
        1 - min(decay, (1 + Double(count)) / (10 + Double(count)))
      case .mean: 1 / Double(count)
      }
    withoutDerivative {
      for (index, parameter) in parameters.enumerated() {
        values[index] += share * (parameter.value - values[index])
      }
    }
  }

  /// Runs `body` with the averages in the model, and puts the parameters back.
  ///
  /// Do not train inside: what happens to the parameters there is lost.
  public func withAverage<Result>(_ body: () throws -> Result) rethrows -> Result {
    let current = parameters.map(\.value.detached)
    copyToModel()
    defer { for (parameter, value) in zip(parameters, current) { parameter.value = value } }
    return try body()
  }

  /// Leaves the averages in the model for good.
  public func copyToModel() {
    for (parameter, value) in zip(parameters, values) { parameter.value = value }
  }
}

extension WeightAverage: TrainingState {
  public mutating func visit(by visitor: inout some StateVisitor) {
    visitor.visit("count", &count)
    for index in values.indices { visitor.visit("values.\(index)", &values[index]) }
  }
}
