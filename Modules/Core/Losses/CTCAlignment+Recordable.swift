extension CTCAlignment {
  /// The loss of every sequence in tensor operations, whose derivatives can be taken again: the
  /// forward recursion, one step of all sequences at a time.
  ///
  /// −∞ would have no derivative; a finite number that nothing else comes near stands for it.
  func recordableLosses(_ x: Tensor) -> Tensor {
    let dtype = x.dtype
    let never = Tensor(dtype == .float32 ? -1e30 : -1e100, dtype: dtype)
    let isImpossible = never * 0.5
    // Nothing to differentiate by.
    guard steps > 0, batch > 0 else { return x.sum(along: 0, 2) }
    let (states, mayEnd, maySkip) = self.states
    // [steps, batch, width]
    let index = states.broadcast(to: [steps, batch, width])
    let emissions = maximum(x.takenAlong(index, axis: -1), never)
    let column = Tensor.range(0..<width)

    var row = select(column .< 2, emissions[0], never)
    for step in 1..<steps {
      let once = row.padded([(0, 0), (1, 0)], with: never.item()).narrowed(1, from: 0, count: width)
      let twice = row.padded([(0, 0), (2, 0)], with: never.item()).narrowed(
        1, from: 0, count: width)
      let arriving = logSumExp(
        stacked([row, once, select(maySkip, twice, never)]), along: 0)
      let next = maximum(arriving + emissions[step], never)
      let isGoing = (inputLengths .> Double(step)).expandingShape(at: -1)
      row = select(isGoing, next, row)
    }
    let ends = logSumExp(select(mayEnd, row, never), along: -1)
    // Without steps, only the sequence without labels has an alignment.
    let isEmpty = inputLengths .== 0
    let zero = Tensor(0, dtype: dtype)
    let infinity = Tensor(Double.infinity, dtype: dtype)
    let losses = select(ends.detached .> isImpossible, -ends, infinity)
    return select(isEmpty, select(labelLengths .== 0, zero, infinity), losses)
  }

  /// The class of each state, [batch, width]; whether a sequence may end in it; and whether it may
  /// be entered from two states before.
  private var states: (classes: Tensor, mayEnd: Tensor, maySkip: Tensor) {
    let (labels, starts) = (labels.scalars(as: Int.self), offsets.scalars(as: Int.self))
    let lengths = labelLengths.scalars(as: Int.self)
    var classes: [Int] = []
    var mayEnd: [Bool] = []
    var maySkip: [Bool] = []
    for sequence in 0..<batch {
      func label(_ state: Int) -> Int? {
        let position = state / 2
        return state % 2 == 1 && position < lengths[sequence]
          ? labels[starts[sequence] + position] : nil
      }
      let last = 2 * lengths[sequence]
      for state in 0..<width {
        classes.append(label(state) ?? blank)
        mayEnd.append(state == last || state == last - 1)
        maySkip.append(state >= 2 && label(state) != nil && label(state) != label(state - 2))
      }
    }
    let shape: Shape = [batch, width]
    return (
      Tensor(scalars: classes, shape: shape), Tensor(scalars: mayEnd, shape: shape),
      Tensor(scalars: maySkip, shape: shape)
    )
  }
}
