import Conv
import Core
import Datasets
import Normalization

/// How the directions u of weight normalisation grow under plain gradient descent:
///
/// ```
/// ‖u′‖ = ‖u‖ √(1 + c²),   c = ε ‖∇ᵤL‖ / ‖u‖
/// ```
///
/// since the gradient is orthogonal to u (course document 003, question 4.3).
struct DirectionGrowth {
  /// One layer's filters, on average, after each step.
  struct Curve {
    let name: String
    /// ‖u‖ / ‖u₀‖, and the product of the factors √(1 + c²) up to here.
    var measured = [1.0], predicted = [1.0]
    /// c at each step.
    var c: [Double] = []
  }

  private(set) var curves: [Curve] = []
  /// How far one step's ‖u′‖ / ‖u‖ was from √(1 + c²) at worst, in any filter.
  private(set) var deviation = 0.0
  /// Whether no filter's ‖u‖ ever fell by more than rounding.
  private(set) var neverShrinks = true

  /// Trains with a constant rate, in `float64`, so that the law shows to many digits.
  mutating func run(
    _ model: NormalizedNetwork, on digits: DigitsData, epochs: Int, batchSize: Int, rate: Double,
    generator: RandomGenerator, console: Console
  ) {
    model.convert(to: .float64)
    let directions = [("first convolution", model.first), ("second convolution", model.second)]
      .compactMap { name, layer in
        (layer as? WeightNormalized<Conv2D>).map { (name, $0.layer.weight) }
      }
    curves = directions.map { Curve(name: $0.0) }
    let starts = directions.map { lengths(of: $0.1.value) }
    var laws = starts.map { Tensor.ones(like: $0) }
    var generator = generator
    var progress = ProgressBar(
      total: epochs * digits.training.count, unit: digits.noun, console: console)
    for epoch in 0..<epochs {
      for batch in digits.training.batches(of: batchSize, using: &generator) {
        let (_, gradients) = valueWithGradient(of: model) {
          softmaxCrossEntropy(
            logits: model(batch.inputs.cast(to: .float64)), labels: batch.labels)
        }
        let before = directions.map { lengths(of: $0.1.value) }
        for parameter in model.parameters where !parameter.isFrozen {
          parameter.value = parameter.value - rate * gradients[parameter]!
        }
        for (index, (_, direction)) in directions.enumerated() {
          let after = lengths(of: direction.value)
          let c = rate * lengths(of: gradients[direction]!) / before[index]
          let (growth, law) = (after / before[index], sqrt(1 + square(c)))
          deviation = max(deviation, abs(growth - law).maximum().item())
          neverShrinks = neverShrinks && growth.minimum().item() >= 1 - 1e-15
          laws[index] = laws[index] * law
          curves[index].measured.append((after / starts[index]).mean().item())
          curves[index].predicted.append(laws[index].mean().item())
          curves[index].c.append(c.mean().item())
        }
        progress.advance(by: batch.count, label: "‖u‖  epoch \(epoch + 1)/\(epochs)")
      }
    }
    progress.clear()
  }

  /// ‖u‖ of each filter.
  private func lengths(of u: Tensor) -> Tensor { sqrt(square(u.flattened(from: 1)).sum(along: 1)) }

  /// The curves, with the law as points on them.
  func svg(subtitle: String) -> String {
    func steps(_ count: Int) -> [Double] { (0..<count).map(Double.init) }
    let growth = curves.flatMap { curve -> [LineChart.Series] in
      let spacing = max(curve.predicted.count / 16, 2)
      // A number between gaps is drawn as a point.
      let points = curve.predicted.enumerated().map { $0 % spacing == 0 ? $1 : .nan }
      return [
        .init(name: curve.name, x: steps(curve.measured.count), y: curve.measured),
        .init(name: "the law", x: steps(points.count), y: points, color: Palette.text),
      ]
    }
    let c = curves.map { curve in
      LineChart.Series(name: curve.name, x: steps(curve.c.count), y: curve.c)
    }
    return LineChart(
      title: "How u grows", subtitle: subtitle, xTitle: "step",
      panels: [
        .init(title: "‖u‖ / ‖u₀‖, and the product of √(1 + c²)", series: growth),
        .init(title: "c = ε ‖∇ᵤL‖ / ‖u‖", series: c, isLogarithmic: true),
      ]
    ).svg()
  }
}
