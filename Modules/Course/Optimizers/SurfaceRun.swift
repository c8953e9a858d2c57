import Core
import Optim

/// A path down a surface.
struct SurfaceRun {
  let name: String
  /// Of a first-order rule.
  let rate: Double?
  /// From the start to where it arrived, or gave up.
  let path: [SVGCanvas.Point]
  /// The steps until the threshold; `nil` if it was not reached.
  let steps: Int?
  /// Gradients that this took, and Hessian–vector products.
  let gradients: Int
  let products: Int
  let value: Double

  /// The run of a rule with the rate that needs the fewest steps; if none arrives, that ends lowest.
  static func best(of entry: RuleEntry, on surface: Surface, limit: Int) -> SurfaceRun {
    var best: SurfaceRun?
    for rate in RuleEntry.rates {
      // A run that takes longer than the best needs not be finished.
      let run = SurfaceRun(
        entry, rate: rate, rule: entry.make(rate), on: surface, limit: best?.steps ?? limit)
      if best.map({ run.isBetter(than: $0) }) ?? true { best = run }
    }
    return best!
  }

  private func isBetter(than other: SurfaceRun) -> Bool {
    if let steps { return other.steps.map { steps < $0 } ?? true }
    return other.steps == nil && value < other.value
  }

  private init(
    _ entry: RuleEntry, rate: Double, rule: some Optimizer, on surface: Surface, limit: Int
  ) {
    var point = Tensor([surface.start.x, surface.start.y], dtype: .float64)
    var state = rule.initialState(for: point)
    var path = [Self.place(point)]
    var (value, gradient) = valueWithGradient(at: point, surface.value)
    let first = value.item()
    var arrived: Int?
    for step in 0..<limit {
      rule.update(&point, along: gradient, state: &state, at: step + 1)
      (value, gradient) = valueWithGradient(at: point, surface.value)
      // Far above the start it will not come back in time.
      guard value.item() < 1e4 * first else { break }
      path.append(Self.place(point))
      if value.item() <= surface.threshold {
        arrived = step + 1
        break
      }
    }
    name = entry.name
    self.rate = rate
    self.path = path
    steps = arrived
    gradients = path.count - 1
    products = 0
    self.value = value.item().isFinite ? value.item() : .infinity
  }

  /// The run of a method of second order.
  init(_ name: String, _ method: some Minimizer<ScalarObjective>, on surface: Surface) {
    let start = Tensor([surface.start.x, surface.start.y], dtype: .float64)
    var path = [Self.place(start)]
    let found = method.minimize(
      from: start,
      onIteration: { progress in
        path.append(Self.place(progress.position))
        if progress.value <= surface.threshold { progress.stop() }
      }, surface.value)
    self.name = name
    rate = nil
    self.path = path
    steps = found.value <= surface.threshold ? found.iterations : nil
    gradients = found.evaluations
    products = found.curvatureEvaluations
    value = found.value
  }

  /// Newton's method and those that guess the curvature.
  static func secondOrder(on surface: Surface) -> [SurfaceRun] {
    [
      SurfaceRun("conjugate gradient", NonlinearConjugateGradient(), on: surface),
      SurfaceRun("L-BFGS", LBFGS(), on: surface),
      SurfaceRun("truncated Newton", TruncatedNewton(), on: surface),
      SurfaceRun("Newton", Newton(), on: surface),
    ]
  }

  private static func place(_ point: Tensor) -> SVGCanvas.Point {
    .init(point[0].item(), point[1].item())
  }
}
