import Activations
import Core

extension DrawnActivation {
  /// Every function of the module Activations, and those of Core that it lists as layers.
  static var all: [DrawnActivation] { steps + sigmoids + rectifiers + smoothRectifiers + ofRows }

  private static var steps: [DrawnActivation] {
    [
      .init("sign", "𝟏{x > 0} − 𝟏{x < 0}", derivative: "0", kinks: [0]) { sign($0) },
      .init(
        "heaviside", "𝟏{x > 0} + ½ 𝟏{x = 0}", derivative: "0", kinks: [0]
      ) { heaviside($0) },
      .init(
        "indicator of −1...1", "𝟏{−1 ≤ x ≤ 1}", derivative: "0", kinks: [-1, 1]
      ) {
        indicator($0, of: -1...1)
      },
    ]
  }

  private static var sigmoids: [DrawnActivation] {
    [
      .init("sigmoid", "1 / (1 + e⁻ˣ)", derivative: "y (1 − y)") { sigmoid($0) },
      .init("logSigmoid", "ln σ(x) = −softplus(−x)", derivative: "σ(−x)") { logSigmoid($0) },
      .init(
        "hardSigmoid", "min(max(x + 3, 0), 6) / 6", derivative: "𝟏{−3 < x < 3} / 6",
        kinks: [-3, 3]
      ) { hardSigmoid($0) },
      .init("tanh", "(eˣ − e⁻ˣ) / (eˣ + e⁻ˣ)", derivative: "1 − y²") { tanh($0) },
      .init("hardTanh", "min(max(x, −1), 1)", derivative: "𝟏{−1 < x < 1}", kinks: [-1, 1]) {
        hardTanh($0)
      },
      .init("softsign", "x / (1 + |x|)", derivative: "1 / (1 + |x|)²") { softsign($0) },
    ]
  }

  private static var rectifiers: [DrawnActivation] {
    [
      .init("relu", "max(0, x) = x H(x)", derivative: "𝟏{x > 0}", kinks: [0]) { relu($0) },
      .init(
        "hardTanh in 0...6", "min(max(x, 0), 6)", derivative: "𝟏{0 < x < 6}",
        caption: "min(max(x, 0), 6), also called ReLU6", kinks: [0, 6]
      ) {
        hardTanh($0, in: 0...6)
      },
      .init(
        "leakyReLU, slope 0.1", "max(x, 0.1 x)", derivative: "1 for x > 0, 0.1 else",
        kinks: [0]
      ) { leakyReLU($0, slope: 0.1) },
      .init(
        "prelu, a = 0.25", "x for x > 0, a x else", derivative: "1 for x > 0, a else",
        caption: "x for x > 0, a x else; a is learnt", kinks: [0]
      ) {
        prelu($0, weight: Tensor([0.25], dtype: .float64))
      },
      .init(
        "elu", "x for x > 0, eˣ − 1 else", derivative: "1 for x > 0, eˣ else"
      ) { elu($0) },
      .init(
        "celu, α = 2", "x for x > 0, α (e^(x/α) − 1) else",
        derivative: "1 for x > 0, e^(x/α) else"
      ) { celu($0, alpha: 2) },
      .init(
        "selu", "λ x for x > 0, λ α (eˣ − 1) else", derivative: "λ for x > 0, λ α eˣ else",
        kinks: [0]
      ) { selu($0) },
    ]
  }

  private static var smoothRectifiers: [DrawnActivation] {
    [
      .init("softplus", "ln(1 + eˣ)", derivative: "σ(x)") { softplus($0) },
      .init("softplus, β = 3", "ln(1 + e^(βx)) / β", derivative: "σ(βx)") {
        Softplus(beta: 3)($0)
      },
      .init("gelu", "x Φ(x)", derivative: "Φ(x) + x φ(x)") { gelu($0) },
      .init(
        "gelu by tanh", "x s, s = σ(2u), u ≈ 0.8 (x + 0.045 x³)",
        derivative: "s + 2 x s (1 − s) u′", caption: "x σ(1.6 (x + 0.045 x³))"
      ) {
        gelu($0, approximate: .tanh)
      },
      .init("silu", "x σ(x)", derivative: "σ(x) (1 + x (1 − σ(x)))") { silu($0) },
      .init(
        "hardSwish", "x hardSigmoid(x)", derivative: "x/3 + ½ for −3 < x < 3",
        kinks: [-3, 3]
      ) { hardSwish($0) },
      .init(
        "mish", "x t, t = tanh(softplus(x))", derivative: "t + x (1 − t²) σ(x)",
        caption: "x tanh(softplus(x))"
      ) { mish($0) },
    ]
  }

  /// Functions of several numbers, along a line through their domain.
  private static var ofRows: [DrawnActivation] {
    [
      .init(
        "softmax", "S(x)ᵢ = exp(xᵢ) / Σⱼ exp(xⱼ)", derivative: "∂Sᵢ/∂xⱼ = Sᵢ (δᵢⱼ − Sⱼ)",
        caption: "the first of S(x, 0, 0)"
      ) { first(of: softmax(row($0, 0 * $0, 0 * $0))) },
      .init(
        "logSoftmax", "ln S(x)ᵢ = xᵢ − ln Σⱼ exp(xⱼ)", derivative: "∂ln Sᵢ/∂xⱼ = δᵢⱼ − Sⱼ",
        caption: "the first of ln S(x, 0, 0)"
      ) { first(of: logSoftmax(row($0, 0 * $0, 0 * $0))) },
      .init(
        "maxout", "max of each group", derivative: "1 for the greatest, 0 for others",
        caption: "max(−x, ½, x/2)", kinks: [-0.5, 1]
      ) { x in
        first(of: maxout(row(-x, 0 * x + 0.5, x / 2), pieces: 3))
      },
      .init(
        "glu", "a σ(b)", derivative: "∂a: σ(b), ∂b: a σ(b) (1 − σ(b))",
        caption: "a σ(b) at a = b = x"
      ) { first(of: glu(row($0, $0))) },
      .init(
        "reglu", "a relu(b)", derivative: "∂a: relu(b), ∂b: a 𝟏{b > 0}",
        caption: "a relu(b) at a = b = x"
      ) { first(of: reglu(row($0, $0))) },
      .init(
        "geglu", "a gelu(b)", derivative: "∂a: gelu(b), ∂b: a gelu′(b)",
        caption: "a gelu(b) at a = b = x"
      ) { first(of: geglu(row($0, $0))) },
      .init(
        "swiglu", "a silu(b)", derivative: "∂a: silu(b), ∂b: a silu′(b)",
        caption: "a silu(b) at a = b = x"
      ) { first(of: swiglu(row($0, $0))) },
    ]
  }

  /// Numbers side by side: [n] each → [n, count].
  private static func row(_ columns: Tensor...) -> Tensor { stacked(columns, along: 1) }

  /// The first column: [n, count] → [n].
  private static func first(of rows: Tensor) -> Tensor {
    rows.narrowed(1, from: 0, count: 1).flattened()
  }
}
