import Core
import Foundation
import LayerTesting
import Testing

/// A model with three tokens whose logits depend on the last two: state is the token before.
private let table: [[[Float]]] = [
  [[0, 2, -1], [1, 0, 0], [-2, 1, 3]],
  [[2, 2, 0], [0, -1, 1], [0.5, 0, 0]],
  [[-1, 0, 1], [3, 0, 0], [1, 1, 1.5]],
]

private func step(_ before: Int, _ token: Int) -> (logits: Tensor, state: Int) {
  (Tensor(table[before][token]), token)
}

/// All texts of some length with their ln p after token 0, the likeliest first; those that end stop.
private func everything(_ length: Int, ending: Int? = nil) -> [([Int], Double)] {
  var found: [([Int], Double)] = []
  func visit(_ tokens: [Int], _ before: Int, _ last: Int, _ sum: Double) {
    if tokens.count == length || !tokens.isEmpty && last == ending {
      return found.append((tokens, sum))
    }
    let (logits, state) = step(before, last)
    let logs = logSoftmax(logits.cast(to: .float64)).scalars(as: Double.self)
    for token in 0..<3 { visit(tokens + [token], state, token, sum + logs[token]) }
  }
  visit([], 0, 0, 0)
  return found.sorted { $0.1 > $1.1 }
}

@Suite struct BeamSearchTests {
  @Test(arguments: [nil, 2])
  func `a wide beam finds what trying everything finds`(ending: Int?) {
    let all = everything(4, ending: ending)
    let found = beamSearch(from: 0, after: 0, width: 81, length: 4, ending: ending, step: step)
    #expect(found.count == all.count)
    for (hypothesis, expected) in zip(found, all) {
      #expect(abs(hypothesis.logProbability - expected.1) < 1e-12)
    }
    #expect(found[0].tokens == all[0].0)
    #expect(found.allSatisfy { $0.score == $0.logProbability })
  }

  @Test func `a beam of width 1 is greedy`() {
    var generator = RandomGenerator(seed: 1)
    let greedy = sampleTokens(
      from: 0, after: 0, count: 6, sampling: .greedy, using: &generator, step: step)
    #expect(beamSearch(from: 0, after: 0, width: 1, length: 6, step: step)[0].tokens == greedy)
  }

  @Test func `a penalty ranks by probability a token`() {
    let all = everything(4, ending: 2).map { ($0.0, $0.1 / Double($0.0.count)) }
      .sorted { $0.1 > $1.1 }
    let found = beamSearch(
      from: 0, after: 0, width: 81, length: 4, ending: 2, lengthPenalty: 1, step: step)
    #expect(found[0].tokens == all[0].0)
    #expect(abs(found[0].score - all[0].1) < 1e-12)
  }

  @Test func `nothing is asked where nothing may be written`() {
    let found = beamSearch(from: 0, after: 0, width: 3, length: 0, step: step)
    #expect(found.map(\.tokens) == [[]] && found[0].score == 0)
  }

  @Test func `a token of no probability is never followed`() {
    let found = beamSearch(from: 0, after: 0, width: 4, length: 2) { (state: Int, token: Int) in
      (Tensor([0, -Float.infinity]), state)
    }
    #expect(found.map(\.tokens) == [[0, 0]])
  }

  @Test func `an empty beam is refused`() async {
    await #expect(processExitsWith: .failure) {
      _ = beamSearch(from: 0, after: 0, width: 0, length: 3) { (state: Int, _) in
        (Tensor([0, 1]), state)
      }
    }
  }
}

@Suite struct TokenSamplingTests {
  @Test func `a temperature divides the logits`() throws {
    let logits = Tensor([1, -2, 0.5, 3])
    for temperature in [0.3, 1, 2.5] {
      try expectClose(
        TokenSampling(temperature: temperature).probabilities(logits),
        softmax(logits / temperature))
    }
    try expectClose(TokenSampling.greedy.probabilities(logits), Tensor([0, 0, 0, 1]))
    // Far below what could be divided by.
    try expectClose(
      TokenSampling(temperature: 1e-300).probabilities(logits * 1e30), Tensor([0, 0, 0, 1]))
  }

  @Test func `only the likeliest k remain, of equals the first`() throws {
    let sampling = TokenSampling(topK: 2)
    let p = sampling.probabilities(Tensor([1, 1, 0, 1])).scalars(as: Double.self)
    #expect(p == [0.5, 0.5, 0, 0])
    try expectClose(TokenSampling(topK: 9).probabilities(Tensor([1, 2])), softmax(Tensor([1, 2])))
  }

  @Test func `draws come as often as they are probable`() {
    var generator = RandomGenerator(seed: 3)
    let sampling = TokenSampling(temperature: 0.7, topK: 3)
    let logits = Tensor([0.3, 1, -4, 0.1])
    let expected = sampling.probabilities(logits).scalars(as: Double.self)
    var counts = [0, 0, 0, 0]
    for _ in 0..<4000 { counts[sampling.draw(from: logits, using: &generator)] += 1 }
    for (count, p) in zip(counts, expected) {
      // Five deviations.
      #expect(abs(Double(count) - 4000 * p) <= 5 * (4000 * p * (1 - p)).squareRoot())
    }
  }

  @Test func `sampling stops after the ending token`() {
    var generator = RandomGenerator(seed: 5)
    let tokens = sampleTokens(
      from: 0, after: 0, count: 500, ending: 2, using: &generator, step: step)
    #expect(tokens.last == 2 && tokens.count { $0 == 2 } == 1)
    let again = sampleTokens(from: 0, after: 2, count: 3, ending: 2, using: &generator, step: step)
    #expect(!again.isEmpty)  // the prompt's own ending does not count
  }

  @Test func `logits must be a vector`() async {
    await #expect(processExitsWith: .failure) {
      _ = TokenSampling().probabilities(Tensor([[1, 2]]))
    }
  }
}

@Suite struct PerplexityTests {
  @Test func `k equally likely tokens have perplexity k`() {
    var perplexity = Perplexity()
    perplexity.add(
      logits: .zeros([3, 2, 8]), labels: Tensor([[1, 2], [3, 4], [5, 6]] as [[Int]]))
    #expect(perplexity.count == 6)
    #expect(abs(perplexity.value - 8) < 1e-5)
    #expect(abs(perplexity.bitsPerToken - 3) < 1e-6)
  }

  @Test func `batches add up, and padding does not count`() {
    var generator = RandomGenerator(seed: 2)
    let logits = Tensor.randomNormal([6, 5], using: &generator)
    let labels = Tensor([0, 4, 2, 2, 1, 3] as [Int])
    var (whole, parts) = (Perplexity(), Perplexity())
    whole.add(logits: logits, labels: labels)
    parts.add(logits: logits[..<2], labels: labels[..<2])
    parts.add(logits: logits[2...], labels: labels[2...])
    #expect(parts.count == whole.count && abs(parts.value / whole.value - 1) < 1e-6)
    let loss = softmaxCrossEntropy(logits: logits, labels: labels).item()
    #expect(abs(whole.crossEntropy - loss) < 1e-6)
    var padded = Perplexity()
    padded.add(logits: logits, labels: labels, ignoring: 2)
    #expect(padded.count == 4)
    let ignoring = softmaxCrossEntropy(logits: logits, labels: labels, ignoredLabel: 2).item()
    #expect(abs(padded.crossEntropy - ignoring) < 1e-6)
    #expect(Perplexity().value.isNaN)
  }
}
