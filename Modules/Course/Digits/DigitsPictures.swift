import Datasets

/// The pictures that `course digits` draws.
enum DigitsPictures {
  static func learningCurve(
    _ history: [EpochEvaluation], subtitle: String
  ) -> String {
    let epochs = (1...max(history.count, 1)).map(Double.init)
    func panel(_ title: String, _ value: (Evaluation) -> Double) -> LineChart.Panel {
      LineChart.Panel(
        title: title,
        series: [
          .init(name: "training", x: epochs, y: history.map { value($0.training) }),
          .init(name: "test", x: epochs, y: history.map { value($0.test) }),
        ])
    }
    return LineChart(
      title: "Learning curve", subtitle: subtitle, xTitle: "epoch",
      panels: [panel("Cross-entropy", \.loss), panel("Accuracy", \.accuracy)]
    ).svg()
  }

  static func confusionMatrix(
    _ evaluation: Evaluation, of digits: DigitsData, subtitle: String
  ) -> String {
    // Names would not fit the cells.
    let names = (0..<digits.classCount).map(String.init)
    let areDigits = digits.noun == "digits"
    return MatrixMap(
      title: "Confusion matrix", subtitle: subtitle,
      rowTitle: areDigits ? "digit written" : "class shown",
      columnTitle: areDigits ? "digit recognised" : "class recognised", rowNames: names,
      columnNames: names,
      counts: evaluation.confusion
    ).svg()
  }
}
