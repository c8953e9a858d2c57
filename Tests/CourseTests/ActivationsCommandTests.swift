import Foundation
import Testing

@testable import Course

@Suite struct ActivationsCommandTests {
  @Test func `the picture has a plot for each function, and the text a line`() throws {
    try withTemporaryFolder { folder in
      let recorder = Recorder()
      let status = CourseCommand.run(
        ["activations", "--output", folder], console: recorder.console())
      #expect(status == .success && recorder.complaints.isEmpty)
      let picture = try String(contentsOfFile: folder + "/activations.svg", encoding: .utf8)
      #expect((elements(of: picture)["polyline"] ?? 0) >= 2 * DrawnActivation.all.count)
      for activation in DrawnActivation.all {
        #expect(picture.contains(">\(activation.name)</text>"))
        #expect(recorder.lines.contains { $0.hasPrefix(activation.name + " ") })
      }
      #expect(recorder.lines.last == "picture of 30 functions: \(folder)/activations.svg")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 1)
    }
  }

  @Test func `no function of the module is left out`() {
    let names = Set(DrawnActivation.all.map { String($0.name.prefix { $0.isLetter }) })
    #expect(
      names == [
        "sign", "heaviside", "indicator", "sigmoid", "logSigmoid", "hardSigmoid", "tanh",
        "hardTanh",
        "softsign", "relu", "leakyReLU", "prelu", "elu", "celu", "selu", "softplus", "gelu", "silu",
        "hardSwish", "mish", "softmax", "logSoftmax", "maxout", "glu", "reglu", "geglu", "swiglu",
      ])
  }

  @Test(arguments: DrawnActivation.all.indices)
  func `the derivative drawn is the slope of the curve drawn, between the kinks`(index: Int) {
    let activation = DrawnActivation.all[index]
    let curves = activation.plot(over: -4...4).curves
    #expect(curves.map(\.name) == ["function", "derivative"])
    #expect(curves[0].pieces.count == activation.kinks.filter { abs($0) < 4 }.count + 1)
    for (values, slopes) in zip(curves[0].pieces, curves[1].pieces) {
      for step in 1..<values.count {
        let (a, b) = (values[step - 1], values[step])
        #expect(b.x > a.x && b.x - a.x < 0.1)
        let mean = (slopes[step - 1].y + slopes[step].y) / 2
        // The trapezoid's error is of third order; a kink inside a piece would leave 0.05 or more.
        #expect(abs((b.y - a.y) / (b.x - a.x) - mean) < 0.005, "\(activation.name) at \(a.x)")
      }
    }
  }

  @Test func `jumps are marked with the value there`() throws {
    func curves(_ name: String) throws -> [PlotGrid.Curve] {
      try #require(DrawnActivation.all.first { $0.name == name }).plot(over: -4...4).curves
    }
    #expect(try curves("heaviside")[0].marks == [.init(0, 0.5)])
    #expect(try curves("sign")[0].marks == [.init(0, 0)])
    #expect(try curves("indicator of −1...1")[0].marks == [.init(-1, 1), .init(1, 1)])
    // The function is continuous, its derivative is 0 at the kink.
    let relu = try curves("relu")
    #expect(relu[0].marks.isEmpty && relu[1].marks == [.init(0, 0)])
    #expect(try curves("gelu").allSatisfy { $0.marks.isEmpty })
  }

  @Test func `wrong options are the command line's fault`() {
    let recorder = Recorder()
    let status = CourseCommand.run(["activations", "--folder", "x"], console: recorder.console())
    #expect(status == .usage && recorder.complaints.contains("there is no option '--folder'"))
  }
}

@Suite struct PlotGridTests {
  private typealias Point = SVGCanvas.Point

  @Test func `a curve is cut exactly where it leaves the range`() {
    let zigzag = [Point(0, 0), Point(1, 4), Point(2, 0), Point(3, -4), Point(4, -4)]
    #expect(
      clipped(zigzag, to: -2...2) == [
        [Point(0, 0), Point(0.5, 2)], [Point(1.5, 2), Point(2, 0), Point(2.5, -2)],
      ])
    // One segment may cross the whole range.
    #expect(clipped([Point(0, -4), Point(2, 4)], to: -2...2) == [[Point(0.5, -2), Point(1.5, 2)]])
    #expect(clipped([Point(0, 3), Point(1, 3)], to: -2...2).isEmpty)
    #expect(clipped([Point(0, 2), Point(1, -2)], to: -2...2) == [[Point(0, 2), Point(1, -2)]])
    #expect(clipped([Point(0, 0)], to: -2...2).isEmpty)
    #expect(
      clipped([Point(0, 0), Point(1, .nan), Point(2, 0), Point(3, 1)], to: -2...2).count == 1)
  }

  @Test func `logarithmic axes mark powers of ten`() {
    let axis = Axis(coveringLogarithms: [-2.3, 0.4, -.infinity, .nan])
    #expect(axis.ticks.map(axis.label) == ["10⁻³", "10⁻²", "10⁻¹", "10⁰", "10¹"])
    #expect(axis.range == -3...1)
    #expect(Axis(coveringLogarithms: [-20, 3]).ticks == [-20, -16, -12, -8, -4, 0, 4])
    for values in [[], [2.0], [.nan]] as [[Double]] {
      let axis = Axis(coveringLogarithms: values)
      #expect(axis.range.lowerBound < axis.range.upperBound && axis.ticks.count >= 2)
    }
  }

  @Test func `a logarithmic panel leaves out what is not positive`() {
    let series = LineChart.Series(
      name: "λ", x: [1, 2, 3, 4, 5], y: [1, 10, 0, 1e-3, 1], color: "#123456")
    let chart = LineChart(
      title: "", subtitle: "", xTitle: "",
      panels: [.init(title: "", series: [series], isLogarithmic: true)])
    #expect(elements(of: chart.svg())["polyline"] == 2)
    #expect(chart.svg().contains("stroke=\"#123456\""))
  }

  @Test func `ordered colours run from amber to blue`() {
    #expect(Palette.ordered(0, of: 3) == "#f59e0b" && Palette.ordered(2, of: 3) == "#1e3a8a")
    #expect(Palette.ordered(0, of: 1) == "#1e3a8a")
    #expect(Set((0..<8).map { Palette.ordered($0, of: 8) }).count == 8)
  }
}
