import Core

/// Checks that a layer keeps the laws of layers, and throws where it does not:
/// ``ConformanceError``, ``ClosenessError`` or ``GradientError``.
///
/// ```swift
/// try verify(layer: Swish(), at: Tensor.randomNormal([4, 5], using: &generator))
/// ```
///
/// - Parameter names are unique and do not change.
/// - The layer runs in both modes, gives the same result for the same input and seed, and leaves the
///   input as it is.
/// - Its parameters are its whole state: put back, or written to a file and read into other values,
///   they give the same output.
/// - An empty batch gives an empty result and finite gradients.
/// - An input in any layout (transposed, sliced, reversed) gives the result of a contiguous one.
/// - Result and gradients are the same to the last bit for any number of threads.
/// - It works in float64, where its gradients agree with finite differences.
///
/// Parameters and buffers are left as they were.
///
/// - Parameters:
///   - x: A typical input, with at least one axis and one element.
///   - batchAxis: The axis that may be empty; `nil` if none may.
///   - order: 2 checks the derivatives of the gradients too, 0 none.
public func verify<L: Layer>(
  layer: L, at x: Tensor, batchAxis: Int? = 0, order: Int = 1, seed: UInt64 = 0
) throws where L.Input == Tensor, L.Output == Tensor {
  let snapshot = Snapshot(of: layer.parameters)
  defer { snapshot.restore() }
  let suite = LayerSuite(layer: layer, x: stopGradient(x), seed: seed, snapshot: snapshot)
  try suite.namesAreUnique()
  try suite.runsInBothModes()
  try suite.stateRoundTrips()
  if let batchAxis { try suite.takesAnEmptyBatch(axis: batchAxis) }
  try suite.takesAnyLayout()
  try suite.ignoresTheThreadCount()
  if order > 0 { try checkGradients(of: layer, at: x, order: order, seed: seed) }
}

struct LayerSuite<L: Layer> where L.Input == Tensor, L.Output == Tensor {
  let layer: L
  let x: Tensor
  let seed: UInt64
  let snapshot: Snapshot

  /// The output for `x`, from the original state and a fixed seed.
  func output(_ x: Tensor, _ mode: Mode) -> Tensor {
    snapshot.restore()
    return inMode(mode) { withRandom(seed: seed) { layer(x) } }
  }

  /// The output, and the gradients of a fixed weighting of it.
  func outputAndGradients(_ x: Tensor, _ mode: Mode) -> [(name: String, tensor: Tensor)] {
    var generator = RandomGenerator(seed: seed)
    snapshot.restore()
    let (_, gradients, output) = valueWithGradient(of: layer, mode: mode) {
      let y = withRandom(seed: seed) { layer(x) }
      let weights = Tensor.randomNormal(
        y.shape, dtype: y.dtype.isFloating ? y.dtype : .float32, using: &generator)
      return ((y * weights).sum(), y)
    }
    return [("output", output)] + gradients.named.map { ("gradient of \($0.name)", $0.gradient) }
  }

  func namesAreUnique() throws {
    let names = layer.namedParameters.map(\.name)
    let law = "parameter names are unique and do not change"
    let repeated = Dictionary(grouping: names, by: \.self).filter { $1.count > 1 }.keys.sorted()
    try expect(repeated.isEmpty, law, "several parameters are named \(repeated)")
    try expect(
      names == layer.namedParameters.map(\.name), law, "the second look found other names")
    try expect(
      !names.contains(""), law, "a parameter has no name; is the layer itself a parameter?")
  }

  func runsInBothModes() throws {
    let before = x.scalars(as: Double.self)
    for mode in [Mode.inference, .training] {
      let (first, second) = (output(x, mode), output(x, mode))
      try expect(
        first.shape == second.shape && identical(first, second),
        "the same input and seed give the same output", "two calls in \(mode) mode differ")
    }
    try expect(
      zip(before, x.scalars(as: Double.self)).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN },
      "a layer leaves its input as it is", "the input has changed")
  }

  func takesAnEmptyBatch(axis: Int) throws {
    let law = "an empty batch gives an empty output"
    let whole = output(x, .inference)
    let empty = x.narrowed(axis, from: 0, count: 0)
    let results = outputAndGradients(empty, .inference)
    let shape = results[0].tensor.shape
    try expect(
      shape.count == whole.shape.count, law, "shape \(shape), where a batch gives \(whole.shape)")
    var expected = whole.shape
    expected[axis < 0 ? axis + expected.count : axis] = 0
    try expect(shape == expected, law, "shape \(shape), expected \(expected)")
    for (name, gradient) in results.dropFirst() {
      try expect(
        gradient.isFinite().all(), "an empty batch gives finite gradients",
        "the \(name) is not finite")
    }
  }

  func takesAnyLayout() throws {
    for mode in [Mode.inference, .training] {
      let expected = outputAndGradients(x.contiguous(), mode)
      for (layout, view) in views(of: x) {
        let found = outputAndGradients(view, mode)
        for ((name, a), (_, b)) in zip(found, expected) {
          try checking("the layout of the input does not matter") {
            try expectClose(
              a, b, relative: 1e-4, absolute: 1e-5, "\(name) for a \(layout) input in \(mode) mode")
          }
        }
      }
    }
  }

  func ignoresTheThreadCount() throws {
    let original = Parallel.threadCount
    defer { Parallel.threadCount = original }
    for mode in [Mode.inference, .training] {
      Parallel.threadCount = 1
      let expected = outputAndGradients(x, mode)
      for count in [2, 3] {
        Parallel.threadCount = count
        for ((name, a), (_, b)) in zip(outputAndGradients(x, mode), expected) {
          try expect(
            identical(a, b), "the number of threads does not matter",
            "the \(name) differs between 1 and \(count) threads in \(mode) mode")
        }
      }
    }
  }
}

/// Whether two tensors of one shape hold the same numbers, NaN included.
func identical(_ a: Tensor, _ b: Tensor) -> Bool {
  guard a.shape == b.shape, a.dtype == b.dtype else { return false }
  let same = a .== b
  return (a.dtype.isFloating ? same .|| (a.isNaN() .&& b.isNaN()) : same).all()
}

/// The elements of `x` in other layouts: the same values, other strides.
func views(of x: Tensor) -> [(layout: String, tensor: Tensor)] {
  var result: [(String, Tensor)] = []
  if x.rank >= 2 {
    result.append(("transposed", x.transposed(0, -1).contiguous().transposed(0, -1)))
  }
  if x.rank >= 1 {
    let wide = stacked([x, Tensor.zeros(like: x)], along: -1)
    result.append(("strided", wide[.ellipsis, 0]))
    let reversed = (0..<x.shape[0]).reversed().map { x[$0] }
    if reversed.count > 1 {
      let backward = stacked(reversed)
      result.append(
        ("reversed", backward[stride(from: reversed.count - 1, through: 0, by: -1)]))
    }
  }
  return result
}
