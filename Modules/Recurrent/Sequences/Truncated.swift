import Core

/// A recurrent network whose gradients go back through so many steps only: truncated
/// back-propagation through time (course document 004, question 1.5).
///
/// ```swift
/// let truncated = network.truncated(every: 35)
/// let y = truncated(x)                                 // the network's values
/// ```
///
/// Every `steps` steps the states are carried on as constants. Values are the network's own; its
/// gradients lack what reaches across a cut, so that they are biased: dependencies longer than the
/// window contribute nothing. The bias goes to 0 as the window grows to the sequence.
///
/// To train on a sequence of any length in bounded memory, take a gradient in each window:
///
/// ```swift
/// network.truncated(every: 35).forEachWindow(of: x) { window, start, states in
///   let (loss, gradients, final) = valueWithGradient(of: network) {
///     let (y, final) = network(window, from: states)
///     return (error(y, at: start), final)
///   }
///   training.update(along: gradients)
///   return final
/// }
/// ```
public struct Truncated<Cell: RecurrentCell>: Layer {
  /// The network, whose cells go forward only.
  public let network: Unrolled<Cell>
  /// The length of a window.
  public let steps: Int

  init(_ network: Unrolled<Cell>, every steps: Int) {
    require(steps > 0, "truncated: windows of \(steps) steps")
    require(
      network.backward == nil,
      "truncated: a bidirectional network needs the steps to come, beyond a window")
    self.network = network
    self.steps = steps
  }

  public func callAsFunction(_ x: Tensor) -> Tensor { self(x, from: nil).outputs }

  /// The outputs for a whole sequence, and the states after it.
  ///
  /// - Parameters:
  ///   - x: [time, batch, …].
  ///   - states: Before the first step; the initial ones if `nil`.
  public func callAsFunction(_ x: Tensor, from states: [Cell.State]? = nil) -> (
    outputs: Tensor, states: [Cell.State]
  ) {
    var outputs: [Tensor] = []
    let final = forEachWindow(of: x, from: states) { window, _, states in
      let (output, final) = network(window, from: states)
      outputs.append(output)
      return final
    }
    return (concatenated(outputs), final)
  }

  /// Runs `body` on one window after the other, carrying the states as constants.
  ///
  /// - Parameters:
  ///   - x: [time, batch, …].
  ///   - states: Before the first step; the initial ones if `nil`, which alone are differentiated.
  ///   - body: From a window, the time at which it starts and the states before it, the states after
  ///     it.
  /// - Returns: The states after the last window.
  @discardableResult
  public func forEachWindow(
    of x: Tensor, from states: [Cell.State]? = nil,
    _ body: (_ window: Tensor, _ start: Int, _ states: [Cell.State]) throws -> [Cell.State]
  ) rethrows -> [Cell.State] {
    requireTime(x, in: "truncated")
    var states = states ?? network.initialStates(batch: x.shape[1], dtype: x.dtype)
    for start in stride(from: 0, to: x.shape[0], by: steps) {
      if start > 0 { states = stopGradient(states) }
      let window = x.narrowed(0, from: start, count: min(steps, x.shape[0] - start))
      states = try body(window, start, states)
    }
    return states
  }
}

extension Truncated: Sendable where Cell: Sendable {}

extension Unrolled {
  /// This network with gradients that go back through `steps` steps only; see ``Truncated``.
  public func truncated(every steps: Int) -> Truncated<Cell> { Truncated(self, every: steps) }
}
