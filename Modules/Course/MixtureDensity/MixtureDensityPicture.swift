import Core
import Probabilistic

/// Conditional densities side by side: shades for p(y | x), points for pairs, lines for the mean and
/// a deviation to both sides, rings for the modes.
struct MixtureDensityPicture {
  let title: String
  let pairs: PairData.Pairs
  let panels: [(name: String, density: ConditionalDensity)]

  private static let columns = 72
  private static let rows = 54
  private static let size = (width: 400.0, height: 320.0)
  private static let shades = [
    (255.0, 255.0, 255.0), (219.0, 234.0, 254.0), (96.0, 165.0, 250.0), (30.0, 58.0, 138.0),
  ]

  var text: String {
    let width = 24 + Double(panels.count) * (Self.size.width + 64)
    var canvas = SVGCanvas(width: width, height: 480, title: title)
    canvas.text(title, at: .init(24, 32), size: 18, isBold: true)
    canvas.text(
      "Pairs held out from training; the line is the mean, thin ones are a deviation away, discs the "
        + "modes", at: .init(24, 52), size: 12, color: Palette.faintText)
    for (index, panel) in panels.enumerated() {
      draw(panel.name, panel.density, at: 64 + Double(index) * (Self.size.width + 64), on: &canvas)
    }
    return canvas.text
  }

  private func draw(
    _ name: String, _ density: ConditionalDensity, at left: Double, on canvas: inout SVGCanvas
  ) {
    let (xAxis, yAxis) = (Axis(covering: scalars(pairs.x)), Axis(covering: scalars(pairs.y)))
    let frame = PlotFrame(
      corner: .init(left, 108), width: Self.size.width, height: Self.size.height,
      x: range(of: pairs.x), y: range(of: pairs.y))
    let (cell, x) = cells(frame.x, Self.columns)
    let mixture = density.mixture(at: x.reshaped([-1, 1]))
    shade(mixture, cell, frame, on: &canvas)
    frame.draw(
      title: name, caption: "p(y | x)", xTicks: xAxis.ticks.filter(frame.x.contains),
      yTicks: yAxis.ticks.filter(frame.y.contains), xTitle: "x",
      xLabel: xAxis.label, yLabel: yAxis.label, on: &canvas)
    let (px, py) = (scalars(pairs.x), scalars(pairs.y))
    for index in px.indices.prefix(250) {
      canvas.disc(at: frame.place(px[index], py[index]), radius: 1.2, color: Palette.faintText)
    }
    let places = scalars(x)
    func curve(_ values: Tensor, _ width: Double) {
      let points = zip(places, scalars(values)).filter {
        frame.y.contains($0.1)
      }
      canvas.path(points.map { frame.place($0.0, $0.1) }, color: Palette.series[1], width: width)
    }
    let (mean, deviation) = (mixture.mean, mixture.standardDeviation)
    curve(mean, 2.4)
    curve(mean - deviation, 1)
    curve(mean + deviation, 1)
    for (place, modes) in zip(places, mixture.modes()) {
      for mode in prominent(modes) where frame.y.contains(mode.position[0]) {
        canvas.disc(at: frame.place(place, mode.position[0]), radius: 2, color: Palette.series[4])
      }
    }
  }

  private func shade(
    _ mixture: Mixture<Normal>, _ width: Double, _ frame: PlotFrame, on canvas: inout SVGCanvas
  ) {
    let (height, places) = cells(frame.y, Self.rows)
    let densities = mixture.densities(at: places)  // [rows, columns]
    // Beyond the 98th of a hundred parts, shades would show little but the peaks.
    let sorted = densities.flattened().sorted().scalars(as: Double.self)
    let most = max(sorted[sorted.count * 49 / 50], 1e-12)
    let values = scalars(densities)
    let rows = scalars(places)
    for row in 0..<Self.rows {
      let shades = values[row * Self.columns..<(row + 1) * Self.columns].map {
        (min(($0 / most).squareRoot(), 1) * 12).rounded() / 12
      }
      // Neighbours of one shade are one rectangle.
      var first = 0
      while first < Self.columns {
        let last = shades[first...].firstIndex { $0 != shades[first] } ?? Self.columns
        if shades[first] > 0 {
          canvas.rectangle(
            at: frame.place(
              frame.x.lowerBound + Double(first) * width, rows[row] + height / 2),
            width: Double(last - first) * Self.size.width / Double(Self.columns) + 0.2,
            height: Self.size.height / Double(Self.rows) + 0.2,
            color: Palette.blend(Self.shades, at: shades[first]))
        }
        first = last
      }
    }
  }

  /// The width of a cell and the middles of all.
  private func cells(_ range: ClosedRange<Double>, _ count: Int) -> (Double, Tensor) {
    let width = (range.upperBound - range.lowerBound) / Double(count)
    let middles = (0..<count).map { range.lowerBound + (Double($0) + 0.5) * width }
    return (width, Tensor(middles, dtype: .float32))
  }

  /// All values, and a little room around them.
  private func range(of values: Tensor) -> ClosedRange<Double> {
    let (low, high) = (values.minimum().item(), values.maximum().item())
    let margin = high > low ? 0.05 * (high - low) : 1
    return low - margin...high + margin
  }

  private func scalars(_ x: Tensor) -> [Double] { x.scalars(as: Double.self) }
}

/// The modes that are at least a twentieth as high as the highest.
func prominent(_ modes: [MixtureMode]) -> [MixtureMode] {
  modes.filter { $0.logDensity > modes[0].logDensity - 3 }
}
