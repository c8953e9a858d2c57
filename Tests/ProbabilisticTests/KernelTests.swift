import Core
import Kernels
import Testing

@testable import Probabilistic

@Suite struct KernelTests {
  private func run(_ x: Tensor, _ y: Tensor, _ layout: MixtureLayout) -> (Tensor, Tensor) {
    let (losses, slopes) = MixtureLikelihood(layout: layout, floor: -40)
      .evaluate(x, y, wantsSlopes: true)
    return (losses, slopes!)
  }

  /// Every instruction set of this machine, both types, blocks that are not full.
  @Test(arguments: [
    MixtureLayout(components: 5), MixtureLayout(components: 2, targets: 3),
    MixtureLayout(components: 3, targets: 4, covariance: .full),
  ])
  func `the kernel gives the same at each level and in both types`(_ layout: MixtureLayout) {
    for rows in [1, 3, 16, 21, 300] {
      let (x, y) = (normals([rows, layout.width], 1), normals([rows, layout.targets], 2))
      let expected = MixtureLikelihood(layout: layout, floor: -40).recordableSlopes(x, y)
      let losses = -layout.vectorMixture(x).logDensity(y)
      for level in apus_level.portable.rawValue...apus_highest_level().rawValue {
        apus_set_thread_level(level)
        defer { apus_set_thread_level(-1) }
        let (double, doubleSlopes) = run(x, y, layout)
        expectEqual(double, losses, 1e-12, "\(rows) rows at level \(level)")
        expectEqual(doubleSlopes, expected, 1e-11, "slopes")
        let (single, singleSlopes) = run(x.cast(to: .float32), y.cast(to: .float32), layout)
        expectEqual(single.cast(to: .float64), losses, 3e-6, "float32")
        expectEqual(singleSlopes.cast(to: .float64), expected, 2e-5, "float32 slopes")
      }
    }
  }
}
