import Core

/// All climbs from the means of a batch of Gaussian mixtures at once, in float64.
struct MixtureClimb {
  private let mixture: Mixture<MultivariateNormal>
  /// Σₖ⁻¹, [batch, 1, K, d, d], and Σₖ⁻¹ μₖ, [batch, 1, K, d].
  private let precisions: Tensor
  private let pulls: Tensor
  /// The least deviation of each distribution along each target, [batch, d].
  private let scales: [[Double]]
  let batch: Int
  private let dimension: Int

  init(_ source: Mixture<MultivariateNormal>) {
    let (count, size) = (source.count, source.components.dimension)
    batch = source.batchShape.elementCount
    dimension = size
    let means = source.components.mean.detached.cast(to: .float64).reshaped([batch, 1, count, size])
    let covariances = source.components.covariance.detached.cast(to: .float64)
      .reshaped([batch, 1, count, size, size])
    let logits = source.weights.logProbabilities.detached.cast(to: .float64)
      .reshaped([batch, 1, count])
    mixture = Mixture(
      weights: Categorical(logits: logits),
      components: MultivariateNormal(mean: means, covariance: covariances))
    precisions = inverse(covariances)
    pulls = matmul(precisions, means.expandingShape(at: -1)).squeezed(-1)
    let deviations = sqrt(mixture.components.variance).minimum(along: 2).reshaped([batch, size])
    let flat = deviations.scalars(as: Double.self)
    scales = (0..<batch).map { Array(flat[($0 * size)..<(($0 + 1) * size)]) }
  }

  /// Where each climb ends, [batch, starts, d], the log density there and whether it is a peak.
  func run() -> (positions: Tensor, heights: Tensor, isPeak: Tensor) {
    var x = mixture.components.mean.squeezed(1)  // [batch, starts, d]
    let scale = Tensor(scales.flatMap { $0 }, dtype: .float64).reshaped([batch, 1, dimension])
    for _ in 0..<2000 {
      let shares = mixture.responsibilities(x)  // [batch, starts, K]
      let total = (shares.expandingShape(at: -1).expandingShape(at: -1) * precisions).sum(along: 2)
      let pull = (shares.expandingShape(at: -1) * pulls).sum(along: 2)
      let next = solve(total, pull.expandingShape(at: -1)).squeezed(-1)
      let step = (abs(next - x) / scale).maximum().item()
      x = next
      if !(step > 1e-12) { break }
    }
    let heights = mixture.logDensity(x)
    return (x, heights, isPeak(x, heights, scale))
  }

  /// Whether no point a little aside, along any axis, is higher.
  private func isPeak(_ x: Tensor, _ heights: Tensor, _ scale: Tensor) -> Tensor {
    var around = heights
    for axis in 0..<dimension {
      let direction = Tensor.range(0..<dimension) .== Double(axis)
      let aside = 1e-3 * scale * direction.cast(to: .float64)
      for side in [1.0, -1.0] {
        around = maximum(around, mixture.logDensity(x + side * aside))
      }
    }
    return around .<= heights + 1e-12
  }

  /// The end of one climb, if it is a maximum.
  func mode(
    _ row: Int, _ start: Int, _ peaks: (positions: Tensor, heights: Tensor, isPeak: Tensor)
  ) -> MixtureMode? {
    guard peaks.isPeak[row, start].item() != 0 else { return nil }
    return MixtureMode(
      position: peaks.positions[row, start].scalars(as: Double.self),
      logDensity: peaks.heights[row, start].item())
  }

  func isSame(_ row: Int, _ a: [Double], _ b: [Double]) -> Bool {
    zip(scales[row], zip(a, b)).allSatisfy { abs($1.0 - $1.1) <= 1e-5 * $0 }
  }
}
