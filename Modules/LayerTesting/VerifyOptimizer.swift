import Core

/// Checks that a rule keeps the laws of optimizers, and throws ``ConformanceError`` where it does
/// not.
///
/// ```swift
/// try verify(optimizer: SignDescent())
/// ```
///
/// - A step has the shape and type of its parameter, for scalars, vectors, matrices, empty tensors,
///   in float32 and float64; the tensors that it remembers keep their shapes.
/// - `update` does what subtracting `step` does, and leaves the gradient as it is.
/// - A gradient of 0 leaves a fresh parameter where it is.
/// - The layout of the gradient and the number of threads do not matter.
/// - Frozen parameters and buffers stay.
/// - It comes down a convex quadratic.
///
/// - Parameters:
///   - movesAtZeroGradient: Whether a gradient of 0 may move the parameter, as weight decay does.
///   - steps: How many steps the descent may take.
///   - ratio: By what factor the quadratic must have fallen then, from distances of about 1.
public func verify<Rule: Optimizer>(
  optimizer rule: Rule, movesAtZeroGradient: Bool = false, steps: Int = 1000, ratio: Double = 0.5
) throws {
  let suite = OptimizerSuite(rule: rule)
  for dtype in [DType.float32, .float64] {
    for shape in [[], [1], [5], [3, 4], [0], [2, 0, 3], [40, 300]] as [Shape] {
      try suite.keepsShapes(shape, dtype)
      try suite.updatesByTheStep(shape, dtype)
      if !movesAtZeroGradient { try suite.restsAtZeroGradient(shape, dtype) }
    }
    try suite.takesAnyLayout(dtype)
    try suite.ignoresTheThreadCount(dtype)
  }
  try suite.leavesFrozenParameters()
  try suite.descends(steps: steps, ratio: ratio)
}

struct OptimizerSuite<Rule: Optimizer> {
  let rule: Rule

  /// A parameter and gradients, the same for each call.
  func sample(_ shape: Shape, _ dtype: DType, gradients: Int = 4) -> (Tensor, [Tensor]) {
    var generator = RandomGenerator(seed: 11)
    let parameter = Tensor.randomNormal(shape, dtype: dtype, using: &generator)
    return (
      parameter,
      (0..<gradients).map { _ in Tensor.randomNormal(shape, dtype: dtype, using: &generator) }
    )
  }

  /// The parameter after some updates.
  func updated(_ parameter: Tensor, along gradients: [Tensor]) -> Tensor {
    var parameter = parameter
    var state = rule.initialState(for: parameter)
    for (index, gradient) in gradients.enumerated() {
      rule.update(&parameter, along: gradient, state: &state, at: index + 1)
    }
    return parameter
  }

  func keepsShapes(_ shape: Shape, _ dtype: DType) throws {
    var (parameter, gradients) = sample(shape, dtype)
    var state = rule.initialState(for: parameter)
    let shapes = tensors(in: state).map(\.shape)
    for (index, gradient) in gradients.enumerated() {
      let step = rule.step(for: gradient, of: parameter, state: &state, at: index + 1)
      try expect(
        step.shape == shape && step.dtype == dtype,
        "a step has the shape and type of its parameter",
        "a \(step.dtype) step of shape \(step.shape) for a \(dtype) parameter of shape \(shape)")
      parameter -= step
      let now = tensors(in: state).map(\.shape)
      try expect(
        now.count == shapes.count && zip(now, shapes).allSatisfy { $0 == $1 || $1 == [] },
        "what the rule remembers keeps its shapes",
        "\(shapes) before update \(index + 1) of a parameter of shape \(shape), \(now) after it")
    }
  }

  func updatesByTheStep(_ shape: Shape, _ dtype: DType) throws {
    let law = "an update subtracts the step"
    let (start, gradients) = sample(shape, dtype)
    var stepped = start
    var state = rule.initialState(for: start)
    for (index, gradient) in gradients.enumerated() {
      stepped -= rule.step(for: gradient, of: stepped, state: &state, at: index + 1)
    }
    let copies = gradients.map { $0 + 0 }
    let updated = updated(start, along: gradients)
    try checking(law) {
      try expectClose(
        updated, stepped, relative: dtype == .float32 ? 1e-4 : 1e-9,
        "after \(gradients.count) updates of a \(dtype) parameter of shape \(shape)")
    }
    try expect(
      zip(gradients, copies).allSatisfy { identical($0, $1) },
      "an update leaves the gradient as it is", "a \(dtype) gradient of shape \(shape) has changed")
    try expect(
      identical(start, sample(shape, dtype).0), "an update writes to its own parameter only",
      "a copy of the parameter, of shape \(shape), has changed too")
  }

  func restsAtZeroGradient(_ shape: Shape, _ dtype: DType) throws {
    let (parameter, _) = sample(shape, dtype)
    let zeros = [Tensor](repeating: Tensor.zeros(like: parameter), count: 3)
    try expect(
      identical(updated(parameter, along: zeros), parameter),
      "a gradient of 0 leaves a fresh parameter where it is",
      "a \(dtype) parameter of shape \(shape) moved; pass movesAtZeroGradient if it is to decay")
  }

  func takesAnyLayout(_ dtype: DType) throws {
    let (parameter, gradients) = sample([3, 4], dtype)
    let expected = updated(parameter, along: gradients)
    for index in views(of: parameter).indices {
      let layout = views(of: parameter)[index].layout
      try checking("the layout of the gradient does not matter") {
        try expectClose(
          updated(parameter, along: gradients.map { views(of: $0)[index].tensor }), expected,
          "a \(layout) gradient")
      }
      try checking("the layout of the parameter does not matter") {
        try expectClose(
          updated(views(of: parameter)[index].tensor, along: gradients), expected,
          "a \(layout) parameter")
      }
    }
  }

  func ignoresTheThreadCount(_ dtype: DType) throws {
    let original = Parallel.threadCount
    defer { Parallel.threadCount = original }
    let (parameter, gradients) = sample([300, 257], dtype, gradients: 2)
    Parallel.threadCount = 1
    let expected = updated(parameter, along: gradients)
    for count in [2, 3] {
      Parallel.threadCount = count
      try expect(
        identical(updated(parameter, along: gradients), expected),
        "the number of threads does not matter",
        "a \(dtype) update differs between 1 and \(count) threads")
    }
  }
}
