import Core
import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct NetworkPictureTests {
  private struct Block: Layer {
    let hidden = Dense(8, 16, activation: .relu)
    let output = Dense(16, 8)
    func callAsFunction(_ x: Tensor) -> Tensor {
      reported(self, x) { x in x + output(hidden(x)) }
    }
  }

  private struct Network: Layer {
    let embed = Dense(4, 8)
    let blocks = [Block(), Block(), Block()]
    let head = Dense(8, 2)
    func callAsFunction(_ x: Tensor) -> Tensor { head(blocks.reduce(embed(x)) { $1($0) }) }
  }

  /// Elements that lie in the picture, and its texts.
  private final class Reader: NSObject, XMLParserDelegate {
    var size = (width: 0, height: 0)
    var boxes: [(x: Int, y: Int, width: Int, height: Int)] = []
    var texts: [String] = []

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
      qualifiedName: String?, attributes: [String: String] = [:]
    ) {
      func number(_ key: String) -> Int { attributes[key].flatMap { Int($0) } ?? -1 }
      if name == "svg" { size = (number("width"), number("height")) }
      if name == "rect", attributes["x"] != nil {
        boxes.append((number("x"), number("y"), number("width"), number("height")))
      }
      texts.append("")
    }

    func parser(_ parser: XMLParser, foundCharacters text: String) {
      texts[texts.count - 1] += text
    }
  }

  private func read(_ svg: String) throws -> Reader {
    let parser = XMLParser(data: Data(svg.utf8))
    let reader = Reader()
    parser.delegate = reader
    #expect(parser.parse(), "\(String(describing: parser.parserError))")
    reader.texts = reader.texts.map { $0.trimmingCharacters(in: .newlines) }
    return reader
  }

  @Test func `boxes for calls, frames for those that call others, equal ones once`() throws {
    let svg = picture(of: Network(), input: [5, 4])
    let reader = try read(svg)
    // The network, embed, a block with its two layers, and the head.
    #expect(reader.boxes.count == 6)
    for box in reader.boxes {
      #expect(box.x >= 0 && box.x + box.width <= reader.size.width)
      #expect(box.y >= 0 && box.y + box.height <= reader.size.height)
    }
    for text in [
      "Network", "Block  × 3", "blocks.0 … blocks.2", "hidden, 144 parameters", "Dense, relu",
      "head, 18 parameters", "[5, 16]", "[5, 2]",
      "898 parameters, 4,080 multiply-adds",
    ] { #expect(reader.texts.contains(text), "\(text)") }
    if let folder = ProcessInfo.processInfo.environment["APUS_ROUND_TRIP"] {
      try svg.write(toFile: folder + "/network.svg", atomically: true, encoding: .utf8)
    }
  }

  private struct Odd: Layer, SummarizedLayer {
    var summaryKind: String { "A<B> & \"C\"\u{1}" }
    func callAsFunction(_ x: Tensor) -> Tensor { x }
  }

  @Test func `names that XML would take for its own, and one layer alone`() throws {
    let reader = try read(picture(of: Odd(), at: Tensor([1])))
    #expect(reader.boxes.count == 1 && reader.texts.contains("A<B> & \"C\" "))
  }
}
