import Activations
import Core
import LayerTesting
import Testing

// Course document 001, questions 1(a) to 1(d), over the whole range of both floating types.

@Test(arguments: floatingTypes)
func `1a: the sign is a difference of indicators`(_ dtype: DType) {
  let x = wholeRange(dtype)
  #expect(sign(x) == indicator(x, where: { $0 .> 0 }) - indicator(x, where: { $0 .< 0 }))
  #expect(sign(x) == indicator(x, of: 0...) - indicator(x, of: ...0))
  #expect(sign(x) == indicator(x .> 0, dtype: dtype) - indicator(x .< 0, dtype: dtype))
}

@Test(arguments: floatingTypes)
func `1b: the derivative of the rectifier is Heaviside's step away from 0, and 0 at 0`(
  _ dtype: DType
) {
  let x = wholeRange(dtype)
  let stated = select(x .== 0, Tensor.zeros(like: x), heaviside(x))
  #expect(slope(of: relu, at: x) == stated)
  #expect(recordedSlope(of: relu, at: x) == stated)
  #expect(gradient(at: x) { (relu($0) * 3).sum() } == 3 * stated)
}

@Test(arguments: floatingTypes)
func `1c: the rectifier is x H(x)`(_ dtype: DType) {
  let x = wholeRange(dtype, isInfiniteIncluded: false)
  #expect(relu(x) == x * heaviside(x))
  // With the other half of the step: what is left of x without its negative part.
  #expect(relu(x) == x - x * heaviside(-x))
}

@Test(arguments: floatingTypes)
func `1c: the rectifier is the integral of H`(_ dtype: DType) {
  // The midpoint rule over a grid with a node at the jump is exact, and so is every sum of these
  // powers of two.
  let positive = (-12...12).map { Double(sign: .plus, exponent: $0, significand: 1) }
  let grid = positive.reversed().map { -$0 } + [0] + positive
  let midpoints = zip(grid, grid.dropFirst()).map { ($0 + $1) / 2 }
  let steps = heaviside(Tensor(midpoints, dtype: dtype)).scalars(as: Double.self)
  var integrals = [0.0]
  for (index, step) in steps.enumerated() {
    integrals.append(integrals[index] + step * (grid[index + 1] - grid[index]))
  }
  #expect(relu(Tensor(grid, dtype: dtype)) == Tensor(integrals, dtype: dtype))
}

@Test(arguments: floatingTypes)
func `1d: H is the limit of σ(kx) for great k`(_ dtype: DType) throws {
  let x = wholeRange(dtype)
  let limit = heaviside(x)
  var last = Tensor.full(x.shape, 1, dtype: dtype)
  for exponent in stride(from: 0, through: 60, by: 4) {
    let k = Double(sign: .plus, exponent: exponent, significand: 1)
    let distance = abs(sigmoid(k * x) - limit)
    // The distance is σ(−k|x|) ≤ e^(−k|x|), never grows with k, and is 0 at 0.
    #expect((distance .<= exp(-(k * abs(x))) + roundingError(dtype)).all())
    #expect((distance .<= last + roundingError(dtype)).all())
    #expect(elements(of: distance, where: x .== 0) == elements(of: x, where: x .== 0))
    last = distance
  }
  // At the end only what is tiny is away from the limit.
  let settled = abs(x) .> 1e-15
  try expectClose(elements(of: last, where: settled), elements(of: 0 * limit, where: settled))
}
