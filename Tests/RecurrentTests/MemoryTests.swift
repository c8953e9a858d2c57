import Core
import Recurrent
import Testing

@Suite struct MemoryTests {
  /// One number, damped: the cheapest step there is.
  struct DampedCell: RecurrentCell {
    let factor = Parameter(Tensor(0.999_999))
    func initialState(batch: Int) -> Tensor { .ones([batch]) }
    func step(_ x: Tensor, _ state: Tensor) -> (output: Tensor, state: Tensor) {
      let next = factor.value * state
      return (next, next)
    }
  }

  /// A recursion over that many steps would exhaust the stack; unoptimised, which takes ten times as
  /// long a step, a tenth of a million would too.
  @Test func `a million steps back-propagate without recursion`() {
    #if DEBUG
      let steps = 100_000
    #else
      let steps = 1_000_000
    #endif
    let cell = DampedCell()
    cell.convert(to: .float64)
    let (value, gradients) = valueWithGradient(of: cell) {
      var state = cell.initialState(batch: 1).cast(to: .float64)
      let x = Tensor.zeros([1])
      for _ in 0..<steps { state = cell.step(x, state).state }
      return state.sum()
    }
    // d aⁿ / da = n aⁿ⁻¹.
    let a = cell.factor.value.item()
    let expected = Double(steps) * value.item() / a
    #expect(value.item() > 0.3)
    #expect(abs((gradients[cell.factor]?.item() ?? 0) / expected - 1) < 1e-6)
  }

  @Test func `an unrolled sequence of many steps back-propagates too`() {
    let network = Unrolled(DampedCell())
    let steps = 5_000
    let (value, gradients) = valueWithGradient(of: network) {
      network(Tensor.zeros([steps, 1]))[steps - 1].sum()
    }
    let expected = Double(steps) * value.item()
    #expect(abs((gradients[network.forward[0].factor]?.item() ?? 0) / expected - 1) < 1e-2)
  }

  @Test func `what a window leaves behind does not grow with the sequence`() {
    let network = withRandom(seed: 3) { LSTM(4, 64) }
    var generator = RandomGenerator(seed: 1)
    let x = Tensor.randomNormal([700, 32, 4], using: &generator)
    var usage: [Int] = []
    network.truncated(every: 35).forEachWindow(of: x) { window, _, states in
      let (_, _, final) = valueWithGradient(of: network) {
        let (y, final) = network(window, from: states)
        return ((y * y).mean(), final.flatMap(\.tensors))
      }
      usage.append(MemoryPool.statistics.bytesInUse)
      return [LSTMState(tensors: final)]
    }
    #expect(usage.count == 20)
    // A window's gates alone are 1 MB. Other tests run beside this one, so: the least seen late
    // against the most seen early.
    #expect(usage.suffix(5).min()! <= usage.prefix(5).max()! + 4 << 20)
  }
}
