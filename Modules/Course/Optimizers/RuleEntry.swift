import Core
import Optim

/// A first-order rule, as the comparison knows it: all but its rate is the default.
struct RuleEntry: Sendable {
  let name: String
  let make: @Sendable (Double) -> any Optimizer

  static let all: [RuleEntry] = [
    .init(name: "plain descent") { GradientDescent(learningRate: $0) },
    .init(name: "momentum") { GradientDescent(learningRate: $0, momentum: 0.9) },
    .init(name: "Nesterov") {
      GradientDescent(learningRate: $0, momentum: 0.9, isNesterov: true)
    },
    .init(name: "moving average") { MovingAverageDescent(learningRate: $0) },
    .init(name: "AdaGrad") { AdaGrad(learningRate: $0) },
    .init(name: "RMSProp") { RMSProp(learningRate: $0) },
    .init(name: "AdaDelta") { AdaDelta(learningRate: $0) },
    .init(name: "Adam") { Adam(learningRate: $0) },
    .init(name: "AdamW") { AdamW(learningRate: $0) },
    .init(name: "AMSGrad") { AMSGrad(learningRate: $0) },
    .init(name: "Adamax") { Adamax(learningRate: $0) },
    .init(name: "NAdam") { NAdam(learningRate: $0) },
    .init(name: "RAdam") { RAdam(learningRate: $0) },
    .init(name: "Lion") { Lion(learningRate: $0) },
    .init(name: "LAMB") { LAMB(learningRate: $0) },
    .init(name: "Adafactor") { Adafactor(learningRate: $0) },
  ]

  /// The rates that are tried: 1 and 3 times powers of ten, from 10⁻⁴ to 30.
  static let rates: [Double] = [
    1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3, 1, 3, 10, 30,
  ]
}
