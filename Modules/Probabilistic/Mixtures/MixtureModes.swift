import Core

/// A local maximum of a mixture's density.
public struct MixtureMode: Sendable, Equatable {
  /// Where it is: one number for each target.
  public let position: [Double]
  /// ln p there.
  public let logDensity: Double
}

extension Mixture where Component == Normal {
  /// The local maxima of each distribution of the batch, in row-major order, the highest first.
  ///
  /// As for vectors, in one dimension, where every mode is found.
  public func modes() -> [[MixtureMode]] {
    withoutDerivative {
      if batchShape.elementCount == 0 { return [] }
      let vectors = MultivariateNormal(
        mean: components.mean.detached.expandingShape(at: -1),
        deviations: components.deviation.detached.expandingShape(at: -1))
      return Mixture<MultivariateNormal>(weights: weights, components: vectors).modes()
    }
  }
}

extension Mixture where Component == MultivariateNormal {
  /// The local maxima of each distribution of the batch, in row-major order, the highest first.
  ///
  /// From each component's mean, the density is climbed by Carreira-Perpiñán's fixed point,
  ///
  /// ```
  /// x ← (Σₖ γₖ(x) Σₖ⁻¹)⁻¹ Σₖ γₖ(x) Σₖ⁻¹ μₖ
  /// ```
  ///
  /// which never goes down. Ends that are the same within 10⁻⁵ deviations are one mode, and points
  /// that are stationary but no maximum are left out. In one dimension, and as good as always in
  /// more, the climbs from the means reach every mode.
  ///
  /// Source: Carreira-Perpiñán 2000, "Mode-finding for mixtures of Gaussian distributions".
  public func modes() -> [[MixtureMode]] {
    if batchShape.elementCount == 0 { return [] }
    let climb = MixtureClimb(self)
    let peaks = climb.run()
    return (0..<climb.batch).map { row in
      var found: [MixtureMode] = []
      for start in 0..<count {
        guard let mode = climb.mode(row, start, peaks) else { continue }
        let isKnown = found.contains { climb.isSame(row, $0.position, mode.position) }
        if !isKnown { found.append(mode) }
      }
      return found.sorted { $0.logDensity > $1.logDensity }
    }
  }
}
