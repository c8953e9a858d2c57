import Activations
import Core

/// One activation under test.
struct Activated: Sendable, CustomStringConvertible {
  let name: String
  /// Where the function or its derivative has a kink.
  var kinks: [Double] = []
  /// The values at −∞ and at +∞.
  let limits: (Double, Double)
  let function: @Sendable (Tensor) -> Tensor

  var description: String { name }

  init(
    _ name: String, limits: (Double, Double), kinks: [Double] = [],
    _ function: @escaping @Sendable (Tensor) -> Tensor
  ) {
    self.name = name
    self.limits = limits
    self.kinks = kinks
    self.function = function
  }
}

/// Every elementwise function, under its name in the references.
let elementwise: [Activated] = [
  Activated("sigmoid", limits: (0, 1)) { Sigmoid()($0) },
  Activated("tanh", limits: (-1, 1)) { Tanh()($0) },
  Activated("softplus", limits: (0, .infinity)) { Softplus()($0) },
  Activated("softplus2", limits: (0, .infinity)) { Softplus(beta: 2)($0) },
  Activated("relu", limits: (0, .infinity), kinks: [0]) { relu($0) },
  Activated("leakyReLU", limits: (-.infinity, .infinity), kinks: [0]) { leakyReLU($0) },
  Activated("leakyReLU0.3", limits: (-.infinity, .infinity), kinks: [0]) {
    leakyReLU($0, slope: 0.3)
  },
  Activated("leakyReLU2", limits: (-.infinity, .infinity), kinks: [0]) { leakyReLU($0, slope: 2) },
  Activated("elu", limits: (-1, .infinity), kinks: [0]) { elu($0) },
  Activated("elu0.7", limits: (-0.7, .infinity), kinks: [0]) { elu($0, alpha: 0.7) },
  Activated("selu", limits: (-1.7580993408473768, .infinity), kinks: [0]) { selu($0) },
  Activated("celu", limits: (-1, .infinity), kinks: [0]) { celu($0) },
  Activated("celu0.7", limits: (-0.7, .infinity), kinks: [0]) { celu($0, alpha: 0.7) },
  Activated("gelu", limits: (0, .infinity)) { gelu($0) },
  Activated("geluTanh", limits: (0, .infinity)) { gelu($0, approximate: .tanh) },
  Activated("silu", limits: (0, .infinity)) { silu($0) },
  Activated("mish", limits: (0, .infinity)) { mish($0) },
  Activated("hardTanh", limits: (-1, 1), kinks: [-1, 1]) { hardTanh($0) },
  Activated("hardTanh0...6", limits: (0, 6), kinks: [0, 6]) { hardTanh($0, in: 0...6) },
  Activated("hardSigmoid", limits: (0, 1), kinks: [-3, 3]) { hardSigmoid($0) },
  Activated("hardSwish", limits: (0, .infinity), kinks: [-3, 3]) { hardSwish($0) },
  Activated("softsign", limits: (-1, 1), kinks: [0]) { softsign($0) },
  Activated("logSigmoid", limits: (-.infinity, 0)) { logSigmoid($0) },
]

/// Every function of whole rows, under its name in the references.
let rowwise: [(name: String, function: @Sendable (Tensor) -> Tensor)] = [
  ("softmax", { Softmax()($0) }),
  ("softmax0", { Softmax(along: 0)($0) }),
  ("logSoftmax", { LogSoftmax()($0) }),
  ("logSoftmax0", { LogSoftmax(along: 0)($0) }),
  ("glu", { glu($0) }),
  ("glu0", { glu($0, along: 0) }),
  ("reglu", { reglu($0) }),
  ("geglu", { geglu($0) }),
  ("swiglu", { swiglu($0) }),
  ("maxout2", { maxout($0, pieces: 2) }),
  ("maxout3", { maxout($0, pieces: 3) }),
  ("prelu", { prelu($0, weight: Tensor([0.25], dtype: .float64)) }),
  ("preluChannels", { prelu($0, weight: Tensor(RowwiseReferences.slopes, dtype: .float64)) }),
]
