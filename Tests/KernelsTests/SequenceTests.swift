import Foundation
import Kernels
import Testing

extension KernelTests {
  /// Recurrent cells over sequences, at every instruction set, against plain loops in float64.
  @Suite(.serialized) struct SequenceTests {
    struct Problem: Sendable, CustomStringConvertible {
      let cell: apus_cell
      var activation = apus_activation.tanh
      let time, batch, inputs, hidden: Int
      var reversed = false
      var lengths: [Int]? = nil

      var gates: Int { cell == .elman ? 1 : cell == .lstm ? 4 : 3 }
      var description: String {
        "\(cell) \(activation) T\(time) B\(batch) I\(inputs) H\(hidden) \(lengths ?? [])"
      }
    }

    static let problems: [Problem] =
      [apus_cell.elman, .lstm, .gru].flatMap { cell in
        [
          Problem(cell: cell, time: 6, batch: 9, inputs: 5, hidden: 19),
          Problem(cell: cell, time: 3, batch: 1, inputs: 4, hidden: 8, reversed: true),
          Problem(
            cell: cell, time: 5, batch: 4, inputs: 3, hidden: 17, reversed: true,
            lengths: [5, 0, 2, 4]),
          // Large enough to be shared by threads.
          Problem(cell: cell, time: 8, batch: 12, inputs: 3, hidden: 66),
        ]
      }
      + [apus_activation.identity, .relu, .sigmoid].map {
        Problem(cell: .elman, activation: $0, time: 4, batch: 3, inputs: 2, hidden: 21)
      }

    /// Everything that a forward and a backward pass read and write.
    struct Memory<Scalar: KernelScalar> {
      var x, inputWeight, recurrentWeight, inputBias, recurrentBias, state, cell: [Scalar]
      var upstream, cellUpstream: [Scalar]

      init(_ p: Problem) {
        var numbers = Numbers(state: 21)
        // Drawn as Float, so that both types hold the same numbers.
        func draw(_ count: Int, _ scale: Double = 1) -> [Scalar] {
          let values: [Float] = numbers.values(count, in: -scale...scale)
          return values.map { Scalar($0) }
        }
        let rows = p.gates * p.hidden
        x = draw(p.time * p.batch * p.inputs)
        inputWeight = draw(rows * p.inputs, 0.5)
        recurrentWeight = draw(rows * p.hidden, 1 / Double(p.hidden).squareRoot())
        inputBias = draw(rows)
        recurrentBias = draw(rows)
        state = draw(p.batch * p.hidden)
        cell = draw(p.batch * p.hidden)
        upstream = draw((p.time + 1) * p.batch * p.hidden)
        cellUpstream = draw(p.batch * p.hidden)
      }

      /// The states, the memories, and all gradients.
      func run(_ p: Problem) -> [Scalar] {
        let slot = p.batch * p.hidden
        let start = p.reversed ? p.time * slot : 0
        let unknown = [Scalar](repeating: .nan, count: (p.time + 1) * slot)
        func starting(_ values: [Scalar]) -> Block<Scalar> {
          var slots = unknown
          slots.replaceSubrange(start..<(start + slot), with: values)
          return Block(slots)
        }
        let inputs = [x, inputWeight, recurrentWeight, inputBias, recurrentBias].map(Block.init)
        let (states, cells) = (starting(state), p.cell == .lstm ? starting(cell) : nil)
        let columns = apus_sequence_columns(p.cell, p.hidden)
        let steps = [Scalar](repeating: .nan, count: p.time * p.batch * columns)
        let (gates, sums) = (Block(steps), Block(steps))
        let (upstream, cellUpstream) = (Block(upstream), Block(cellUpstream))
        let lengths = p.lengths.map(Block.init)
        var s = apus_sequence()
        (s.type, s.cell, s.activation, s.reversed) = (Scalar.type, p.cell, p.activation, p.reversed)
        (s.time, s.batch, s.inputs, s.hidden) = (p.time, p.batch, p.inputs, p.hidden)
        s.lengths = lengths.map { UnsafePointer($0.memory.baseAddress!) }
        (s.x, s.input_weight) = (inputs[0].constant, inputs[1].constant)
        (s.recurrent_weight, s.input_bias) = (inputs[2].constant, inputs[3].constant)
        s.recurrent_bias = inputs[4].constant
        (s.gates, s.states, s.cells) = (gates.pointer, states.pointer, cells?.pointer)
        apus_sequence_forward(&s)

        let all = [x, inputWeight, recurrentWeight, inputBias, recurrentBias, state]
        let gradients = (all + (p.cell == .lstm ? [cell] : [])).map {
          Block($0.map { _ in Scalar.nan })
        }
        var g = apus_sequence_gradients()
        (g.upstream, g.gates) = (upstream.constant, sums.pointer)
        g.cell_upstream = p.cell == .lstm ? cellUpstream.constant : nil
        (g.x, g.input_weight) = (gradients[0].pointer, gradients[1].pointer)
        (g.recurrent_weight, g.input_bias) = (gradients[2].pointer, gradients[3].pointer)
        (g.recurrent_bias, g.state) = (gradients[4].pointer, gradients[5].pointer)
        g.cell = p.cell == .lstm ? gradients[6].pointer : nil
        apus_sequence_backward(&s, &g)
        return withExtendedLifetime((inputs, gates, sums, upstream, cellUpstream, lengths)) {
          states.values + (cells?.values ?? []) + gradients.flatMap(\.values)
        }
      }
    }

    /// Numbers at a fixed place in memory.
    final class Block<Element: BitwiseCopyable> {
      let memory: UnsafeMutableBufferPointer<Element>

      init(_ values: [Element]) {
        memory = .allocate(capacity: max(values.count, 1))
        _ = memory.initialize(from: values)
        count = values.count
      }

      deinit { memory.deallocate() }

      private let count: Int
      var values: [Element] { Array(memory.prefix(count)) }
      var pointer: UnsafeMutableRawPointer { UnsafeMutableRawPointer(memory.baseAddress!) }
      var constant: UnsafeRawPointer { UnsafeRawPointer(pointer) }
    }

    @Test(arguments: problems)
    func `states and gradients at every instruction set`(_ p: Problem) {
      let plain = PlainSequence(p, Memory<Double>(p))
      let exact = plain.statesAndCells + plain.gradients()
      for level in levels {
        func check<Scalar: KernelScalar>(_: Scalar.Type, _ tolerance: Double) {
          let memory = Memory<Scalar>(p)
          let found = at(level) { onAnyThreads("\(p) at \(level)") { memory.run(p) } }
          #expect(found.count == exact.count)
          let worst = zip(found, exact).map { abs(Double($0) - $1) / max(abs($1), 1) }.max() ?? 0
          #expect(worst <= tolerance, "\(p) in \(Scalar.self) at \(level): \(worst)")
        }
        check(Double.self, 1e-11)
        check(Float.self, 2e-4)
      }
    }
  }
}
