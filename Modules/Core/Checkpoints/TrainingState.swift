/// Something that changes during a training, in a form that can be written down and read back.
///
/// One method does both: it shows each part to a visitor, which may read or replace it.
///
/// ```swift
/// struct Run: TrainingState {
///   let model = Perceptron()
///   var training: Optimizing<Adam>
///   var generator = RandomGenerator(seed: 7)
///   var losses: [Double] = []
///
///   mutating func visit(by visitor: inout some StateVisitor) {
///     visitor.visit("model", layer: model)               // its parameters and buffers
///     visitor.visit("training", within: &training)       // anything else that is a state
///     visitor.visit("generator", within: &generator)
///     visitor.visit("losses", list: &losses)
///   }
/// }
/// ```
///
/// ``Checkpoints`` writes such a value to files. `Tensor`, ``RandomGenerator``, ``Optimizing`` and
/// what the rules of `Optim` remember are states.
public protocol TrainingState {
  /// Shows every part, each under a name of its own. Which parts there are may depend on parts that
  /// were shown before.
  mutating func visit(by visitor: inout some StateVisitor)
}

extension TrainingState {
  /// Every part by its full name, such as `model.hidden.weight`, in the order of the visit.
  public var stateTensors: [(name: String, tensor: Tensor)] {
    var copy = self
    var collector = StateCollector()
    copy.visit(by: &collector)
    return collector.found
  }

  /// Takes back what ``stateTensors`` gave. Nothing changes unless everything fits.
  ///
  /// - Throws: ``StateMismatch`` with every name that is missing, unexpected or of another shape or
  ///   type.
  public mutating func restore(_ tensors: [String: Tensor]) throws(StateMismatch) {
    var copy = self
    var restorer = StateRestorer(tensors: tensors)
    copy.visit(by: &restorer)
    try restorer.finish()
    self = copy
  }
}

/// What a rule remembers for a parameter: a training state like any other.
public typealias OptimizerState = TrainingState

extension Tensor: TrainingState {
  public mutating func visit(by visitor: inout some StateVisitor) {
    visitor.visit("value", &self)
  }
}
