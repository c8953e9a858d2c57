import Core
import Foundation
import Testing

@Suite struct RandomDiscreteTests {
  static let probabilities = [0.1, 0.2, 0, 0.65, 0.05]

  @Test func `integers and truth values have their frequencies`() {
    var generator = RandomGenerator(seed: 31)
    for dtype in [DType.int32, .int64] {
      let x = Tensor.randomIntegers([40_000], in: -3..<4, dtype: dtype, using: &generator)
      expectFrequencies(x + 3, [Double](repeating: 1 / 7.0, count: 7))
    }
    for dtype in [DType.bool, .float32, .float64] {
      let x = Tensor.randomBernoulli([40_000], probability: 0.2, dtype: dtype, using: &generator)
      expectFrequencies(x, [0.8, 0.2])
    }
  }

  @Test func `each element has its own probability`() {
    var generator = RandomGenerator(seed: 32)
    for dtype in [DType.float32, .float64] {
      let p = Tensor([0, 0.25, 0.9, 1], dtype: dtype).broadcast(to: [20_000, 4])
      let x = Tensor.randomBernoulli(probabilities: p, using: &generator)
      #expect(x.dtype == .bool && x.shape == [20_000, 4])
      for (column, probability) in [0, 0.25, 0.9, 1].enumerated() {
        expectFrequencies(x[.all, column], [1 - probability, probability])
      }
      let numbers = Tensor.randomBernoulli(probabilities: p, dtype: dtype, using: &generator)
      #expect(numbers.dtype == dtype && ((numbers .== 0) .|| (numbers .== 1)).all())
    }
  }

  @Test(arguments: [DType.float32, .float64])
  func `classes come with their probabilities`(dtype: DType) {
    var generator = RandomGenerator(seed: 33)
    let weights = 8 * Tensor(Self.probabilities, dtype: dtype)
    let drawn = Tensor.randomCategorical(
      probabilities: weights, count: 30_000, using: &generator)
    #expect(drawn.shape == [30_000] && drawn.dtype == .int64)
    expectFrequencies(drawn, Self.probabilities)
    let logits = log(weights) + 500
    expectFrequencies(
      Tensor.randomCategorical(logits: logits, count: 30_000, using: &generator),
      Self.probabilities)
  }

