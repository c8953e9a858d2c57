import Core
import Foundation
import Testing

/// A state with every kind of part.
private struct Everything: TrainingState {
  let layer = withRandom(seed: 1) { Dense(3, 2) }
  var generator = RandomGenerator(seed: 5)
  var count = 1
  var rate = 0.5
  var isWarm = false
  var losses: [Double] = []
  var marks: [Int] = []
  var best: Tensor?
  var parts: [RandomGenerator] = []

  mutating func visit(by visitor: inout some StateVisitor) {
    visitor.visit("layer", layer: layer)
    visitor.visit("generator", within: &generator)
    visitor.visit("count", &count)
    visitor.visit("rate", &rate)
    visitor.visit("isWarm", &isWarm)
    visitor.visit("losses", list: &losses)
    visitor.visit("marks", list: &marks)
    visitor.visit("best", within: &best, initial: .zeros([2]))
    visitor.visit("parts", each: &parts, initial: RandomGenerator(seed: 0))
  }

  /// Everything changed from its first value.
  static func moved() -> Everything {
    var state = Everything()
    state.layer.weight.value = Tensor([[1, 2, 3], [4, 5, -0.0]])
    _ = state.generator.split()
    _ = state.generator.next()
    (state.count, state.rate, state.isWarm) = (1 << 60 + 1, .pi, true)
    (state.losses, state.marks) = ([.infinity, 0.1, -0.0], [3, -4])
    (state.best, state.parts) = (Tensor([7, 8]), [state.generator, RandomGenerator(seed: .max)])
    return state
  }

  func expectEqual(_ other: Everything) {
    let (own, others) = (stateTensors, other.stateTensors)
    #expect(own.map(\.name) == others.map(\.name))
    for (a, b) in zip(own, others) { #expect(a.tensor == b.tensor, "\(a.name)") }
  }
}

private struct Small: TrainingState {
  var count = 0
  mutating func visit(by visitor: inout some StateVisitor) { visitor.visit("count", &count) }
}

@Suite struct CheckpointTests {
  let folder = try! StateFileTests.Folder()

  func names() throws -> [String] { try folder.names }

  func makeCheckpoints(
    last: Int = 3, best: Int = 1, goal: MetricGoal = .less
  ) throws -> Checkpoints {
    try Checkpoints(directory: folder.path, keepingLast: last, keepingBest: best, goal: goal)
  }

  @Test func `every kind of part comes back to the bit`() throws {
    let checkpoints = try makeCheckpoints()
    let state = Everything.moved()
    let path = try checkpoints.save(state, metric: 0.1, notes: ["seed": "7", "a \"b\"": "ü\n"])
    let checkpoint = try #require(try checkpoints.latest())
    #expect(checkpoint.path == path && checkpoint.metric == 0.1)
    #expect(checkpoint.notes == ["seed": "7", "a \"b\"": "ü\n"])
    var other = Everything()
    try checkpoint.restore(&other)
    other.expectEqual(state)
    #expect(other.count == 1 << 60 + 1 && other.losses[2].sign == .minus)
    // And back: what is absent, and lists that shrink.
    try checkpoints.save(Everything())
    try checkpoints.latest()?.restore(&other)
    other.expectEqual(Everything())
    #expect(other.best == nil && other.parts.isEmpty)
  }

  @Test func `a generator's split streams come back as well`() throws {
    var generator = RandomGenerator(seed: 3).stateSplit
    let checkpoints = try makeCheckpoints()
    try checkpoints.save(generator)
    let expected = (0..<5).map { _ in generator.next() }
    var other = RandomGenerator(seed: 9)
    try checkpoints.latest()?.restore(&other)
    #expect((0..<5).map { _ in other.next() } == expected)
  }

  @Test func `the innermost scope's stream goes on`() throws {
    let checkpoints = try makeCheckpoints()
    let expected = try withRandom(seed: 1) {
      _ = RandomGenerator.split()
      try checkpoints.save(Small())
      return RandomGenerator.split()
    }
    var state = Small()
    let checkpoint = try #require(try checkpoints.latest())
    let found = try withRandom(seed: 2) {
      let inner = try withRandom(seed: 3) {
        try checkpoint.restore(&state)
        return RandomGenerator.split()
      }
      #expect(RandomGenerator.split() == withRandom(seed: 2) { RandomGenerator.split() })
      return inner
    }
    #expect(found == expected)
    // Outside of a scope there is no stream to put it into.
    #expect(throws: StateFileError.self) { try checkpoint.restore(&state) }
  }

