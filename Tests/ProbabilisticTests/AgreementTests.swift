import Core
import Testing

@testable import Probabilistic

@Suite struct AgreementTests {
  @Test func `every kind of distribution is there, and so are its figures`() {
    let kinds = Dictionary(grouping: Reference.all.compactMap(\.kind)) { $0 }
    #expect(kinds.count == 20 && kinds.values.allSatisfy { $0.count == 10 })
    #expect(Reference.all.filter { $0.divergence != nil }.count == 125)
    #expect(Reference.all.filter { $0.function != nil }.count == 10)
  }

  @Test func `log densities, means, variances and entropies are those of PyTorch`() {
    for line in Reference.all {
      guard let kind = line.kind, let parameters = line.parameters else { continue }
      let distribution = distribution(kind, parameters)
      expectEqual(
        distribution.logDensity(line.value!.tensor), line.logDensity!.tensor, 1e-10,
        "log density of \(kind)")
      if let mean = line.mean {
        expectEqual(distribution.mean, mean.tensor, 1e-10, "mean of \(kind)")
      }
      if let variance = line.variance {
        expectEqual(distribution.variance, variance.tensor, 1e-10, "variance of \(kind)")
      }
      if let entropy = line.entropy, let entropic = distribution as? any EntropicDistribution {
        expectEqual(entropic.entropy, entropy.tensor, 1e-10, "entropy of \(kind)")
      }
      #expect((distribution is any EntropicDistribution) == (line.entropy != nil))
    }
  }

  @Test func `divergences are those of PyTorch`() {
    func divergence<P: Distribution, Q: Distribution>(_ p: P, _ q: Q) -> Tensor {
      klDivergence(p, q)
    }
    for line in Reference.all {
      guard let first = line.first, let second = line.second else { continue }
      let (p, q) = (distribution(first, line.p!), distribution(second, line.q!))
      expectEqual(divergence(p, q), line.divergence!.tensor, 1e-10, "KL(\(first) ‖ \(second))")
    }
  }

  @Test func `special functions agree with fifty digits`() {
    for line in Reference.all {
      guard let name = line.function, let rows = line.arguments, let values = line.values else {
        continue
      }
      let x = rows[0].indices.map { column in
        Tensor(rows.map { $0[column] }, dtype: .float64)
      }
      let actual: Tensor =
        switch name {
        case "logGamma": logGamma(x[0])
        case "digamma": digamma(x[0])
        case "trigamma": polygamma(1, x[0])
        case "tetragamma": polygamma(2, x[0])
        case "logBeta": logBeta(x[0], x[1])
        case "erfc": erfc(x[0])
        case "erfInverse": erfInverse(x[0])
        case "gammaLower": incompleteGamma(x[0], x[1])
        case "gammaUpper": incompleteGammaComplement(x[0], x[1])
        default: incompleteBeta(x[0], x[1], x[2])
        }
      let isIncomplete = ["gammaLower", "gammaUpper", "betaLower"].contains(name)
      for (a, b) in zip(actual.scalars(as: Double.self), values) {
        let error = abs(a - b)
        #expect(
          error <= (isIncomplete ? 2e-13 : 1e-14) * abs(b) || error < 1e-15, "\(name): \(a), \(b)")
      }
    }
  }
}
