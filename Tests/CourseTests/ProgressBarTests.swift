import Testing

@testable import Course

@Suite struct ProgressBarTests {
  /// A bar over 100 units that took a tenth of a second for each of the 25 that are done.
  private func bar(_ console: Console) -> ProgressBar {
    var time = 0.0
    var bar = ProgressBar(total: 100, unit: "digits", console: console) { time }
    for _ in 0..<25 {
      time += 0.1
      bar.advance(by: 1, label: "epoch 1/4")
    }
    return bar
  }

  @Test func `a bar shows its share, its rate and the time left`() {
    let line = bar(Recorder().console()).line(label: "epoch 1/4", elapsed: 2.5, width: 62)
    #expect(line == "epoch 1/4  ━━━━───────────────   25 %  10 digits/s  0:08 left")
    #expect(line.count == 61)
  }

  @Test(arguments: 1...100)
  func `a bar never wraps`(width: Int) {
    let line = bar(Recorder().console()).line(label: "epoch 1/4", elapsed: 2.5, width: width)
    #expect(line.count < width)
  }

  @Test func `a bar without a terminal is silent, its lines are not`() {
    let recorder = Recorder()
    var bar = bar(recorder.console())
    #expect(recorder.output.isEmpty)
    bar.print("epoch 1/4 done")
    bar.clear()
    #expect(recorder.output == "epoch 1/4 done\n")
  }

  @Test func `a bar on a terminal makes way for a line`() {
    let recorder = Recorder()
    var bar = bar(recorder.console(terminalWidth: 80))
    bar.print("epoch 1/4 done")
    #expect(recorder.output.contains("25 %"))
    #expect(recorder.output.hasSuffix("\r\u{1B}[Kepoch 1/4 done\n"))
  }

  @Test func `thousands are set apart`() {
    let texts = [0, 7, 999, 1000, 48210, -1_234_567].map(grouped)
    #expect(texts == ["0", "7", "999", "1,000", "48,210", "-1,234,567"])
  }
}
