import Core
import Datasets
import Optim

/// The second-order model of a network's loss at its present weights, beside the loss.
struct TaylorLook {
  struct Row {
    let step, share, predicted, actual: Double
  }

  let name: String
  let taylor: TaylorModel
  let spectrum: HessianSpectrum
  /// The losses for steps up to 2.5 ε*, a tenth of it apart.
  let rows: [Row]

  init(at model: some Layer<Tensor, Tensor>, on dataset: Dataset, name: String) {
    func loss() -> Tensor {
      softmaxCrossEntropy(logits: model(dataset.inputs), labels: dataset.labels)
    }
    let vector = ParameterVector(of: model)
    let start = vector.value
    let taylor = TaylorModel(of: model, loss)
    // Without a best step, one that would lower a straight line by the whole loss.
    let unit = taylor.optimalStep ?? taylor.value / max(taylor.gradientSquare, 1e-300)
    rows = (0...25).map { tenth in
      let share = Double(tenth) / 10
      let step = share * unit
      let actual = vector.substituting(start - step * taylor.gradient) { loss() }
      return Row(
        step: step, share: share, predicted: taylor.value(afterStep: step), actual: actual.item())
    }
    spectrum = HessianSpectrum(of: model, tolerance: 1e-3, loss)
    self.taylor = taylor
    self.name = name
  }

  /// The rows worth printing.
  var table: [Row] { [0, 1, 2, 5, 8, 10, 12, 15, 20, 25].map { rows[$0] } }

  var panel: LineChart.Panel {
    let steps = rows.map(\.step)
    return LineChart.Panel(
      title: name,
      series: [
        .init(name: "predicted", x: steps, y: rows.map(\.predicted)),
        .init(name: "actual", x: steps, y: rows.map(\.actual)),
      ],
      marks: taylor.optimalStep.map { [(x: $0, name: "ε*"), (x: 2 * $0, name: "2ε*")] } ?? [])
  }
}
