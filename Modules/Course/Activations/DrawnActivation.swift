import Core

/// An activation function as a curve, with its formula and that of its derivative.
struct DrawnActivation {
  let name: String
  let formula: String
  let derivative: String
  /// What the picture says below the name, where the formula is too long or something is fixed.
  let caption: String
  /// Where the function or its derivative jumps.
  let kinks: [Double]
  let function: (Tensor) -> Tensor

  init(
    _ name: String, _ formula: String, derivative: String, caption: String? = nil,
    kinks: [Double] = [], _ function: @escaping (Tensor) -> Tensor
  ) {
    self.name = name
    self.formula = formula
    self.derivative = derivative
    self.caption = caption ?? formula
    self.kinks = kinks
    self.function = function
  }

  /// The function and its automatic derivative over a range, cut at the kinks.
  func plot(over range: ClosedRange<Double>) -> PlotGrid.Plot {
    // One-sided limits, seen from as near as makes no difference to the eye.
    let margin = 1e-9 * (range.upperBound - range.lowerBound)
    let inner = kinks.filter { $0 > range.lowerBound && $0 < range.upperBound }.sorted()
    let starts = [range.lowerBound] + inner.map { $0 + margin }
    let ends = inner.map { $0 - margin } + [range.upperBound]
    let samples = zip(starts, ends).map { start, end in
      let count = 1 + max(1, Int(100 * (end - start) / (range.upperBound - range.lowerBound)))
      return Tensor.linspace(from: start, to: end, count: count, dtype: .float64)
    }
    func curve(_ name: String, _ values: (Tensor) -> Tensor) -> PlotGrid.Curve {
      let pieces = samples.map { points($0, values($0)) }
      let atKinks = Tensor(inner, dtype: .float64)
      let marks = inner.isEmpty ? [] : points(atKinks, values(atKinks))
      let jumping = marks.indices.filter { abs(pieces[$0].last!.y - pieces[$0 + 1][0].y) > 1e-6 }
      return PlotGrid.Curve(name: name, pieces: pieces, marks: jumping.map { marks[$0] })
    }
    return PlotGrid.Plot(
      title: name, caption: caption,
      curves: [
        curve("function", function),
        curve("derivative") { x in gradient(at: x) { function($0).sum() } },
      ])
  }

  private func points(_ x: Tensor, _ y: Tensor) -> [SVGCanvas.Point] {
    zip(x.scalars(as: Double.self), y.scalars(as: Double.self)).map { .init($0, $1) }
  }
}
