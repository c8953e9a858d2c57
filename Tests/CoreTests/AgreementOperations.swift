import Core

typealias AgreementOperation = @Sendable ([Tensor], AgreementCase) -> [Tensor]

/// What each name in `tensor_agreement.jsonl` stands for.
let agreementOperations: [String: AgreementOperation] = [
  elementwiseAgreements, reductionAgreements, shapeAgreements, indexAgreements, lossAgreements,
].reduce(into: [:]) { all, part in all.merge(part) { _, _ in fatalError("a name occurs twice") } }

private func unary(_ function: @escaping @Sendable (Tensor) -> Tensor) -> AgreementOperation {
  { x, _ in [function(x[0])] }
}

private func binary(
  _ function: @escaping @Sendable (Tensor, Tensor) -> Tensor
) -> AgreementOperation {
  { x, _ in [function(x[0], x[1])] }
}

/// A function of a tensor, some axes and whether they are kept.
private func reduction(
  _ function: @escaping @Sendable (Tensor, [Int], Bool) -> Tensor
) -> AgreementOperation {
  { x, example in
    [function(x[0], Array(example.integers.dropFirst()), example.integers[0] == 1)]
  }
}

/// A function of a tensor and an axis.
private func alongAxis(_ function: @escaping @Sendable (Tensor, Int) -> Tensor)
  -> AgreementOperation
{
  { x, example in [function(x[0], example.integers[0])] }
}

private let elementwiseAgreements: [String: AgreementOperation] = [
  "add": binary { $0 + $1 }, "subtract": binary { $0 - $1 }, "multiply": binary { $0 * $1 },
  "divide": binary { $0 / $1 }, "remainder": binary { $0 % $1 },
  "maximum": binary { maximum($0, $1) }, "minimum": binary { minimum($0, $1) },
  "power": binary { pow($0, $1) }, "atan2": binary { atan2($0, $1) },
  "equal": binary { $0 .== $1 }, "different": binary { $0 .!= $1 }, "less": binary { $0 .< $1 },
  "lessOrEqual": binary { $0 .<= $1 }, "greater": binary { $0 .> $1 },
  "greaterOrEqual": binary { $0 .>= $1 }, "and": binary { $0 .&& $1 }, "or": binary { $0 .|| $1 },
  "not": unary { !$0 }, "select": { x, _ in [select(x[0], x[1], x[2])] },
  "exp": unary { exp($0) }, "expm1": unary { expm1($0) }, "sin": unary { sin($0) },
  "cos": unary { cos($0) }, "tan": unary { tan($0) }, "atan": unary { atan($0) },
  "erf": unary { erf($0) }, "sigmoid": unary { sigmoid($0) }, "tanh": unary { tanh($0) },
  "softplus": unary { softplus($0) }, "floor": unary { floor($0) }, "ceil": unary { ceil($0) },
  "round": unary { round($0) }, "truncate": unary { truncate($0) }, "abs": unary { abs($0) },
  "sign": unary { sign($0) }, "square": unary { square($0) }, "negative": unary { -$0 },
  "log": unary { log($0) }, "log1p": unary { log1p($0) }, "sqrt": unary { sqrt($0) },
  "rsqrt": unary { rsqrt($0) }, "reciprocal": unary { reciprocal($0) },
  "heaviside": unary { heaviside($0) },
  "cast": { x, example in [x[0].cast(to: AgreementCase.dtypes[example.text]!)] },
  "clamped": { x, example in [x[0].clamped(to: example.reals[0]...example.reals[1])] },
]

