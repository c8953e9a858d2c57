import Core

/// Compares the derivatives of a layer with finite differences, and throws ``GradientError`` where
/// they differ.
///
/// ```swift
/// try checkGradients(of: Swish(), at: Tensor.randomNormal([4, 5], using: &generator))
/// ```
///
/// The gradients of a random weighting of the outputs, with respect to the input and to every
/// parameter that is not frozen, are compared with extrapolated central differences. All runs in
/// float64: the input and the parameters are converted, and the parameters put back exactly
/// afterwards. Random layers are given the same random numbers at each call; buffers are put back
/// before each.
///
/// - Parameters:
///   - x: An input; one of an integer type (indices) is held fixed.
///   - order: 2 checks the derivatives of the gradients too.
///   - mode: The mode to run in; by default inference, and training too where it changes the output.
///   - relative: The greatest relative difference allowed. Correct derivatives reach about 10⁻⁹.
///   - absolute: The greatest difference allowed beside that.
///   - positions: How many elements of each tensor are looked at one by one. Of a larger tensor, a
///     random choice is, and all elements at once along a random direction.
///   - seed: Fixes the weighting, the choice and the layer's own randomness.
public func checkGradients<L: Layer>(
  of layer: L, at x: Tensor, order: Int = 1, mode: Mode? = nil, relative: Double = 1e-6,
  absolute: Double = 1e-9, positions: Int = 64, seed: UInt64 = 0
) throws where L.Input == Tensor, L.Output == Tensor {
  try check(
    layer, ["input"], [x], order, mode, relative, absolute, positions, seed
  ) { layer($0[0]) }
}

/// Compares the derivatives of a function with finite differences.
///
/// ```swift
/// try checkGradients(of: { softmax($0) }, at: x, order: 2)
/// ```
public func checkGradients(
  of function: (Tensor) -> Tensor, at x: Tensor, order: Int = 1, relative: Double = 1e-6,
  absolute: Double = 1e-9, positions: Int = 64, seed: UInt64 = 0
) throws {
  try check(
    ParameterGroup([]), ["input"], [x], order, .inference, relative, absolute, positions, seed
  ) { function($0[0]) }
}

/// Compares the derivatives of a function of several tensors with finite differences.
///
/// The inputs are named `input.0`, `input.1`, … in the report.
public func checkGradients(
  of function: ([Tensor]) -> Tensor, at inputs: [Tensor], order: Int = 1, relative: Double = 1e-6,
  absolute: Double = 1e-9, positions: Int = 64, seed: UInt64 = 0
) throws {
  try check(
    ParameterGroup([]), inputs.indices.map { "input.\($0)" }, inputs, order, .inference, relative,
    absolute, positions, seed, function)
}

/// Compares the derivatives of a computation with a model with finite differences: for layers whose
/// input or output is no single tensor, and for whole losses.
///
/// ```swift
/// try checkGradients(of: cell, at: [x, hidden]) { cell((input: $0[0], state: $0[1])).output }
/// ```
///
/// - Parameter function: Computes one tensor from the inputs, by means of `model`.
public func checkGradients<L: Layer>(
  of model: L, at inputs: [Tensor] = [], order: Int = 1, mode: Mode? = nil,
  relative: Double = 1e-6, absolute: Double = 1e-9, positions: Int = 64, seed: UInt64 = 0,
  _ function: ([Tensor]) -> Tensor
) throws {
  try check(
    model, inputs.indices.map { "input.\($0)" }, inputs, order, mode, relative, absolute,
    positions, seed, function)
}

private func check<L: Layer>(
  _ model: L, _ names: [String], _ inputs: [Tensor], _ order: Int, _ mode: Mode?,
  _ relative: Double, _ absolute: Double, _ positions: Int, _ seed: UInt64,
  _ function: ([Tensor]) -> Tensor
) throws {
  require(order == 1 || order == 2, "checkGradients: the order \(order) is neither 1 nor 2")
  try withoutActuallyEscaping(function) { function in
    try inFloat64(model) {
      // Inputs become parameters, so that there is one kind of variable only; those of integer
      // types are frozen from birth.
      let arguments = inputs.map { Parameter($0.dtype.isFloating ? $0.cast(to: .float64) : $0) }
      let named =
        zip(names, arguments).map { ($0, $1) }
        + model.namedParameters.map { ($0.name, $0.parameter) }
      let variables = named.filter { !$0.1.isFrozen }
      let buffers = Snapshot(of: model.parameters.filter { $0 is Buffer })
      defer { buffers.restore() }
      let group = ParameterGroup(variables.map(\.1))
      func check(in mode: Mode) -> GradientCheck {
        GradientCheck(
          variables: variables.map { (name: $0.0, parameter: $0.1) }, state: buffers, mode: mode,
          relative: relative, absolute: absolute, positions: positions, seed: seed, group: group
        ) { function(arguments.map(\.value)) }
      }
      if let mode { return try check(in: mode).run(order: order) }
      try check(in: .inference).run(order: order)
      let (inference, training) = (check(in: .inference).value(), check(in: .training).value())
      if inference.shape != training.shape || !(inference .== training).all() {
        try check(in: .training).run(order: order)
      }
    }
  }
}
