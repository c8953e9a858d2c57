import Activations
import Core
import LayerTesting
import Testing

// Against PyTorch, in float64, with an upstream gradient of 1, 1.25, 1.5, …

private func upstream(_ shape: Shape) -> Tensor {
  (1 + 0.25 * Tensor.range(from: 0, to: Double(shape.elementCount), dtype: .float64))
    .reshaped(shape)
}

private func compare(
  _ function: @Sendable (Tensor) -> Tensor, at x: Tensor, with expected: PyTorchValues
) throws {
  let y = function(x)
  // PyTorch's own tails cancel: the absolute tolerance is a rounding error of 1.
  try expectClose(
    y.flattened(), Tensor(expected.y), relative: 1e-12, absolute: 2e-15, "value")
  let upstream = upstream(y.shape)
  let slope = gradient(at: x) { (function($0) * upstream).sum() }
  try expectClose(
    slope.flattened(), Tensor(expected.gradient), relative: 1e-12, absolute: 2e-14, "gradient")
  try expectClose(
    recordedSlope(of: function, at: x, upstream: upstream).flattened(), Tensor(expected.gradient),
    relative: 1e-12, absolute: 2e-14, "recorded gradient")
}

@Test(arguments: elementwise)
func `values and derivatives are PyTorch's`(_ activation: Activated) throws {
  let expected = try #require(ElementwiseReferences.values[activation.name])
  try compare(
    activation.function, at: Tensor(ElementwiseReferences.points, dtype: .float64), with: expected)
}

@Test(arguments: rowwise.map(\.name))
func `values and derivatives of rows are PyTorch's`(_ name: String) throws {
  let function = try #require(rowwise.first { $0.name == name }).function
  let x = Tensor(RowwiseReferences.matrix, dtype: .float64).reshaped([2, 6])
  try compare(function, at: x, with: try #require(RowwiseReferences.values[name]))
}

@Test
func `every reference is compared`() {
  #expect(Set(elementwise.map(\.name)) == Set(ElementwiseReferences.values.keys))
  #expect(Set(rowwise.map(\.name)) == Set(RowwiseReferences.values.keys))
}

@Test
func `the gradient with respect to learnt slopes is PyTorch's`() throws {
  let x = Tensor(RowwiseReferences.matrix, dtype: .float64).reshaped([2, 6])
  let upstream = upstream([2, 6])
  func slopesGradient(_ slopes: Tensor) -> Tensor {
    gradient(at: slopes) { (prelu(x, weight: $0) * upstream).sum() }
  }
  try expectClose(
    slopesGradient(Tensor(RowwiseReferences.slopes, dtype: .float64)),
    Tensor(RowwiseReferences.slopesGradient))
  try expectClose(
    slopesGradient(Tensor([0.25], dtype: .float64)), Tensor([RowwiseReferences.slopeGradient]))
}
