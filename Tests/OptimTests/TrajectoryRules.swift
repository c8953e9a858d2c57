import Core
import Optim

typealias NamedRule = (name: String, rule: any Optimizer & Sendable)

/// Every rule of the references, under its name there; the named ones and the chains that they are.
let trajectoryRules: [NamedRule] = first + families + adams + others

private let first: [NamedRule] = [
  ("descent", GradientDescent(learningRate: 0.1)),
  ("momentum", GradientDescent(learningRate: 0.1, momentum: 0.9)),
  ("dampened", GradientDescent(learningRate: 0.1, momentum: 0.9, dampening: 0.3)),
  ("nesterov", GradientDescent(learningRate: 0.05, momentum: 0.8, isNesterov: true)),
  ("descent, decay", GradientDescent(learningRate: 0.1, weightDecay: 0.05)),
  ("descent, decay", GradientDescent(learningRate: 0.1).withL2Decay(0.05)),
  ("descent, decay", GradientDescent(learningRate: 0.1).withDecoupledDecay(0.05)),
  (
    "nesterov, decay",
    GradientDescent(learningRate: 0.05, momentum: 0.8, isNesterov: true, weightDecay: 0.05)
  ),
  (
    "nesterov, decay",
    GradientDescent(learningRate: 0.05, momentum: 0.8, isNesterov: true).withL2Decay(0.05)
  ),
  ("adam", Adam()),
  ("adam, options", Adam(learningRate: 0.1, beta1: 0.8, beta2: 0.95, epsilon: 1e-3)),
  ("adam, decay", Adam(learningRate: 0.1, weightDecay: 0.05)),
  ("adam, decay", Adam(learningRate: 0.1).withL2Decay(0.05)),
  ("adamW", AdamW()),
  ("adamW", Adam().withDecoupledDecay(1e-2)),
  (
    "adamW, options",
    AdamW(learningRate: 0.1, beta1: 0.8, beta2: 0.95, epsilon: 1e-3, weightDecay: 0.2)
  ),
  (
    "adamW, options",
    Adam(learningRate: 0.1, beta1: 0.8, beta2: 0.95, epsilon: 1e-3).withDecoupledDecay(0.2)
  ),
  ("momentum, norm", GradientDescent(learningRate: 0.1, momentum: 0.9).clipped(toNorm: 1)),
  ("adam, value", Adam(learningRate: 0.1).clipped(toValue: 0.5)),
  ("descent, steps", GradientDescent(learningRate: 0.1).scheduled(.steps(every: 3, by: 0.5))),
  (
    "descent, milestones",
    GradientDescent(learningRate: 0.1).scheduled(.steps(at: [2, 7], by: 0.5))
  ),
  (
    "momentum, cosine",
    GradientDescent(learningRate: 0.1, momentum: 0.9).scheduled(.cosine(over: 10))
  ),
  (
    "adamW, warm cosine",
    AdamW(learningRate: 0.1, weightDecay: 0.2)
      .scheduled(.cosine(over: 10, warmUp: 3, to: 0.1))
  ),
  (
    "adamW, warm cosine",
    Adam(learningRate: 0.1).withDecoupledDecay(0.2)
      .scheduled(.cosine(over: 10, warmUp: 3, to: 0.1))
  ),
  (
    // The schedule inside: the decay follows the rate in force all the same.
    "adamW, warm cosine",
    Adam(learningRate: 0.1).scheduled(.cosine(over: 10, warmUp: 3, to: 0.1))
      .withDecoupledDecay(0.2)
  ),
  ("descent, exponential", GradientDescent(learningRate: 0.1).scheduled(.exponential(by: 0.8))),
  (
    "descent, polynomial",
    GradientDescent(learningRate: 0.1).scheduled(.polynomial(over: 8, power: 2))
  ),
  (
    "descent, restarts",
    GradientDescent(learningRate: 0.1).scheduled(.cosineRestarts(every: 2, growth: 2, to: 0.1))
  ),
  ("descent, one cycle", GradientDescent(learningRate: 0.1).scheduled(.oneCycle(over: 10))),
  ("descent, maximize", GradientDescent(learningRate: 0.1, weightDecay: 0.05).maximizing()),
  ("momentum", MomentumTrace(momentum: 0.9).scaled(by: 0.1)),
  ("nesterov", MomentumTrace(momentum: 0.8, isNesterov: true).scaled(by: 0.05)),
]

