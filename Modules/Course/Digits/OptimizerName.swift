import Optim

/// The rules that `--optimizer` names.
enum OptimizerName: String, CaseIterable {
  case sgd, momentum, adam, adamw

  /// A rate that suits the rule and the digits.
  var learningRate: Double {
    switch self {
    case .sgd: 0.1
    case .momentum: 0.02
    case .adam, .adamw: 0.003
    }
  }
}
