import Conv
import Core
import Foundation

/// What a filter does to a signal (course document 001, question 3(d)): three ways to treat the ends,
/// a step in noise, and how much of a wave it lets through.
struct FilterPicture {
  let filter: SignalFilter

  private static let width = 1140.0
  private static let bar = "#d6dbe3"
  private static let blue = Palette.series[0]

  /// The picture as an SVG file.
  func svg() -> String {
    var canvas = SVGCanvas(width: Self.width, height: 700, title: "What a filter does to a signal")
    canvas.text(
      "What a filter does to a signal", at: .init(24, 34), size: 20, isBold: true)
    canvas.text(
      "\(filter.taps.count) taps of \(SignalFilter.row([filter.taps[0]])), each result drawn over the middle of the places it averages",
      at: .init(24, 56), size: 13, color: Palette.faintText)
    drawLegend(on: &canvas)
    let paddings: [(String, String, Padding)] = [
      ("full", "every window that touches the signal", .full),
      ("same", "as many results as places", .same),
      ("valid", "windows within the signal only", .valid),
    ]
    for (index, (name, caption, padding)) in paddings.enumerated() {
      drawResult(name, caption, padding, left: 56 + Double(index) * 366, on: &canvas)
    }
    drawNoise(on: &canvas)
    drawGain(on: &canvas)
    return canvas.text
  }

  private func drawLegend(on canvas: inout SVGCanvas) {
    canvas.rectangle(
      at: .init(936, 22), width: 18, height: 12, color: Self.bar, rounding: 2)
    canvas.text("signal", at: .init(960, 33), size: 13)
    canvas.line(from: .init(1024, 28), to: .init(1044, 28), color: Self.blue, width: 3)
    canvas.disc(at: .init(1034, 28), radius: 4, color: Self.blue)
    canvas.text("filtered", at: .init(1052, 33), size: 13)
  }

  private func drawResult(
    _ name: String, _ caption: String, _ padding: Padding, left: Double,
    on canvas: inout SVGCanvas
  ) {
    let count = Double(filter.signal.count)
    let frame = PlotFrame(
      corner: .init(left, 130), width: 322, height: 190, x: -2.2...(count + 1.2), y: 0...4.5)
    let values = filter.result(padding)
    frame.draw(
      title: "\(name): \(values.count) values", caption: caption,
      xTicks: filter.signal.indices.map(Double.init), yTicks: [0, 1, 2, 3, 4],
      xLabel: { "\(Int($0) + 1)" }, on: &canvas)
    for (place, value) in filter.signal.enumerated() {
      frame.bar(at: Double(place), value, color: Self.bar, on: &canvas)
    }
    let first = filter.firstCenter(padding)
    let points = values.enumerated().map { frame.place(first + Double($0), $1) }
    canvas.path(points, color: Self.blue, width: 2.2)
    for point in points { canvas.disc(at: point, radius: 4, color: Self.blue) }
  }

  /// A step with noise on it, before and after.
  private func drawNoise(on canvas: inout SVGCanvas) {
    var generator = RandomGenerator(seed: 3)
    let noise = Tensor.randomNormal([72], dtype: .float64, using: &generator)
      .scalars(as: Double.self)
    let signal = noise.enumerated().map { (24..<48 ~= $0 ? 4.0 : 1.0) + 0.55 * $1 }
    let noisy = SignalFilter(signal: signal, taps: filter.taps)
    let frame = PlotFrame(
      corner: .init(56, 430), width: 688, height: 200, x: -1...72, y: -1...6)
    frame.draw(
      title: "the same step in noise",
      caption: "neighbours are averaged: noise halves, edges soften over the width of the filter",
      xTicks: stride(from: 0, through: 70, by: 10).map { Double($0) },
      yTicks: [-1, 0, 1, 2, 3, 4, 5, 6],
      yLabel: { $0 < 0 ? "−\(Int(-$0))" : "\(Int($0))" }, on: &canvas)
    for (place, value) in signal.enumerated() {
      canvas.disc(at: frame.place(Double(place), value), radius: 2.6, color: "#9ca3af")
    }
    canvas.path(
      signal.enumerated().map { frame.place(Double($0), $1) }, color: Self.bar, width: 1)
    let first = noisy.firstCenter(.valid)
    canvas.path(
      noisy.result(.valid).enumerated().map { frame.place(first + Double($0), $1) },
      color: Self.blue, width: 2.4)
  }

  /// The gain by frequency: 1 at rest, 0 where a whole number of waves fits the filter.
  private func drawGain(on canvas: inout SVGCanvas) {
    let frame = PlotFrame(
      corner: .init(806, 430), width: 304, height: 200, x: 0...0.5, y: 0...1)
    frame.draw(
      title: "what is left of a wave",
      caption: "slow waves pass: a blur is a low-pass filter",
      xTicks: [0, 0.125, 0.25, 0.375, 0.5], yTicks: [0, 0.25, 0.5, 0.75, 1],
      xTitle: "oscillations per place", xLabel: { fixed($0, 3).trimmingZeros },
      yLabel: { fixed($0, 2).trimmingZeros }, on: &canvas)
    let frequencies = (0...200).map { Double($0) / 400 }
    canvas.path(
      frequencies.map { frame.place($0, filter.gain(at: $0)) }, color: Palette.series[1], width: 2.4
    )
  }
}

extension String {
  /// A decimal number without the zeros at its end.
  fileprivate var trimmingZeros: String {
    var result = self
    while result.last == "0" { result.removeLast() }
    if result.last == "." { result.removeLast() }
    return result
  }
}
