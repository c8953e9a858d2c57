import Core
import LayerTesting
import Optim
import Testing

@Suite struct SpectrumTests {
  @Test func `the ends of a network's spectrum are those of its explicit Hessian`() throws {
    let network = SmallNetwork()
    let start = ParameterVector(of: network.model).value
    let explicit = hessian(at: start, network.function)
    let eigenvalues = symmetricEigenvalues(explicit).scalars(as: Double.self)
    let n = eigenvalues.count
    let spectrum = HessianSpectrum(
      of: network.model, largest: 3, smallest: 2, tolerance: 1e-8
    ) { network.loss() }
    #expect(spectrum.isConverged && spectrum.products <= n)
    for (rank, pair) in spectrum.largest.enumerated() {
      #expect(abs(pair.value - eigenvalues[n - 1 - rank]) <= pair.bound + 1e-12)
      #expect(pair.bound <= 1e-8 * eigenvalues[n - 1])
      let residual = (matmul(explicit, pair.vector) - pair.value * pair.vector).norm().item()
      #expect(abs(residual - pair.bound) < 1e-12 && abs(pair.vector.norm().item() - 1) < 1e-12)
    }
    for (rank, pair) in spectrum.smallest.enumerated() {
      #expect(abs(pair.value - eigenvalues[rank]) <= pair.bound + 1e-12)
    }
  }

  @Test func `before it has converged the bounds hold already`() {
    let network = SmallNetwork(seed: 12)
    let start = ParameterVector(of: network.model).value
    let eigenvalues = symmetricEigenvalues(hessian(at: start, network.function))
      .scalars(as: Double.self)
    for products in [1, 2, 4, 7] {
      let spectrum = HessianSpectrum(
        of: network.model, largest: 1, smallest: 1, tolerance: 1e-12, maximumProducts: products
      ) { network.loss() }
      #expect(spectrum.products == products && !spectrum.isConverged)
      for pair in spectrum.largest + spectrum.smallest {
        let distance = eigenvalues.map { abs($0 - pair.value) }.min()!
        #expect(distance <= pair.bound + 1e-12)
      }
    }
  }

  @Test func `eigenvalues are found as often as they occur, and no oftener`() {
    let curvatures = Tensor([5.0, 5, 5, 2, 2, -1, 0, 0, 0, 0], dtype: .float64)
    let spectrum = HessianSpectrum(
      at: .ones([10], dtype: .float64), largest: 6, smallest: 4, tolerance: 1e-10
    ) { 0.5 * (curvatures * square($0)).sum() }
    let found = (spectrum.largest + spectrum.smallest.reversed()).map(\.value)
    for (value, expected) in zip(found, [5.0, 5, 5, 2, 2, 0, 0, 0, 0, -1]) {
      #expect(abs(value - expected) < 1e-12)
    }
    let constant = HessianSpectrum(at: .ones([3], dtype: .float64), largest: 2) { $0.sum() }
    #expect(constant.isConverged && constant.largest.allSatisfy { $0.value == 0 })
  }

  @Test func `orthogonality holds over a long run on an ill-conditioned matrix`() {
    // Without reorthogonalisation the largest would come up again and again.
    let n = 60
    let curvatures = Tensor((1...n).map { (i: Int) in Double(i * i * i) }, dtype: .float64)
    let spectrum = HessianSpectrum(
      at: .ones([2, n / 2], dtype: .float64), largest: n, smallest: 0, tolerance: 1e-12
    ) { 0.5 * (curvatures * square($0.flattened())).sum() }
    #expect(spectrum.products == n && spectrum.largest.count == n)
    for (rank, pair) in spectrum.largest.enumerated() {
      let expected = Double((n - rank) * (n - rank) * (n - rank))
      #expect(abs(pair.value - expected) < 1e-9 * Double(n * n * n))
      #expect(pair.vector.shape == [2, n / 2])
    }
  }
}
