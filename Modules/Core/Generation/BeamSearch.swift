import Foundation

/// Tokens that a model may write, with their probability.
public struct TokenHypothesis: Sendable, Equatable {
  /// The new tokens, with the ending one if they are ended.
  public let tokens: [Int]
  /// ln p(tokens | prompt)
  public let logProbability: Double
  /// What hypotheses are ranked by: ln p / lengthᵅ.
  public let score: Double
}

/// The likeliest continuations, followed `width` at a time.
///
/// ```
/// p(tokens) = Π_t p(token_t | those before),   score = ln p / lengthᵅ
/// ```
///
/// After each step the `width` likeliest beginnings are kept; those that end are put aside. With
/// width 1 it takes the likeliest token each time; with a width of all beginnings it is exhaustive.
/// Longer texts are less probable, which the length penalty α makes up for.
///
/// ```swift
/// let best = beamSearch(from: states, after: prompt.last!, width: 8, length: 40, step: step)[0]
/// ```
///
/// - Parameters:
///   - state: Before `token` is read.
///   - token: The last one of the prompt.
///   - width: How many hypotheses are followed.
///   - length: The most tokens of one.
///   - ending: A token that ends a hypothesis; none unless told otherwise.
///   - lengthPenalty: α; 0, the plain probability, unless told otherwise. [Wu et al. 2016] use 0.6
///     to 0.7 with a similar form.
///   - step: What the model says; see ``TokenStep``.
/// - Returns: At most `width` hypotheses, the best first.
/// - Complexity: width · length steps of the model.
///
/// [Wu et al. 2016]: https://arxiv.org/abs/1609.08144
public func beamSearch<State>(
  from state: State, after token: Int, width: Int, length: Int, ending: Int? = nil,
  lengthPenalty: Double = 0, step: TokenStep<State>
) -> [TokenHypothesis] {
  require(
    width > 0 && length >= 0 && lengthPenalty >= 0,
    "beamSearch: width \(width), length \(length), length penalty \(lengthPenalty)")
  func scored(_ tokens: [Int], _ logProbability: Double) -> TokenHypothesis {
    TokenHypothesis(
      tokens: tokens, logProbability: logProbability,
      score: logProbability / pow(Double(max(tokens.count, 1)), lengthPenalty))
  }
  var open = [Beginning(tokens: [], logProbability: 0, state: state)]
  var ended: [TokenHypothesis] = []
  for _ in 0..<length {
    // What is open can at best stay as probable as it is, up to the full length.
    let hope = open.map { $0.logProbability / pow(Double(length), lengthPenalty) }.max()
    guard let hope, ended.count < width || ended[width - 1].score < hope else { break }
    let steps = open.map { step($0.state, $0.tokens.last ?? token) }
    var next: [Beginning<State>] = []
    for (rank, choice) in choices(open, steps.map(\.logits), width, ending).enumerated() {
      let tokens = open[choice.beginning].tokens + [choice.token]
      if choice.token == ending {
        if rank < width { ended.append(scored(tokens, choice.logProbability)) }
      } else if next.count < width {
        next.append(
          Beginning(
            tokens: tokens, logProbability: choice.logProbability,
            state: steps[choice.beginning].state))
      }
    }
    ended = ranked(ended)
    open = next
  }
  return Array(ranked(ended + open.map { scored($0.tokens, $0.logProbability) }).prefix(width))
}

private struct Beginning<State> {
  let tokens: [Int]
  let logProbability: Double
  let state: State
}

/// What may follow, the likeliest first; of equals the first.
private func choices<State>(
  _ open: [Beginning<State>], _ logits: [Tensor], _ width: Int, _ ending: Int?
) -> [(beginning: Int, token: Int, logProbability: Double)] {
  var all: [(beginning: Int, token: Int, logProbability: Double)] = []
  for (index, beginning) in open.enumerated() {
    requireLogits(logits[index], in: "beamSearch")
    let logits = logSoftmax(floating(logits[index].detached).cast(to: .float64))
    // One more, so that the ending token takes nobody's place.
    let best = logits.topK(min(width + (ending == nil ? 0 : 1), logits.count))
    for (token, value) in zip(
      best.indices.scalars(as: Int.self), best.values.scalars(as: Double.self))
    where value > -.infinity {
      all.append((index, token, beginning.logProbability + value))
    }
  }
  return all.enumerated().sorted {
    ($1.element.logProbability, $0.offset) < ($0.element.logProbability, $1.offset)
  }.map(\.element)
}

private func ranked(_ hypotheses: [TokenHypothesis]) -> [TokenHypothesis] {
  hypotheses.enumerated().sorted { ($1.element.score, $0.offset) < ($0.element.score, $1.offset) }
    .map(\.element)
}
