import Activations
import Core

// Functions of each element, forward only.

extension Catalogue {
  static var elementwise: [Row] {
    [
      function("exp") { exp($0) },
      function("tanh") { tanh($0) },
      function("sigmoid") { sigmoid($0) },
      function("softplus") { softplus($0) },
      function("gelu") { gelu($0) },
      function("leakyrelu") { leakyReLU($0) },
      function("hardtanh") { hardTanh($0) },
      function("hardsigmoid") { hardSigmoid($0) },
      function("hardswish") { hardSwish($0) },
      function("elu") { elu($0) },
      function("softsign") { softsign($0) },
      function("mish") { mish($0) },
      Row("add-fwd/1e6", bytes: 12e6) {
        let (x, y) = (normal([1_000_000]), normal([1_000_000]))
        return { _ = x + y }
      },
    ]
  }

  private static func function(_ name: String, _ function: @escaping (Tensor) -> Tensor) -> Row {
    Row(name + "-fwd/1e6", bytes: 8e6) {
      let x = normal([1_000_000])
      return { _ = function(x) }
    }
  }
}
