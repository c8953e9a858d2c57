import Core

/// Stops on a setting that no rule can mean.
func requireRate(_ learningRate: Double, in rule: StaticString) {
  require(learningRate >= 0, "\(rule): the learning rate \(learningRate) is negative")
}

/// Stops on a weight decay that no rule can mean.
func requireDecay(_ decay: Double, in rule: StaticString) {
  require(decay >= 0, "\(rule): the weight decay \(decay) is negative")
}

/// Stops on a factor of a moving average outside [0, 1).
func requireAverage(_ factor: Double, named name: StaticString, in rule: StaticString) {
  require(factor >= 0 && factor < 1, "\(rule): \(name) is \(factor), not within 0..<1")
}
