import Core
import Foundation
import Testing

@testable import Course

@Suite struct OptimizersCommandTests {
  @Test func `a run compares every rule and draws three pictures`() throws {
    try withTemporaryFolder { folder in
      let recorder = Recorder()
      let status = CourseCommand.run(
        [
          "optimizers", "--steps", "12", "--epochs", "1", "--examples", "40", "--batch", "20",
          "--hidden", "3",
          "--output", folder,
        ], console: recorder.console())
      #expect(status == .success && recorder.complaints.isEmpty)
      for entry in RuleEntry.all {
        #expect(recorder.lines.count { $0.hasPrefix(entry.name + " ") } >= 3, "\(entry.name)")
      }
      for name in ["conjugate gradient", "L-BFGS", "truncated Newton", "Newton"] {
        let lines = recorder.lines.filter { $0.hasPrefix(name + " ") }
        #expect(lines.count == 2)
        // No rate, and the quadratic is done in a few steps.
        #expect(lines.allSatisfy { $0.split(separator: " ").contains("–") })
      }
      for name in ["rosenbrock", "quadratic", "digits"] {
        let picture = try String(
          contentsOfFile: "\(folder)/optimizers-\(name).svg", encoding: .utf8)
        let counts = elements(of: picture)
        let rules = RuleEntry.all.count + (name == "digits" ? 0 : 4)
        #expect(counts["use"] == rules && counts["polyline", default: 0] >= rules / 2)
      }
    }
  }

  @Test func `the best rate is the one that arrives first`() throws {
    let entry = try #require(RuleEntry.all.first { $0.name == "plain descent" })
    let best = SurfaceRun.best(of: entry, on: .quadratic, limit: 2000)
    // Curvatures 1 and 100: descent needs a rate below 0.02, and 0.01 is the greatest on the grid.
    #expect(best.rate == 0.01)
    let steps = try #require(best.steps)
    #expect(best.path.count == steps + 1 && best.value <= Surface.quadratic.threshold)
    // (1 − 0.01)ᵗ u₀ with u₀ = −2 cos 30° − 0.4 sin 30° is what is left of the slow direction.
    let left = { (t: Int) in 0.5 * pow(0.99, Double(2 * t)) * pow(3.0.squareRoot() + 0.2, 2) }
    #expect(left(steps) <= 1e-3 && left(steps - 1) > 1e-3)
  }

  @Test(arguments: [Surface.rosenbrock, .quadratic])
  func `both surfaces have their minimum where they say, and second order arrives`(
    surface: Surface
  ) {
    let minimum = Tensor([surface.minimum.x, surface.minimum.y], dtype: .float64)
    #expect(surface.value(minimum).item() == 0)
    #expect(gradient(at: minimum, surface.value).norm().item() == 0)
    for run in SurfaceRun.secondOrder(on: surface) {
      #expect(run.steps != nil && run.value <= surface.threshold, "\(run.name)")
    }
  }
}

@Suite struct ContourTests {
  @Test func `lines lie where the function has the level`() {
    let lines = contourLines(x: -2...2, y: -2...2, cells: 40, level: 1) { x, y in x * x + y * y }
    #expect(lines.count > 60)
    for point in lines.flatMap({ [$0.0, $0.1] }) {
      #expect(abs(point.x * point.x + point.y * point.y - 1) < 0.01)
    }
    // Together they are as long as the circle.
    let length = lines.reduce(0) { $0 + hypot($1.1.x - $1.0.x, $1.1.y - $1.0.y) }
    #expect(abs(length - 2 * Double.pi) < 0.02)
    #expect(contourLines(x: 0...1, y: 0...1, cells: 5, level: 9) { x, y in x + y }.isEmpty)
  }

  @Test func `at a saddle the two lines do not cross`() {
    let lines = contourLines(x: -1...1, y: -1...1, cells: 1, level: 0.1) { x, y in x * y }
    #expect(lines.count == 2)
    for (a, b) in lines { #expect(a.x * b.x > 0 || a.y * b.y > 0) }
  }
}
