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
  public internal(set) var iteration = 0

  let list: ParameterList
  /// The positions in the list of what is not a buffer.
  let trained: [Int]
  /// Beside ``trained``.
  var states: [Rule.State]

  /// Begins training the model's parameters by a rule.
  public init<Model: Layer>(_ model: Model, with rule: Rule) {
    self.rule = rule
    let list = ParameterList.of(model)
    self.list = list
    trained = list.entries.indices.filter { !(list.entries[$0].parameter is Buffer) }
    states = trained.map { position in
      let entry = list.entries[position]
      return rule.initialState(for: entry.parameter.value.detached, named: entry.name)
    }
  }

  /// Moves every parameter that is not frozen and has a gradient one step.
  ///
  /// The gradients may be of a larger model that holds the same parameters; those of others are
  /// passed over, and the rule does not see them.
  public mutating func update(along gradients: Gradients) {
    iteration += 1
    let gradients = rule.prepare(gradients.reordered(as: list), at: iteration)
    withoutDerivative {
      for (index, position) in trained.enumerated() {
        guard let gradient = gradients.entries[position] else { continue }
        let parameter = list.entries[position].parameter
        if parameter.isFrozen { continue }
        requireMatch(gradient, list.entries[position])
        parameter.update { tensor in
          switch gradient {
          case .dense(let gradient):
            rule.update(&tensor, along: gradient, state: &states[index], at: iteration)
          case .rows(let rows):
            rule.update(&tensor, along: rows, state: &states[index], at: iteration)
          }
        }
      }
    }
  }

  private func requireMatch(_ gradient: ParameterGradient, _ entry: ParameterList.Entry) {
    require(
      gradient.shape == entry.parameter.shape,
      "Optimizing: \(entry.name) has shape \(entry.parameter.shape), its gradient \(gradient.shape)"
    )
  }

  /// What the rule remembers for a parameter; `nil` for a parameter of another model or a buffer.
  public subscript(state parameter: Parameter) -> Rule.State? {
    list.position(of: parameter).flatMap { trained.firstIndex(of: $0) }.map { states[$0] }
  }
}
