import Core
import Testing

@testable import Probabilistic

@Suite struct SpecialFunctionTests {
  @Test func `edges of the domains`() {
    let inf = Double.infinity
    expectEqual(erfInverse(wide([-1, 0, 1, 1.5])), wide([-inf, 0, inf, .nan]), 0, "erfInverse")
    expectEqual(erfcInverse(wide([0, 1, 2, -1])), wide([inf, 0, -inf, .nan]), 0, "erfcInverse")
    expectEqual(digamma(wide([0, -1, .nan, inf])), wide([.nan, .nan, .nan, inf]), 0, "digamma")
    expectEqual(polygamma(1, wide([0, -3])), wide([.nan, .nan]), 0, "trigamma")
    expectEqual(
      incompleteGamma(wide([2, 2, -1, .nan]), wide([0, inf, 1, 1])), wide([0, 1, .nan, .nan]), 0,
      "incompleteGamma")
    expectEqual(
      incompleteBeta(wide([2, 2, 0]), wide([3, 3, 1]), wide([0, 1, 0.5])), wide([0, 1, .nan]), 0,
      "incompleteBeta")
    #expect(logBinomial(wide([5, 5]), wide([0, 5])) == wide([0, 0]))
  }

  @Test func `identities`() {
    let x = exp(normals([200], 1, scale: 2))
    expectEqual(logGamma(x + 1) - logGamma(x), log(x), 1e-11, "Γ(x + 1) = x Γ(x)")
    expectEqual(digamma(x + 1) - digamma(x), 1 / x, 1e-12, "ψ(x + 1) = ψ(x) + 1/x")
    let y = exp(normals([200], 2, scale: 2))
    expectEqual(
      incompleteGamma(x, y) + incompleteGammaComplement(x, y), .ones([200], dtype: .float64), 1e-14,
      "P + Q")
    let u = sigmoid(normals([200], 3))
    expectEqual(
      incompleteBeta(x, y, u) + incompleteBeta(y, x, 1 - u), .ones([200], dtype: .float64), 1e-12,
      "symmetry")
    // Down to the least positive number.
    for power in [1e-5, 1e-100, 1e-289, 1e-291, 1e-308] {
      let p = wide([power])
      expectEqual(log(erfc(erfcInverse(p))), log(p), 1e-13, "erfc of its inverse")
    }
    #expect(abs(erfcInverse(wide([.leastNonzeroMagnitude])).item() - 27.213293210812949) < 1e-12)
    // Reflection: ψ⁽¹⁾(1 − x) + ψ⁽¹⁾(x) = π² / sin² πx.
    let f = wide([0.1, 0.37, 0.8])
    expectEqual(
      polygamma(1, 1 - f - 3) + polygamma(1, f + 3), square(Double.pi / sin(Double.pi * f)), 1e-12,
      "reflection")
  }

  @Test func `shapes broadcast, views and types are kept`() {
    let a = exp(normals([3, 1], 4))
    let b = exp(normals([1, 4], 5))
    #expect(logBeta(a, b).shape == [3, 4])
    expectEqual(logBeta(a, b), logBeta(b, a), 0, "symmetry")
    let matrix = exp(normals([3, 4], 6))
    expectEqual(logGamma(matrix.transposed()), logGamma(matrix).transposed(), 0, "transposed")
    #expect(digamma(matrix.cast(to: .float32)).dtype == .float32)
    #expect(logGamma(Tensor([3, 4], dtype: .int64)).dtype == .float32)
    #expect(logGamma(matrix[0..<0]).shape == [0, 4])
  }
}