private let families: [NamedRule] = [
  ("adaGrad", AdaGrad()),
  ("adaGrad", AdaGradScaling().scaled(by: 1e-2)),
  (
    "adaGrad, options",
    AdaGrad(learningRate: 0.5, epsilon: 1e-3, start: 0.2, weightDecay: 0.05)
      .scheduled(.inverseTime(0.1))
  ),
  ("rmsProp", RMSProp()),
  ("rmsProp", RMSScaling().scaled(by: 1e-2)),
  (
    "rmsProp, options",
    RMSProp(learningRate: 0.05, beta: 0.9, epsilon: 1e-3, weightDecay: 0.05)
  ),
  ("rmsProp, momentum", RMSProp(learningRate: 0.02, momentum: 0.8)),
  ("rmsProp, momentum", RMSScaling().then(MomentumTrace(momentum: 0.8)).scaled(by: 0.02)),
  ("rmsProp, momentum", RMSScaling().then(GradientDescent(learningRate: 0.02, momentum: 0.8))),
  (
    "rmsProp, centered", RMSProp(learningRate: 0.02, beta: 0.9, momentum: 0.5, isCentered: true)
  ),
  ("adaDelta", AdaDelta()),
  ("adaDelta", AdaDeltaScaling().scaled(by: 1)),
  ("adaDelta, options", AdaDelta(learningRate: 2, rho: 0.8, epsilon: 1e-2, weightDecay: 0.05)),
  ("moving average", MovingAverageDescent(learningRate: 0.1, beta: 0.8, correctsBias: false)),
  ("moving average", GradientDescent(learningRate: 0.1 * 0.2, momentum: 0.8)),
  (
    "moving average, corrected",
    MovingAverageDescent(learningRate: 0.1, beta: 0.8, weightDecay: 0.05)
  ),
  (
    "signed momentum", MovingAverage(beta: 0.8).withSignedStep().scaled(by: 0.1)
  ),
]

private let adams: [NamedRule] = [
  ("adam", AdamScaling().scaled(by: 1e-3)),
  ("adamW", AdamScaling().addingDecay(1e-2).scaled(by: 1e-3)),
  ("adam, maximize", Adam(learningRate: 0.1).maximizing()),
  ("amsGrad", AMSGrad(learningRate: 0.1, beta1: 0.8, beta2: 0.7, weightDecay: 0.05)),
  (
    "amsGrad, decoupled",
    AMSGrad(learningRate: 0.1, beta1: 0.8, beta2: 0.7).withDecoupledDecay(0.2)
  ),
  ("adamax", Adamax()),
  (
    "adamax, options",
    Adamax(learningRate: 0.1, beta1: 0.8, beta2: 0.7, epsilon: 1e-3, weightDecay: 0.05)
  ),
  ("nAdam", NAdam()),
  (
    "nAdam, options",
    NAdam(
      learningRate: 0.1, beta1: 0.8, beta2: 0.95, epsilon: 1e-3, momentumDecay: 0.1,
      weightDecay: 0.05)
  ),
  ("nAdam, decoupled", NAdam(learningRate: 0.1).withDecoupledDecay(0.2)),
  ("rAdam", RAdam()),
  (
    "rAdam, options",
    RAdam(learningRate: 0.1, beta1: 0.8, beta2: 0.95, epsilon: 1e-3, weightDecay: 0.05)
  ),
  ("rAdam, decoupled", RAdam(learningRate: 0.1).withDecoupledDecay(0.2)),
]

private let others: [NamedRule] = [
  ("lion", Lion(learningRate: 1e-2)),
  ("lion, options", Lion(learningRate: 0.1, beta1: 0.8, beta2: 0.9, weightDecay: 0.2)),
  ("lion, options", LionDirection(beta1: 0.8, beta2: 0.9).scaled(by: 0.1).withDecoupledDecay(0.2)),
  ("lamb", LAMB(learningRate: 1e-2)),
  ("lamb", AdamScaling(epsilon: 1e-6).withTrustRatio().scaled(by: 1e-2)),
  (
    "lamb, options",
    LAMB(learningRate: 0.1, beta1: 0.8, beta2: 0.95, epsilon: 1e-3, weightDecay: 0.1)
  ),
  ("adafactor", Adafactor()),
  (
    "adafactor, options",
    Adafactor(learningRate: 0.4, exponent: 0.6, minimum: 1e-2, limit: 1.2, weightDecay: 0.1)
  ),
  (
    "look-ahead",
    GradientDescent(learningRate: 0.1, momentum: 0.5).withLookAhead(every: 3, fraction: 0.4)
  ),
  (
    // Through a group: one that picks the parameter, one that does not.
    "look-ahead",
    Adam().using(
      GradientDescent(learningRate: 0.1, momentum: 0.5).withLookAhead(every: 3, fraction: 0.4),
      for: .matrices)
  ),
]