  @Test func `nothing changes unless everything fits`() throws {
    struct Other: TrainingState {
      let layer = withRandom(seed: 1) { Dense(3, 2) }
      var count = 1.0
      mutating func visit(by visitor: inout some StateVisitor) {
        visitor.visit("layer", layer: layer)
        visitor.visit("count", &count)
        visitor.visit("extra", &count)
      }
    }
    let checkpoints = try makeCheckpoints()
    try checkpoints.save(Everything.moved())
    var other = Other()
    let before = other.layer.weight.value + 0
    let error = #expect(throws: StateFileError.self) { try checkpoints.latest()?.restore(&other) }
    guard case .mismatch(_, let mismatch) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(mismatch.missing == ["extra"])
    #expect(mismatch.misshapen.map(\.name) == ["count"])
    #expect(mismatch.unexpected.contains("losses") && mismatch.unexpected.contains("best.value"))
    #expect(other.layer.weight.value == before && other.count == 1)
  }

  @Test func `a model is read without its training`() throws {
    let checkpoints = try makeCheckpoints()
    try checkpoints.save(Everything.moved())
    let model = Dense(3, 2)
    try checkpoints.latest()?.restore(model, from: "layer")
    #expect(model.weight.value == Everything.moved().layer.weight.value)
    #expect(throws: StateFileError.self) {
      try checkpoints.latest()?.restore(Dense(4, 2), from: "layer")
    }
    #expect(throws: StateFileError.self) { try checkpoints.latest()?.restore(model, from: "lay") }
  }

  // MARK: What is kept

  @Test func `the last and the best are kept`() throws {
    let checkpoints = try makeCheckpoints(last: 2, best: 2)
    #expect(try checkpoints.latest() == nil && checkpoints.best() == nil)
    for (count, metric) in [3, 1, 4, .nan, 1, 5, 9, 2.0].enumerated() {
      try checkpoints.save(Small(count: count), metric: metric)
    }
    #expect(
      try names() == [2, 5, 7, 8].map { "checkpoint-00000\($0).safetensors" })
    func count(_ checkpoint: Checkpoint?) throws -> Int {
      var state = Small()
      try checkpoint?.restore(&state)
      return state.count
    }
    #expect(try count(checkpoints.latest()) == 7 && count(checkpoints.best()) == 4)
    let climbing = try makeCheckpoints(last: 1, best: 1, goal: .more)
    #expect(try count(climbing.best()) == 6)
    try climbing.save(Small(count: 10))  // without a metric it is never the best
    #expect(try count(climbing.best()) == 6 && count(climbing.latest()) == 10)
    #expect(try names().count == 2)
  }

  @Test func `going on from an earlier one counts as the latest`() throws {
    let checkpoints = try makeCheckpoints(last: 1, best: 1)
    try checkpoints.save(Small(count: 1), metric: 1)
    try checkpoints.save(Small(count: 2), metric: 2)
    var state = Small()
    try checkpoints.best()?.restore(&state)
    state.count += 10
    try checkpoints.save(state, metric: 3)
    try checkpoints.latest()?.restore(&state)
    #expect(state.count == 11)
  }

  @Test func `what a killed training left is cleared away, other files are not`() throws {
    let checkpoints = try makeCheckpoints()
    let others = ["checkpoint-1.safetensors", "checkpoint-x.safetensors", "notes.partial"]
    for name in others + ["checkpoint-000001.safetensors.abc.partial"] {
      try Data([1, 2, 3]).write(to: URL(fileURLWithPath: folder.file(name)))
    }
    try checkpoints.save(Small())
    #expect(try names() == (others + ["checkpoint-000001.safetensors"]).sorted())
  }
}

extension RandomGenerator {
  /// A split of this one.
  fileprivate var stateSplit: RandomGenerator {
    var copy = self
    return copy.split()
  }
}
