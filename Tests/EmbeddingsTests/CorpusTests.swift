import Core
import Embeddings
import Testing

@Suite struct CorpusTests {
  private let text = Sentences([[0, 1, 2, 3, 4], [], [5], [1, 0, 1]])

  @Test func `sentences keep their words and borders`() {
    #expect(text.count == 4 && text.wordCount == 9)
    #expect(Array(text[0]) == [0, 1, 2, 3, 4])
    #expect(text[1].isEmpty)
    #expect(Array(text[3]) == [1, 0, 1])
  }

  @Test func `whole windows hold every neighbour within reach`() {
    var generator = RandomGenerator(seed: 1)
    let pairs = ContextWindows(reach: 2, isDynamic: false).pairs(of: text, using: &generator)
    var expected: [[Int32]] = []
    for sentence in 0..<text.count {
      let words = Array(text[sentence])
      for i in words.indices {
        for j in words.indices where i != j && abs(i - j) <= 2 {
          expected.append([words[i], words[j]])
        }
      }
    }
    #expect(zip(pairs.words, pairs.neighbours).map { [$0, $1] } == expected)
  }

  @Test func `dynamic windows reach each distance equally often`() {
    var generator = RandomGenerator(seed: 2)
    let long = Sentences([Array(repeating: 0, count: 40_000)])
    let ranges = ContextWindows(reach: 4).ranges(in: long, using: &generator)
    var seen = [Int](repeating: 0, count: 5)
    for (position, range) in ranges.enumerated() where (4..<39_996).contains(position) {
      let reach = position - Int(range.lowerBound)
      #expect(Int(range.upperBound) == position + reach + 1)
      seen[reach] += 1
    }
    #expect(seen[0] == 0)
    // Five standard deviations of a count of 40,000 draws at ¼.
    for reach in 1...4 { #expect(abs(seen[reach] - 9998) < 433) }
  }

  @Test func `subsampling thins out frequent words by the rule`() {
    let counts = [90_000, 9_000, 999, 1]
    let rule = FrequentWordSubsampling(counts: counts, threshold: 1e-2)
    for (word, count) in counts.enumerated() {
      let share = Double(count) / 100_000
      let keep = min(1, (1e-2 / share).squareRoot() + 1e-2 / share)
      #expect(abs(rule.keepProbabilities[word] - keep) < 1e-12)
    }
    var generator = RandomGenerator(seed: 3)
    let even = Sentences([(0..<100_000).map { $0 % 4 }, [0], (0..<100_000).map { $0 % 4 }])
    let kept = rule(even, using: &generator)
    #expect(kept.count == 3)
    for word in 0..<4 {
      let found = Double(kept.words.filter { $0 == Int32(word) }.count)
      let keep = rule.keepProbabilities[word]
      #expect(abs(found - 50_000 * keep) < 5 * (50_000 * keep * (1 - keep)).squareRoot() + 2)
    }
    let all = FrequentWordSubsampling(counts: counts, threshold: 0)(even, using: &generator)
    #expect(all == even)
  }

  @Test(arguments: [[1.0], [1, 1], [3, 1, 0, 6], [1e-9, 1, 1e9]])
  func `an alias table has the probabilities of its weights`(weights: [Double]) {
    let table = AliasTable(weights: weights)
    let sum = weights.reduce(0, +)
    for (outcome, weight) in weights.enumerated() {
      #expect(abs(table.probabilities[outcome] - weight / sum) < 1e-9)
    }
    var generator = RandomGenerator(seed: 4)
    let draws = table.draws(20_001, using: &generator)
    for (outcome, weight) in weights.enumerated() {
      let share = weight / sum
      let found = Double(draws.filter { $0 == Int32(outcome) }.count)
      #expect(abs(found - 20_001 * share) <= 5 * (20_001 * share * (1 - share)).squareRoot() + 1)
    }
  }

  @Test func `negative examples follow counts to the power of three quarters`() {
    let table = AliasTable(counts: [16, 1, 0])
    #expect(abs(table.probabilities[0] - 8.0 / 9) < 1e-9)
    #expect(table.probabilities[2] == 0)
  }

  @Test func `bad weights trap`() async {
    await #expect(processExitsWith: .failure) { _ = AliasTable(weights: []) }
    await #expect(processExitsWith: .failure) { _ = AliasTable(weights: [0, 0]) }
    await #expect(processExitsWith: .failure) { _ = AliasTable(weights: [1, .nan]) }
  }
}
