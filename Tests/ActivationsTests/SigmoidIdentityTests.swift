import Activations
import Core
import LayerTesting
import Testing

// Course document 001, questions 1(e) to 1(g), over the whole range of both floating types.

@Test(arguments: floatingTypes)
func `1e: the derivative of σ is σ (1 − σ)`(_ dtype: DType) throws {
  let x = wholeRange(dtype)
  let s = sigmoid(x)
  let expected = s * (1 - s)
  try expectClose(slope(of: { sigmoid($0) }, at: x), expected, relative: 4 * roundingError(dtype))
  #expect(recordedSlope(of: { sigmoid($0) }, at: x) == expected)
}

@Test(arguments: floatingTypes)
func `1e: the Jacobian of σ is diagonal`(_ dtype: DType) throws {
  let x = Tensor([-30, -2.5, -1, 0, 0.5, 3, 12], dtype: dtype)
  let matrix = sigmoidJacobian(x)
  try expectClose(matrix, jacobian(at: x) { sigmoid($0) })
  // Sᵢ (1 − Sᵢ) δᵢⱼ
  let s = sigmoid(x).scalars(as: Double.self)
  for row in s.indices {
    for column in s.indices {
      try expectClose(matrix[row, column], row == column ? s[row] * (1 - s[row]) : 0)
    }
  }
}

@Test(arguments: floatingTypes)
func `1f: ln σ(x) is −softplus(−x)`(_ dtype: DType) throws {
  let x = wholeRange(dtype)
  #expect(logSigmoid(x) == -softplus(-x))
  // The logarithm itself, where σ(x) is neither subnormal nor close to 1.
  let moderate = elements(of: x, where: (x .> -80) .&& (x .< 0))
  try expectClose(
    logSigmoid(moderate), log(sigmoid(moderate)), relative: 8 * roundingError(dtype), absolute: 0)
  // Beyond, ln σ(x) → x and → −e⁻ˣ.
  let low = elements(of: x, where: x .< -50)
  #expect(logSigmoid(low) == low)
  let high = elements(of: x, where: (x .> 50) .&& (x .< 80))
  try expectClose(logSigmoid(high), -exp(-high), relative: 8 * roundingError(dtype), absolute: 0)
}

@Test(arguments: floatingTypes)
func `1g: softplus(x) − softplus(−x) is x`(_ dtype: DType) throws {
  let x = wholeRange(dtype)
  // Both terms are near ln 2 for small x, whose rounding error is the absolute tolerance.
  try expectClose(
    softplus(x) - softplus(-x), x, relative: 4 * roundingError(dtype),
    absolute: 2 * roundingError(dtype))
}

@Test(arguments: floatingTypes)
func `1g: the derivative of softplus is σ`(_ dtype: DType) throws {
  let x = wholeRange(dtype)
  let s = sigmoid(x)
  try expectClose(
    slope(of: { softplus($0) }, at: x), s, relative: 4 * roundingError(dtype), absolute: 0)
  #expect(recordedSlope(of: { softplus($0) }, at: x) == s)
  let few = Tensor([-4, -0.5, 0, 2, 9], dtype: dtype)
  try expectClose(softplusJacobian(few), jacobian(at: few) { softplus($0) })
}

@Test(arguments: floatingTypes)
func `the Jacobian of the hyperbolic tangent is diagonal`(_ dtype: DType) throws {
  let x = Tensor([-4, -0.5, 0, 2, 3], dtype: dtype)
  try expectClose(tanhJacobian(x), jacobian(at: x) { tanh($0) })
}
