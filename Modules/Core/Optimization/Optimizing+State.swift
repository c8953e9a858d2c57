extension Optimizing: TrainingState {
  /// All that is remembered: `iteration`, the rates of a rule that is ``RateAdjustable`` as
  /// `learningRates`, and for each parameter the parts of the rule's memory, such as
  /// `hidden.weight.first`. Together with the parameters and the rule's other settings it determines
  /// how the training goes on.
  ///
  /// The rule's memory must be a ``TrainingState`` or `Void`; anything else traps.
  public mutating func visit(by visitor: inout some StateVisitor) {
    visitor.visit("iteration", &iteration)
    if var adjustable = rule as? any RateAdjustable {
      let rates = adjustable.learningRates
      var tensor = Tensor(scalars: rates, shape: [rates.count])
      visitor.visit("learningRates", &tensor)
      adjustable.learningRates = tensor.scalars(as: Double.self)
      rule = adjustable as! Rule
    }
    for (index, position) in trained.enumerated() {
      visitor.visit(list.entries[position].name, within: &states[index])
    }
  }
}
