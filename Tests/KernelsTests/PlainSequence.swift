import Foundation
import Kernels

/// A recurrent cell over a sequence, and its gradients by the chain rule, in plain loops.
struct PlainSequence {
  typealias Problem = KernelTests.SequenceTests.Problem
  typealias Memory = KernelTests.SequenceTests.Memory<Double>

  /// The gates of one step of one sequence, after their activations; a GRU's share last.
  private var gates: [[Double]]
  private(set) var states, cells: [Double]
  private let p: Problem
  private let m: Memory

  var statesAndCells: [Double] { states + (p.cell == .lstm ? cells : []) }

  private func slot(_ time: Int, after: Bool) -> Int {
    (p.reversed == after ? time : time + 1) * p.batch * p.hidden
  }

  private func runs(_ row: Int, _ time: Int) -> Bool { p.lengths.map { time < $0[row] } ?? true }

  private var times: [Int] { p.reversed ? (0..<p.time).reversed() : Array(0..<p.time) }

  init(_ p: Problem, _ m: Memory) {
    (self.p, self.m) = (p, m)
    states = [Double](repeating: 0, count: (p.time + 1) * p.batch * p.hidden)
    cells = states
    gates = Array(repeating: [], count: p.time * p.batch)
    let start = p.reversed ? p.time * p.batch * p.hidden : 0
    for i in m.state.indices { (states[start + i], cells[start + i]) = (m.state[i], m.cell[i]) }
    for time in times { for row in 0..<p.batch { step(time, row) } }
  }

  private mutating func step(_ time: Int, _ row: Int) {
    let n = p.hidden
    let from = slot(time, after: false) + row * n
    let to = slot(time, after: true) + row * n
    if !runs(row, time) {
      for i in 0..<n { (states[to + i], cells[to + i]) = (states[from + i], cells[from + i]) }
      return
    }
    func product(_ weight: [Double], _ unit: Int, _ values: [Double], _ start: Int, _ count: Int)
      -> Double
    {
      (0..<count).reduce(0) { $0 + weight[unit * count + $1] * values[start + $1] }
    }
    let x = (time * p.batch + row) * p.inputs
    let a = (0..<(p.gates * n)).map {
      product(m.inputWeight, $0, m.x, x, p.inputs) + m.inputBias[$0]
    }
    let b = (0..<(p.gates * n)).map {
      product(m.recurrentWeight, $0, states, from, n) + m.recurrentBias[$0]
    }
    func logistic(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
    var values = [Double](repeating: 0, count: 4 * n)
    for i in 0..<n {
      switch p.cell {
      case .elman:
        let sum = a[i] + b[i]
        switch p.activation {
        case .relu: states[to + i] = max(sum, 0)
        case .tanh: states[to + i] = tanh(sum)
        case .sigmoid: states[to + i] = logistic(sum)
        default: states[to + i] = sum
        }
      case .lstm:
        for gate in 0..<4 {
          let sum = a[gate * n + i] + b[gate * n + i]
          values[gate * n + i] = gate == 2 ? tanh(sum) : logistic(sum)
        }
        cells[to + i] = values[n + i] * cells[from + i] + values[i] * values[2 * n + i]
        states[to + i] = values[3 * n + i] * tanh(cells[to + i])
      case .gru:
        for gate in 0..<2 { values[gate * n + i] = logistic(a[gate * n + i] + b[gate * n + i]) }
        values[3 * n + i] = b[2 * n + i]
        values[2 * n + i] = tanh(a[2 * n + i] + values[i] * values[3 * n + i])
        let (z, new) = (values[n + i], values[2 * n + i])
        states[to + i] = (1 - z) * new + z * states[from + i]
      }
    }
    gates[time * p.batch + row] = values
  }

  /// Of x, both weights, both biases, the initial state and an LSTM's initial memory.
  func gradients() -> [Double] {
    let n = p.hidden
    var ofX = m.x.map { _ in 0.0 }
    var ofInput = m.inputWeight.map { _ in 0.0 }
    var ofRecurrent = m.recurrentWeight.map { _ in 0.0 }
    var ofInputBias = m.inputBias.map { _ in 0.0 }
    var ofRecurrentBias = ofInputBias
    var ofState = m.state.map { _ in 0.0 }
    var ofCell = m.cellUpstream
    for time in times.reversed() {
      for row in 0..<p.batch {
        let from = slot(time, after: false) + row * n
        let to = slot(time, after: true) + row * n
        let values = gates[time * p.batch + row]
        var a = [Double](repeating: 0, count: p.gates * n)
        var b = a
        for i in 0..<n {
          let g = ofState[row * n + i] + m.upstream[to + i]
          ofState[row * n + i] = runs(row, time) ? 0 : g
          guard runs(row, time) else { continue }
          switch p.cell {
          case .elman:
            let y = states[to + i]
            switch p.activation {
            case .relu: a[i] = y > 0 ? g : 0
            case .tanh: a[i] = g * (1 - y * y)
            case .sigmoid: a[i] = g * y * (1 - y)
            default: a[i] = g
            }
            b[i] = a[i]
          case .lstm:
            let (input, forget) = (values[i], values[n + i])
            let (candidate, output) = (values[2 * n + i], values[3 * n + i])
            let squashed = tanh(cells[to + i])
            let c = ofCell[row * n + i] + g * output * (1 - squashed * squashed)
            a[i] = c * candidate * input * (1 - input)
            a[n + i] = c * cells[from + i] * forget * (1 - forget)
            a[2 * n + i] = c * input * (1 - candidate * candidate)
            a[3 * n + i] = g * squashed * output * (1 - output)
            ofCell[row * n + i] = c * forget
            for gate in 0..<4 { b[gate * n + i] = a[gate * n + i] }
          case .gru:
            let (reset, update) = (values[i], values[n + i])
            let (new, share) = (values[2 * n + i], values[3 * n + i])
            a[2 * n + i] = g * (1 - update) * (1 - new * new)
            b[2 * n + i] = a[2 * n + i] * reset
            a[i] = a[2 * n + i] * share * reset * (1 - reset)
            a[n + i] = g * (states[from + i] - new) * update * (1 - update)
            (b[i], b[n + i]) = (a[i], a[n + i])
            ofState[row * n + i] = g * update
          }
        }
        let x = (time * p.batch + row) * p.inputs
        for unit in a.indices {
          for j in 0..<p.inputs {
            ofX[x + j] += a[unit] * m.inputWeight[unit * p.inputs + j]
            ofInput[unit * p.inputs + j] += a[unit] * m.x[x + j]
          }
          for j in 0..<n {
            ofState[row * n + j] += b[unit] * m.recurrentWeight[unit * n + j]
            ofRecurrent[unit * n + j] += b[unit] * states[from + j]
          }
          ofInputBias[unit] += a[unit]
          ofRecurrentBias[unit] += b[unit]
        }
      }
    }
    return ofX + ofInput + ofRecurrent + ofInputBias + ofRecurrentBias + ofState
      + (p.cell == .lstm ? ofCell : [])
  }
}
