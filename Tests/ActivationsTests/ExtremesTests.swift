import Activations
import Core
import LayerTesting
import Testing

@Test(arguments: elementwise, floatingTypes)
func `values tend to the limits and never overflow on the way`(
  _ activation: Activated, _ dtype: DType
) throws {
  let x = wholeRange(dtype)
  let y = activation.function(x)
  #expect(y.dtype == dtype)
  #expect(!y.isNaN().any())
  let ends = activation.function(Tensor([-.infinity, .infinity], dtype: dtype))
  try expectClose(ends[0], activation.limits.0)
  try expectClose(ends[1], activation.limits.1)
  let finite = wholeRange(dtype, isInfiniteIncluded: false)
  let overflow = abs(finite) .> 1e38  // where a slope of 2, or of SELU, may leave the range
  #expect((activation.function(finite).isFinite() .|| overflow).all())
}

@Test(arguments: elementwise, floatingTypes)
func `derivatives are finite over the whole range`(_ activation: Activated, _ dtype: DType) throws {
  let x = wholeRange(dtype)
  let first = slope(of: activation.function, at: x)
  #expect(first.isFinite().all())
  #expect((abs(first) .<= 2.1).all())
  let recorded = recordedSlope(of: activation.function, at: x)
  try expectClose(
    recorded, first, relative: dtype == .float32 ? 1e-5 : 1e-12,
    absolute: dtype == .float32 ? 1e-6 : 1e-14)
  let second = slope(of: { recordedSlope(of: activation.function, at: $0) }, at: x)
  #expect(second.isFinite().all())
  let nested = gradient(at: x) { x in gradient(at: x) { activation.function($0).sum() }.sum() }
  #expect(nested.isFinite().all())
}

@Test(arguments: elementwise, floatingTypes)
func `a NaN stays a NaN`(_ activation: Activated, _ dtype: DType) {
  let y = activation.function(Tensor([.nan, 1, .nan], dtype: dtype))
  #expect(y.isNaN().scalars(as: Bool.self) == [true, false, true])
}

@Test(arguments: elementwise, floatingTypes)
func `single and double precision agree`(_ activation: Activated, _ dtype: DType) throws {
  let x = Tensor.linspace(from: -30, to: 30, count: 401)
  try expectClose(
    activation.function(x), activation.function(x.cast(to: .float64)), relative: 2e-6,
    absolute: 2e-7)
  try expectClose(
    slope(of: activation.function, at: x),
    slope(of: activation.function, at: x.cast(to: .float64)), relative: 2e-6, absolute: 1e-6)
}

@Test
func `lower tails keep their relative accuracy`() throws {
  // Φ(−10) = 7.6198530241605260660e−24 and φ(10) = 7.6945986267064193463e−23 [NIST DLMF 7.12].
  let x = Tensor([-10], dtype: .float64)
  try expectClose(gelu(x)[0], -7.619853024160526e-23, relative: 1e-12, absolute: 0)
  let expected = 7.619853024160526e-24 - 10 * 7.69459862670642e-23
  try expectClose(slope(of: { gelu($0) }, at: x)[0], expected, relative: 1e-12, absolute: 0)
  try expectClose(recordedSlope(of: { gelu($0) }, at: x)[0], expected, relative: 1e-12, absolute: 0)
  // e^(−100): what 1 − σ and 1 + tanh would have lost.
  let low = Tensor([-100], dtype: .float64)
  try expectClose(silu(low)[0], -100 * 3.720075976020836e-44, relative: 1e-12, absolute: 0)
  try expectClose(mish(low)[0], -100 * 3.720075976020836e-44, relative: 1e-12, absolute: 0)
  try expectClose(
    slope(of: { elu($0) }, at: low)[0], 3.720075976020836e-44, relative: 1e-12,
    absolute: 0)
  try expectClose(logSigmoid(-low)[0], -3.720075976020836e-44, relative: 1e-12, absolute: 0)
}
