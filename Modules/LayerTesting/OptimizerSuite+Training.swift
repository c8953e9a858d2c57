import Core

/// A model of three tensors, one of them frozen, and a buffer.
private struct Points: Layer {
  let scalar: Parameter
  let matrix: Parameter
  let frozen: Parameter
  let buffer: Buffer

  init() {
    var generator = RandomGenerator(seed: 5)
    scalar = Parameter(Tensor(0.8))
    matrix = Parameter(Tensor.randomUniform([3, 4], in: -1..<1, using: &generator))
    frozen = Parameter(Tensor.ones([2]))
    frozen.isFrozen = true
    buffer = Buffer(Tensor.ones([2]))
  }

  /// ½ Σ aᵢ pᵢ² with curvatures aᵢ between ½ and 1.
  func callAsFunction(_ input: Tensor) -> Tensor {
    let curvatures = Tensor.linspace(from: 0.5, to: 1, count: 12).reshaped([3, 4])
    let moving = (curvatures * square(matrix.value)).sum() + square(scalar.value)
    return 0.5 * moving + (frozen.value * buffer.value).sum() * input
  }
}

extension OptimizerSuite {
  func leavesFrozenParameters() throws {
    let model = Points()
    var training = Optimizing(model, with: rule)
    for _ in 0..<3 {
      let (_, gradients) = valueWithGradient(of: model) { model(Tensor(1)) }
      training.update(along: gradients)
    }
    for (name, parameter) in [("frozen parameter", model.frozen), ("buffer", model.buffer)] {
      try expect(
        identical(parameter.value, Tensor.ones([2])),
        "frozen parameters and buffers stay where they are", "a \(name) moved")
    }
  }

  func descends(steps: Int, ratio: Double) throws {
    let law = "the rule comes down a convex quadratic"
    let model = Points()
    let zero = Tensor(0)
    let start = model(zero).item()
    var training = Optimizing(model, with: rule)
    var end = start
    for _ in 0..<steps {
      let (_, gradients) = valueWithGradient(of: model) { model(zero) }
      training.update(along: gradients)
      end = model(zero).item()
      if end < 0.5 * ratio * start { return }
    }
    try expect(
      end <= ratio * start, law,
      "from \(start) to \(end) in \(steps) steps, expected \(ratio * start)")
  }
}

/// The tensors that a value holds, by reflection.
func tensors(in value: Any) -> [Tensor] {
  if let tensor = value as? Tensor { return [tensor] }
  return Mirror(reflecting: value).children.flatMap { tensors(in: $0.value) }
}
