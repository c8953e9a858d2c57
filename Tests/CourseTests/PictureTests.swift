import Foundation
import Testing

@testable import Course

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// The elements of a picture and their number; fails when it is not well-formed XML.
func elements(of svg: String) -> [String: Int] {
  final class Counter: NSObject, XMLParserDelegate {
    var counts: [String: Int] = [:]
    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
      qualifiedName: String?, attributes: [String: String]
    ) {
      counts[name, default: 0] += 1
      for value in attributes.values {
        #expect(!value.lowercased().contains("nan") && !value.contains("inf"))
      }
    }
  }
  let counter = Counter()
  let parser = XMLParser(data: Data(svg.utf8))
  parser.delegate = counter
  #expect(parser.parse(), "\(parser.parserError.map { "\($0)" } ?? "")")
  return counter.counts
}

private func chart(_ y: [Double]) -> LineChart {
  let x = y.indices.map { Double($0 + 1) }
  return LineChart(
    title: "a < b & \"c\"", subtitle: "", xTitle: "epoch",
    panels: [.init(title: "loss", series: [.init(name: "training", x: x, y: y)])])
}

@Suite struct PictureTests {
  @Test func `a chart is well-formed and draws each curve once`() {
    let counts = elements(of: chart([3, 2, 1]).svg())
    #expect(counts["svg"] == 1)
    #expect(counts["polyline"] == 1)
  }

  @Test func `a curve has a gap where it is not finite, and a disc where it is one point`() {
    let counts = elements(of: chart([3, 2, .nan, 5, .infinity, 1, 2]).svg())
    #expect(counts["polyline"] == 2)
    #expect(counts["circle"] == 1)
    #expect(elements(of: chart([]).svg())["polyline"] == nil)
    #expect(elements(of: chart([.nan, .infinity]).svg())["polyline"] == nil)
    #expect(elements(of: chart([2]).svg())["circle"] == 1)
    #expect(elements(of: chart([2, 2]).svg())["polyline"] == 1)
  }

  @Test func `a matrix has a cell with a hint for each pair`() {
    let map = MatrixMap(
      title: "Confusion", subtitle: "", rowTitle: "true", columnTitle: "found",
      rowNames: ["a", "b"], columnNames: ["<a>", "b"], counts: [[3, 0], [1, 2]])
    let svg = map.svg()
    #expect(elements(of: svg)["title"] == 5)
    #expect(svg.contains("true b, found &lt;a&gt;: 1 (33.3 %)"))
  }

  @Test func `colours are six hexadecimal digits, darker for more`() {
    let colors = stride(from: 0.0, through: 1, by: 0.01).map(MatrixMap.color)
    #expect(colors.allSatisfy { $0.wholeMatch(of: /#[0-9a-f]{6}/) != nil })
    #expect(colors.first == "#f3f4f6")
    #expect(colors.last == "#1e3a8a")
  }
}

@Suite struct AxisTests {
  @Test(arguments: [
    ([0.0, 1.0], ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
    ([0.0, 0.3], ["0.0", "0.1", "0.2", "0.3"]),
    ([-3.0, 12.0], ["-5", "0", "5", "10", "15"]),
    ([0.91, 0.985], ["0.90", "0.92", "0.94", "0.96", "0.98", "1.00"]),
    ([120.0, 1900.0], ["0", "500", "1000", "1500", "2000"]),
  ])
  func `marks are round and enclose the values`(values: [Double], labels: [String]) {
    let axis = Axis(covering: values)
    #expect(axis.ticks.map(axis.label) == labels)
  }

  @Test(arguments: [1.0, 2, 3, 5, 40, 1000])
  func `epochs are marked at whole numbers`(last: Double) {
    let axis = Axis(covering: [1, last], isWhole: true)
    #expect(axis.ticks.allSatisfy { $0 == $0.rounded() })
    #expect(axis.range.contains(1) && axis.range.contains(last))
    #expect((2...9).contains(axis.ticks.count))
  }

  @Test(arguments: [[], [0.0], [5.0, 5.0], [-1e-9], [1e300, -1e300], [.nan]])
  func `any values give a usable axis`(values: [Double]) {
    let axis = Axis(covering: values)
    #expect(axis.range.lowerBound < axis.range.upperBound)
    #expect((2...12).contains(axis.ticks.count))
    #expect(values.filter(\.isFinite).allSatisfy(axis.range.contains))
  }
}
