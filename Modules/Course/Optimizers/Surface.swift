import Core

/// A function of the plane to go down on.
struct Surface: Sendable {
  let name: String
  /// For file names.
  let shortName: String
  let formula: String
  let start: (x: Double, y: Double)
  let minimum: (x: Double, y: Double)
  /// A run counts as arrived where the function is below this; its least value is 0.
  let threshold: Double
  /// What a picture shows.
  let x, y: ClosedRange<Double>
  let levels: [Double]
  let value: @Sendable (Tensor) -> Tensor

  static let rosenbrock = Surface(
    name: "Rosenbrock's function", shortName: "rosenbrock",
    formula: "(1 − x)² + 100 (y − x²)²", start: (-1.2, 1), minimum: (1, 1), threshold: 1e-3,
    x: -1.8...1.6, y: -0.7...2.1, levels: [0.3, 1, 3, 10, 30, 100, 300, 1000]
  ) { p in
    square(1 - p[0]) + 100 * square(p[1] - square(p[0]))
  }

  /// Curvatures 1 and 100, turned by 30°.
  static let quadratic = Surface(
    name: "An ill-conditioned quadratic", shortName: "quadratic",
    formula: "½ (u² + 100 v²), u = x cos 30° + y sin 30°, v = y cos 30° − x sin 30°",
    start: (-2, -0.4), minimum: (0, 0), threshold: 1e-3,
    x: -2.4...1.6, y: -1.7...1.6, levels: [0.1, 0.5, 2, 8, 20, 50, 120]
  ) { p in
    let (cosine, sine) = (0.75.squareRoot(), 0.5)
    return 0.5 * square(cosine * p[0] + sine * p[1]) + 50 * square(cosine * p[1] - sine * p[0])
  }
}
