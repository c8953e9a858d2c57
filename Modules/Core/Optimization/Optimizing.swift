/// A model in training: its parameters, found once, and beside each what the rule remembers.
///
/// ```swift
/// var training = Optimizing(model, with: Adam(learningRate: 1e-3))
/// let (loss, gradients) = valueWithGradient(of: model) { … }
/// training.update(along: gradients)
/// ```
public struct Optimizing<Rule: Optimizer> {
  /// The rule; its settings may be changed between updates.
  public var rule: Rule
  /// How many updates have been done.
  public private(set) var iteration = 0

  private let list: ParameterList
  private var states: [Rule.State?]

  public init<Model: Layer>(_ model: Model, with rule: Rule) {
    self.rule = rule
    list = ParameterList.of(model)
    states = list.entries.map { entry in
      entry.parameter is Buffer ? nil : rule.initialState(for: entry.parameter.value.detached)
    }
  }

  /// Moves every parameter that is not frozen and has a gradient one step.
  ///
  /// The gradients may be of a larger model that holds the same parameters; those of others are
  /// passed over.
  public mutating func update(along gradients: Gradients) {
    iteration += 1
    let gradients = rule.prepare(gradients, at: iteration)
    for (index, entry) in list.entries.enumerated() where !entry.parameter.isFrozen {
      let gradient =
        gradients.list === list ? gradients.tensors[index] : gradients[entry.parameter]
      guard let gradient else { continue }
      require(
        gradient.shape == entry.parameter.shape,
        "Optimizing: \(entry.name) has shape \(entry.parameter.shape), its gradient \(gradient.shape)"
      )
      withoutDerivative {
        entry.parameter.update { tensor in
          rule.update(&tensor, along: gradient, state: &states[index]!, at: iteration)
        }
      }
    }
  }

  /// What the rule remembers for a parameter; `nil` for a parameter of another model or a buffer.
  public subscript(state parameter: Parameter) -> Rule.State? {
    list.position(of: parameter).flatMap { states[$0] }
  }
}
