import Core
import Foundation

/// The sizes of the multipliers and of the gradients, layer by layer, while a network trains.
struct MultiplierHistory {
  /// The means over a few updates.
  struct Record {
    /// How many.
    var count = 1
    /// When, in epochs from the start.
    var epoch: Double
    var loss: Double
    /// The length of the multiplier λᵢ of one example, for each layer.
    var multipliers: [Double]
    /// The length of ∂ℒ/∂w(i), for each layer.
    var gradients: [Double]
  }

  private(set) var records: [Record] = []
  private var pending: [Record] = []
  private let interval: Int
  private let layers: [[Parameter]]

  /// - Parameters:
  ///   - stages: The layers, from the first to the last.
  ///   - interval: How many updates one record is the mean of.
  init(of stages: [any Layer<Tensor, Tensor>], interval: Int) {
    layers = stages.map { $0.parameters }
    self.interval = max(1, interval)
  }

  /// The mean of all that was recorded after a time in epochs.
  func mean(after epoch: Double) -> Record? { mean(of: records.filter { $0.epoch > epoch }) }

  /// Takes note of one update.
  mutating func append(_ point: Lagrangian.StationaryPoint, epoch: Double) {
    pending.append(
      Record(
        epoch: epoch, loss: point.loss.item(), multipliers: point.multipliers.map(exampleLength),
        gradients: layers.map { parameters in
          length(of: parameters.compactMap { point.gradients[$0] })
        }))
    if pending.count == interval { close() }
  }

  /// Records the updates since the last record, if there are any.
  mutating func close() {
    if let record = mean(of: pending) { records.append(record) }
    pending = []
  }

  /// The loss is a mean over the examples, so each row of a multiplier is one example's, divided by
  /// their number: [example, unit].
  private func exampleLength(_ multiplier: Tensor) -> Double {
    sqrt(square(multiplier).sum(along: 1)).sum().item()
  }

  private func length(of gradients: [Tensor]) -> Double {
    gradients.reduce(0) { $0 + square($1).sum().item() }.squareRoot()
  }

  private func mean(of records: [Record]) -> Record? {
    guard let first = records.first else { return nil }
    let count = records.reduce(0) { $0 + $1.count }
    func mean(_ value: (Record) -> Double) -> Double {
      records.reduce(0) { $0 + Double($1.count) * value($1) } / Double(count)
    }
    return Record(
      count: count, epoch: mean(\.epoch), loss: mean(\.loss),
      multipliers: first.multipliers.indices.map { layer in mean { $0.multipliers[layer] } },
      gradients: first.gradients.indices.map { layer in mean { $0.gradients[layer] } })
  }
}

extension MultiplierHistory {
  /// The picture of the history.
  func chart(subtitle: String) -> String {
    let epochs = records.map(\.epoch)
    func panel(_ title: String, _ values: KeyPath<Record, [Double]>) -> LineChart.Panel {
      LineChart.Panel(
        title: title,
        series: layers.indices.map { layer in
          LineChart.Series(
            name: "i = \(layer + 1)", x: epochs, y: records.map { $0[keyPath: values][layer] },
            color: Palette.ordered(layer, of: layers.count))
        }, isLogarithmic: true)
    }
    let loss = LineChart.Series(name: "ℒ", x: epochs, y: records.map(\.loss), color: Palette.text)
    return LineChart(
      title: "The Lagrangian while training", subtitle: subtitle, xTitle: "epoch",
      panels: [
        panel("Multipliers ‖λᵢ‖, mean over examples", \.multipliers),
        panel("Gradients ‖∂ℒ/∂w(i)‖ of the batch", \.gradients),
        .init(title: "Loss, which is ℒ", series: [loss]),
      ]
    ).svg()
  }
}
