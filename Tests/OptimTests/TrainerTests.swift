import Core
import Foundation
import Optim
import Testing

@Suite struct TrainerTests {
  /// y = 2x − 1, in five batches.
  private static func batches(_ generator: inout RandomGenerator) -> [(x: Tensor, y: Tensor)] {
    let order = (0..<20).shuffled(using: &generator)
    return stride(from: 0, to: 20, by: 4).map { start in
      let x = Tensor(order[start..<start + 4].map { Double($0) / 20 }).reshaped([4, 1])
      return (x, 2 * x - 1)
    }
  }

  private static func loss(_ model: Dense, _ batch: (x: Tensor, y: Tensor)) -> Tensor {
    meanSquaredError(model(batch.x), batch.y)
  }

  private static func trainer(
    stopping patience: Int? = nil, watching: String = "loss", rate: Double = 0.05
  ) -> Trainer<Dense, Adam> {
    let model = withRandom(seed: 3) { Dense(1, 1) }
    return Trainer(
      model, with: Adam(learningRate: rate), seed: 5,
      stopping: patience.map { EarlyStopping(of: model, patience: $0) }, watching: watching)
  }

  @Test func `it learns, and tells what came of each pass`() throws {
    var trainer = Self.trainer()
    var (lines, numbers) = ([String](), [Int]())
    try trainer.run(
      epochs: 40, over: { Self.batches(&$0) }, loss: Self.loss,
      evaluation: { model in
        #expect(Mode.current == .inference)
        return ["slope": model.weight.value.item()]
      },
      onBatch: { number, _ in numbers.append(number) }, onEpoch: { lines.append("\($0)") })
    #expect(numbers == Array((0..<40).map { _ in 1...5 }.joined()) && lines.count == 40)
    #expect(lines[0].hasPrefix("epoch 1/40  loss ") && lines[0].contains("  slope "))
    #expect(trainer.history.names == ["loss", "slope"] && trainer.epoch == 40)
    let losses = trainer.history["loss"].map(\.value)
    #expect(losses[39] < 0.01 * losses[0])
    #expect(trainer.history["slope"][39].value == trainer.model.weight.value.item())
    #expect(trainer.training.iteration == 200)
  }

  @Test func `it is the loop that one would write`() throws {
    var trainer = Self.trainer()
    try trainer.run(epochs: 3, over: { Self.batches(&$0) }, loss: Self.loss)
    let model = withRandom(seed: 3) { Dense(1, 1) }
    var training = Optimizing(model, with: Adam(learningRate: 0.05))
    var generator = RandomGenerator(seed: 5)
    for _ in 0..<3 {
      for batch in Self.batches(&generator) {
        let (_, gradients) = valueWithGradient(of: model) { Self.loss(model, batch) }
        training.update(along: gradients)
      }
    }
    #expect(trainer.model.parameters.map(\.value) == model.parameters.map(\.value))
  }

  @Test func `accumulated batches make one update, those left over too`() throws {
    let model = withRandom(seed: 3) { Dense(1, 1) }
    var trainer = Trainer(model, with: GradientDescent(learningRate: 0.1), seed: 5, accumulating: 2)
    try trainer.run(epochs: 2, over: { Self.batches(&$0) }, loss: Self.loss)
    #expect(trainer.training.iteration == 6)
  }

  @Test func `early stopping ends it and brings the best weights back`() throws {
    var trainer = Self.trainer(stopping: 2, watching: "made up")
    var values: [Double] = [5, 3, 4, 2, 6, 7, 8, 1]
    var weights: [Tensor] = []
    var best: [Bool] = []
    try trainer.run(
      epochs: 20, over: { Self.batches(&$0) }, loss: Self.loss,
      evaluation: { model in
        weights.append(model.weight.value.detached)
        return ["made up": values.removeFirst()]
      }, onEpoch: { best.append($0.isBest) })
    #expect(trainer.epoch == 7 && best == [true, true, false, true, false, false, false])
    #expect(trainer.model.weight.value == weights[3])
  }

  @Test func `a training that was killed ends with the same bits`() throws {
    let folder = NSTemporaryDirectory() + "apus-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var whole = Self.trainer(stopping: 50)
    try whole.run(epochs: 6, over: { Self.batches(&$0) }, loss: Self.loss)

    struct Killed: Error {}
    let checkpoints = try Checkpoints(directory: folder)
    var first = Self.trainer(stopping: 50)
    #expect(throws: Killed.self) {
      try first.run(
        epochs: 6, over: { Self.batches(&$0) }, loss: Self.loss, checkpoints: checkpoints,
        onEpoch: { if $0.epoch == 4 { throw Killed() } })
    }
    let other = withRandom(seed: 99) { Dense(1, 1) }
    var second = Trainer(
      other, with: Adam(learningRate: 0.5), seed: 98,
      stopping: EarlyStopping(of: other, patience: 50))
    #expect(try second.resume(from: checkpoints) && second.epoch == 4)
    try second.run(
      epochs: 6, over: { Self.batches(&$0) }, loss: Self.loss, checkpoints: checkpoints)
    #expect(second.model.parameters.map(\.value) == whole.model.parameters.map(\.value))
    #expect(second.history["loss"].map(\.value) == whole.history["loss"].map(\.value))
    #expect(second.stopping?.progress.best == whole.stopping?.progress.best)
    #expect(try checkpoints.best()?.metric == whole.stopping?.progress.best)
    var fresh = Self.trainer()
    let empty = try Checkpoints(directory: folder + "/empty")
    #expect(try !fresh.resume(from: empty))
  }

  @Test func `a loss that is not finite ends it before it reaches the weights`() throws {
    var trainer = Self.trainer()
    let before = trainer.model.parameters.map(\.value)
    let error = #expect(throws: TrainingDiverged.self) {
      try trainer.run(epochs: 1, over: { Self.batches(&$0) }) { model, batch in
        Self.loss(model, batch) * Double.nan
      }
    }
    #expect(error?.epoch == 1 && error?.batch == 1 && error?.loss.isNaN == true)
    #expect(trainer.model.parameters.map(\.value) == before && trainer.epoch == 0)
  }

  @Test func `a watched metric that is not there traps`() async {
    await #expect(processExitsWith: .failure) {
      var trainer = Self.trainer(watching: "accuracy")
      try trainer.run(epochs: 1, over: { Self.batches(&$0) }, loss: Self.loss)
    }
  }
}
