import Kernels
import Testing

extension KernelTests {
  /// The fused max-margin step, at every level, type and number of threads; what it computes is
  /// compared with automatic derivatives in Tests/EmbeddingsTests.
  @Suite struct GaussianTests {
    private static let forms: [apus_gaussian_covariance] = [.spherical, .diagonal, .full]
    private static let similarities: [apus_gaussian_similarity] = [
      .kernel, .log_kernel, .negative_divergence,
    ]

    @Test(arguments: [1, 3, 7, 16, 21])
    func `levels agree and threads give the same bits`(n: Int) {
      for form in Self.forms {
        for similarity in Self.similarities {
          expectAgreement(of: Double.self, n, form, similarity, tolerance: 1e-8)
          expectAgreement(of: Float.self, n, form, similarity, tolerance: 2e-2)
        }
      }
    }

    private func expectAgreement<Scalar: KernelScalar>(
      of type: Scalar.Type, _ n: Int, _ form: apus_gaussian_covariance,
      _ similarity: apus_gaussian_similarity, tolerance: Double
    ) {
      let results = levels.map { level in
        at(level) { onAnyThreads { trained(Scalar.self, n, form, similarity) } }
      }
      let comment = Comment(rawValue: "\(form) \(similarity), n = \(n)")
      for other in results.dropFirst() {
        let differences = zip(results[0], other).map { abs(Double($0) - Double($1)) }
        #expect(differences.max()! < tolerance, comment)
      }
      let isFinite = results[0].allSatisfy { $0.isFinite }
      #expect(isFinite, comment)
    }

    /// All numbers of the tables after a few steps, and the losses.
    private func trained<Scalar: KernelScalar>(
      _ type: Scalar.Type, _ n: Int, _ form: apus_gaussian_covariance,
      _ similarity: apus_gaussian_similarity
    ) -> [Scalar] {
      let (rows, count) = (40, 150)
      let width = apus_gaussian_width(form, n)
      func table(_ stride: Int, _ seed: Int) -> [Scalar] {
        (0..<rows * stride).map { Scalar(hashed($0, seed)) * 0.5 }
      }
      var mean = table(n, 1)
      var scale = table(width, 2)
      var means = [Scalar](repeating: 0.1, count: mean.count)
      var scales = [Scalar](repeating: 0.1, count: scale.count)
      var heads = [Int32](repeating: -1, count: 2 * rows)
      var rule = apus_gaussian_rule(
        type: Scalar.type, covariance: form, similarity: similarity, dimension: n, margin: 1,
        rate: 0.02, epsilon: 1e-8, least: 0.2, greatest: 4, longest: 1.5)
      let bytes = apus_gaussian_scratch(&rule, count)
      let scratch = apus_allocate(bytes)!
      defer { apus_deallocate(scratch, bytes) }
      var losses: [Scalar] = []
      for step in 0..<3 {
        let triples = (0..<3).map { role in
          (0..<count).map { Int32((hashed($0, 10 * step + role + 5) + 1) * 0.5 * 39.99) }
        }
        mean.withUnsafeMutableBytes { mean in
          scale.withUnsafeMutableBytes { scale in
            means.withUnsafeMutableBytes { means in
              scales.withUnsafeMutableBytes { scales in
                let both = apus_gaussian_table(
                  mean: mean.baseAddress, scale: scale.baseAddress,
                  mean_squares: means.baseAddress, scale_squares: scales.baseAddress)
                var violations = 0
                losses.append(
                  Scalar(
                    apus_gaussian_step(
                      &rule, both, both, rows, count, triples[0], triples[1], triples[2], &heads,
                      scratch, &violations)) / Scalar(count))
              }
            }
          }
        }
        let isClean = heads.allSatisfy { $0 == -1 }
        #expect(isClean)
      }
      return mean + scale + losses
    }

    /// Between −1 and 1, of two numbers.
    private func hashed(_ index: Int, _ seed: Int) -> Double {
      var x = UInt64(truncatingIfNeeded: index &* 0x9E37_79B9 &+ seed &* 0x85EB_CA77)
      x = (x ^ (x >> 30)) &* 0xBF58_476D_1CE4_E5B9
      x = (x ^ (x >> 27)) &* 0x94D0_49BB_1331_11EB
      return Double((x ^ (x >> 31)) >> 11) * 0x1p-52 - 1
    }
  }
}
