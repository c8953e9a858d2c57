import Core
import Datasets
import Testing

@Suite struct TextWindowTests {
  @Test func `windows carry on where the last one ended`() {
    // The picture of the documentation: a … l are 0 … 11.
    let windows = TextWindows(Array(0..<12), batch: 3, length: 2)
    #expect(windows.count == 2 && windows.targetCount == 9)
    #expect(windows[0].inputs.scalars(as: Int.self) == [0, 4, 8, 1, 5, 9])
    #expect(windows[0].targets.scalars(as: Int.self) == [1, 5, 9, 2, 6, 10])
    #expect(windows[1].inputs.scalars(as: Int.self) == [2, 6, 10])
    #expect(windows[1].targets.scalars(as: Int.self) == [3, 7, 11])
    #expect(windows[1].inputs.shape == [1, 3])
  }

  @Test(arguments: [(37, 1, 5), (100, 7, 4), (64, 8, 8), (12, 12, 3), (12, 5, 100)])
  func `each stream is a stretch of the text, once`(count: Int, batch: Int, length: Int) {
    let tokens = (0..<count).map { $0 * 3 % 101 }
    let windows = TextWindows(tokens, batch: batch, length: length)
    let time = count / batch
    #expect(windows.batch == batch)
    for stream in 0..<batch {
      let inputs = windows.flatMap { $0.inputs[.all, stream].scalars(as: Int.self) }
      let targets = windows.flatMap { $0.targets[.all, stream].scalars(as: Int.self) }
      let stretch = tokens[(stream * time)..<((stream + 1) * time)]
      #expect(inputs == Array(stretch.dropLast()))
      #expect(targets == Array(stretch.dropFirst()))
    }
    #expect(windows.dropLast().allSatisfy { $0.inputs.shape[0] == length })
    #expect(windows.reduce(0) { $0 + $1.targets.count } == windows.targetCount)
  }

  @Test func `a text too short for the batch has no window`() {
    #expect(TextWindows([1, 2, 3], batch: 2, length: 4).isEmpty)
    #expect(TextWindows([], batch: 2, length: 4).isEmpty)
    #expect(TextWindows([1, 2, 3], batch: 4, length: 4).targetCount == 0)
  }

  @Test func `a corpus is one run of tokens`() {
    let corpus = TextCorpus(lines: ["In the beginning", "", "God"])
    #expect(
      corpus.tokens(cutBy: WordTokenizer(), lineEnd: "<end>")
        == ["in", "the", "beginning", "<end>", "<end>", "god", "<end>"])
    #expect(
      CharacterTokenizer().text(of: corpus.tokens(cutBy: CharacterTokenizer(), lineEnd: "\n"))
        == corpus.text)
    #expect(corpus.tokens(cutBy: WordTokenizer()).count == 4)
  }

  @Test func `windows need a length`() async {
    await #expect(processExitsWith: .failure) { _ = TextWindows([1, 2], batch: 1, length: 0) }
  }
}
