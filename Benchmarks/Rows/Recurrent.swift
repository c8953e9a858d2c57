import Core
import Recurrent

// One recurrent layer. `fwdbwd`: 35 steps, batch 20, width 200 in and out, from zero states, with
// respect to input and weights. `step`: one step at batch 1 and width 128 in and out, each from the
// state that the last one left.

extension Catalogue {
  static var recurrent: [Row] {
    rows("rnn", gates: 1) { ElmanCell($0, $1) } + rows("gru", gates: 3) { GRUCell($0, $1) }
      + rows("lstm", gates: 4) { LSTMCell($0, $1) }
  }

  private static func rows<Cell: RecurrentCell>(
    _ name: String, gates: Double, cell: @escaping (Int, Int) -> Cell
  ) -> [Row] {
    let (time, batch, width) = (35, 20, 200)
    // Each gate: two products a step, each once forward and twice backward.
    let products = Double(time * batch * width * width) * gates * 2
    return [
      Row("\(name)-fwdbwd/T35-B20-H200", flops: 2 * 3 * products) {
        let network = Unrolled(cell(width, width))
        let model = WithInput(layer: network, input: Parameter(normal([time, batch, width])))
        let upstream = normal([time, batch, width])
        return { _ = valueWithGradient(of: model) { model.output(backwardFrom: upstream) } }
      },
      Row("\(name)-step/H128", flops: 2 * 2 * gates * 128 * 128) {
        let network = Unrolled(cell(128, 128))
        let x = normal([1, 128])
        var states = network.initialStates(batch: 1)
        return { states = network.step(x, from: states).states }
      },
    ]
  }
}