private let reductionAgreements: [String: AgreementOperation] = [
  "sum": reduction { $0.sum(along: $1, keepingAxes: $2) },
  "mean": reduction { $0.mean(along: $1, keepingAxes: $2) },
  "variance": reduction { $0.variance(along: $1, keepingAxes: $2) },
  "product": reduction { $0.product(along: $1, keepingAxes: $2) },
  "max": reduction { $0.maximum(along: $1, keepingAxes: $2) },
  "min": reduction { $0.minimum(along: $1, keepingAxes: $2) },
  "any": reduction { $0.any(along: $1, keepingAxes: $2) },
  "all": reduction { $0.all(along: $1, keepingAxes: $2) },
  "logSumExp": reduction { logSumExp($0, along: $1[0], keepingAxes: $2) },
  "argmax": alongAxis { $0.argmax(along: $1) }, "argmin": alongAxis { $0.argmin(along: $1) },
  "softmax": alongAxis { softmax($0, along: $1) },
  "logSoftmax": alongAxis { logSoftmax($0, along: $1) }, "norm": unary { $0.norm() },
  "matmul": binary { matmul($0, $1) }, "outer": binary { outer($0, $1) },
  "einsum": { x, example in [einsum(example.text, x)] },
  "cumulativeSum": alongAxis { $0.cumulativeSum(along: $1) },
  "cumulativeProduct": alongAxis { $0.cumulativeProduct(along: $1) },
  "cumulativeMaximum": alongAxis { $0.cumulativeMaximum(along: $1).values },
  "cumulativeMinimum": alongAxis { $0.cumulativeMinimum(along: $1).values },
]

private let shapeAgreements: [String: AgreementOperation] = [
  "reshaped": { x, example in [x[0].reshaped(example.integers)] },
  "permuted": { x, example in [x[0].permuted(example.integers)] },
  "rolled": { x, example in [x[0].rolled(by: example.integers[0], along: example.integers[1])] },
  "flipped": alongAxis { $0.flipped(along: $1) },
  "repeated": { x, example in
    [x[0].repeated(Array(example.integers.dropFirst()), along: example.integers[0])]
  },
  "tiled": { x, example in [x[0].tiled(example.integers)] },
  "diagonal": unary { $0.diagonal() },
  "concatenated": { x, example in [concatenated(x, along: example.integers[0])] },
  "stacked": { x, example in [stacked(x, along: example.integers[0])] },
  "padded": { x, example in
    let widths = stride(from: 0, to: example.integers.count, by: 2).map {
      (before: example.integers[$0], after: example.integers[$0 + 1])
    }
    let border = Tensor.Border.allCases.first { "\($0)" == example.text }
    return [border.map { x[0].padded(widths, border: $0) } ?? x[0].padded(widths, with: 2)]
  },
  "slidingWindows": { x, example in
    [
      x[0].slidingWindows(
        size: example.integers[1], along: example.integers[0], stride: example.integers[2])
    ]
  },
]

private let indexAgreements: [String: AgreementOperation] = [
  "gathered": { x, example in [x[0].gathered(at: x[1], along: example.integers[0])] },
  "takenAlong": { x, example in [x[0].takenAlong(x[1], axis: example.integers[0])] },
  "addingAlong": { x, example in
    [x[0].addingAlong(x[1], at: x[2], axis: example.integers[0])]
  },
  "replacingAlong": { x, example in
    [x[0].replacingAlong(x[1], at: x[2], axis: example.integers[0])]
  },
  "adding": { x, example in [x[0].adding(x[1], at: x[2], along: example.integers[0])] },
  "selected": binary { $0.selected(where: $1) },
  "filled": { x, example in [x[0].filled(with: example.reals[0], where: x[1])] },
  "nonzeroIndices": unary { $0.nonzeroIndices() },
  "oneHot": { x, example in [x[0].oneHot(example.integers[0])] },
  "sorted": { x, example in
    let (axis, descends) = (example.integers[0], example.integers[1] == 1)
    return [
      x[0].sorted(along: axis, descending: descends),
      x[0].argsort(along: axis, descending: descends),
    ]
  },
  "unique": { x, _ in
    let (values, inverse, counts) = x[0].unique()
    return [values, inverse, counts]
  },
  "topK": { x, example in
    let (values, indices) = x[0].topK(
      example.integers[0], along: example.integers[1], largest: example.integers[2] == 1)
    return [values, indices]
  },
]

private let lossAgreements: [String: AgreementOperation] = [
  "meanSquaredError": binary { meanSquaredError($0, $1) },
  "huber": { x, example in [huber(x[0], x[1], threshold: example.reals[0])] },
  "binaryCrossEntropy": binary { binaryCrossEntropy(logits: $0, targets: $1) },
  "softmaxCrossEntropy": binary { softmaxCrossEntropy(logits: $0, labels: $1) },
]