  @Test func `rows and axes have their own classes`() {
    var generator = RandomGenerator(seed: 34)
    let table = Tensor([[0.5, 0, 0.5], [0, 1, 0]])
    let drawn = Tensor.randomCategorical(probabilities: table, count: 5000, using: &generator)
    #expect(drawn.shape == [2, 5000])
    expectFrequencies(drawn[0], [0.5, 0, 0.5])
    expectFrequencies(drawn[1], [0, 1, 0])
    let columns = Tensor.randomCategorical(
      logits: log(table), count: 4000, along: 0, using: &generator)
    #expect(columns.shape == [4000, 3])
    for (column, expected) in [[1, 0], [0, 1], [1.0, 0]].enumerated() {
      expectFrequencies(columns[.all, column], expected)
    }
    let single = Tensor.randomCategorical(
      probabilities: table.expandingShape(at: 0).broadcast(to: [6, 2, 3]), using: &generator)
    #expect(single.shape == [6, 2] && (single[.all, 1] .== 1).all())
    #expect(Tensor.randomCategorical(logits: table, along: 0, using: &generator).shape == [3])
    #expect(
      Tensor.randomCategorical(logits: Tensor.zeros([0, 3]), count: 2, using: &generator).shape
        == [0, 2])
    #expect(Tensor.randomCategorical(logits: table, count: 0, using: &generator).shape == [2, 0])
  }

  @Test func `permutations are all equally likely`() {
    var generator = RandomGenerator(seed: 35)
    var codes: [Int] = []
    for _ in 0..<6000 {
      let p = Tensor.randomPermutation(3, using: &generator).scalars(as: Int.self)
      #expect(p.sorted() == [0, 1, 2])
      codes.append(2 * p[0] + (p[1] > p[2] ? 1 : 0))
    }
    expectFrequencies(Tensor(codes), [Double](repeating: 1 / 6.0, count: 6))
    let x = Tensor.range(0..<12).reshaped([4, 3])
    let shuffled = x.shuffled(using: &generator)
    #expect(shuffled != x && shuffled.sorted(along: 0) == x)
    #expect((shuffled % Tensor([3] as [Int]) .== Tensor([0, 1, 2] as [Int])).all())
    #expect(x.shuffled(along: 1, using: &generator).sorted(along: 1) == x)
    #expect(Tensor.randomPermutation(0, using: &generator).shape == [0])
  }

  @Test func `choices with and without replacement`() {
    var generator = RandomGenerator(seed: 36)
    let many = Tensor.randomChoice(30_000, from: 5, replacing: true, using: &generator)
    expectFrequencies(many, [Double](repeating: 0.2, count: 5))
    var pairs: [Int] = []
    for _ in 0..<6000 {
      let pair = Tensor.randomChoice(2, from: 4, replacing: false, using: &generator)
        .scalars(as: Int.self)
      #expect(pair[0] != pair[1] && pair.allSatisfy { (0..<4).contains($0) })
      pairs.append(3 * pair[0] + (pair[1] > pair[0] ? pair[1] - 1 : pair[1]))
    }
    expectFrequencies(Tensor(pairs), [Double](repeating: 1 / 12.0, count: 12))
    let whole = Tensor.randomChoice(50, from: 50, replacing: false, using: &generator)
    #expect(whole.sorted() == Tensor.range(0..<50))
    #expect(Tensor.randomChoice(0, from: 0, replacing: true, using: &generator).shape == [0])
  }

  @Test func `weighted choices without replacement follow successive draws`() {
    var generator = RandomGenerator(seed: 37)
    let weights = [1.0, 2, 0, 5]
    let batch = Tensor(weights).broadcast(to: [12_000, 4])
    let drawn = Tensor.randomChoice(2, weights: batch, replacing: false, using: &generator)
    #expect(drawn.shape == [12_000, 2])
    var expected = [Double](repeating: 0, count: 16)
    for first in 0..<4 {
      for second in 0..<4 where second != first {
        expected[4 * first + second] =
          weights[first] / 8 * weights[second] / (8 - weights[first])
      }
    }
    expectFrequencies(4 * drawn[.all, 0] + drawn[.all, 1], expected)
    let replaced = Tensor.randomChoice(
      20_000, weights: Tensor(weights), replacing: true, using: &generator)
    expectFrequencies(replaced, weights.map { $0 / 8 })
  }

  @Test func `impossible choices trap`() async {
    await #expect(processExitsWith: .failure) {
      var generator = RandomGenerator(seed: 1)
      _ = Tensor.randomChoice(4, from: 3, replacing: false, using: &generator)
    }
    await #expect(processExitsWith: .failure) {
      var generator = RandomGenerator(seed: 1)
      _ = Tensor.randomChoice(2, weights: Tensor([1, 0]), replacing: false, using: &generator)
    }
    await #expect(processExitsWith: .failure) {
      var generator = RandomGenerator(seed: 1)
      _ = Tensor.randomCategorical(
        probabilities: Tensor([0.5, -0.5]), count: 1, using: &generator)
    }
    await #expect(processExitsWith: .failure) {
      var generator = RandomGenerator(seed: 1)
      _ = Tensor.randomCategorical(probabilities: Tensor([0, 0]), count: 1, using: &generator)
    }
    await #expect(processExitsWith: .failure) {
      var generator = RandomGenerator(seed: 1)
      _ = Tensor.randomCategorical(logits: Tensor([.nan, 0]), count: 1, using: &generator)
    }
    await #expect(processExitsWith: .failure) {
      var generator = RandomGenerator(seed: 1)
      _ = Tensor.randomBernoulli([2], probability: 1.5, using: &generator)
    }
    await #expect(processExitsWith: .failure) {
      var generator = RandomGenerator(seed: 1)
      _ = Tensor.randomBernoulli(probabilities: Tensor([0.5, 2]), using: &generator)
    }
  }
}
