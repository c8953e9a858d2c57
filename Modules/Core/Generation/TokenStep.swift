/// One step of a model that says which token comes next: it reads a token and gives the logits of
/// the one after it, [vocabulary], and what it remembers.
///
/// That is all that ``sampleTokens(from:after:count:sampling:ending:using:step:)`` and
/// ``beamSearch(from:after:width:length:ending:lengthPenalty:step:)`` need of a model. The state of a
/// recurrent network is its state, that of a transformer its keys and values so far; it must be a
/// value, since several continuations of one state are followed.
///
/// ```swift
/// let step: TokenStep<[LSTMState]> = { states, token in
///   let (y, next) = network.step(embedding(Tensor([token])), from: states)
///   return (output(y)[0], next)
/// }
/// ```
public typealias TokenStep<State> = (_ state: State, _ token: Int) -> (logits: Tensor, state: State)

/// Tokens drawn one after the other, each from what the model says after those before it.
///
/// - Parameters:
///   - state: Before `token` is read.
///   - token: The last one of the prompt.
///   - count: How many to draw at most.
///   - sampling: By probability unless told otherwise.
///   - ending: A token after which no more are drawn; none unless told otherwise.
/// - Returns: The new tokens alone, with the ending one if it was drawn.
public func sampleTokens<State>(
  from state: State, after token: Int, count: Int, sampling: TokenSampling = TokenSampling(),
  ending: Int? = nil, using generator: inout RandomGenerator, step: TokenStep<State>
) -> [Int] {
  require(count >= 0, "sampleTokens: a count of \(count)")
  var (state, token) = (state, token)
  var tokens: [Int] = []
  while tokens.count < count, tokens.isEmpty || token != ending {
    let next = step(state, token)
    state = next.state
    token = sampling.draw(from: next.logits, using: &generator)
    tokens.append(token)
  }
  return tokens
}
