import Apus
import Foundation
import Testing

/// The examples of Docs/interchange.md and Docs/training.md, in a folder of their own.
@Suite struct InterchangeExampleTests {
  private struct Perceptron: Layer {
    let hidden = Dense(64, 32)
    let output = Dense(32, 10)
    func callAsFunction(_ x: Tensor) -> Tensor { output(softplus(hidden(x))) }
  }

  private func inFolder(_ body: (String) throws -> Void) throws {
    let folder = NSTemporaryDirectory() + "apus-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  @Test func `from PyTorch and back`() throws {
    struct CNN: Layer {
      let first = Conv2D(1, 8, kernel: 3, padding: .same)
      let norm = BatchNormalization(8)
      let output = Dense(512, 10)
      func callAsFunction(_ x: Tensor) -> Tensor {
        output(relu(norm(first(x))).flattened(from: 1))
      }
    }
    let model = CNN()
    let rules: [StateRule] = [
      .rename("features.0", to: "first"),
      .rename("features.1", to: "norm"),
      .rename("classifier", to: "output"),
    ]
    try inFolder { folder in
      try model.save(pyTorch: folder + "/further.safetensors", rules: rules)
      let file = try StateFile(contentsOf: folder + "/further.safetensors")
      #expect(file["features.1.running_var"] == .ones([8]) && file["classifier.bias"] != nil)
      let other = CNN()
      try other.load(pyTorch: folder + "/further.safetensors", rules: rules)
      let x = Tensor.ones([1, 1, 8, 8])
      #expect(other(x) == model(x))
      let svg = picture(of: model, input: [1, 1, 8, 8])
      try svg.write(toFile: folder + "/network.svg", atomically: true, encoding: .utf8)
      #expect(svg.contains("Conv2D"))
    }
  }

  @Test func `a layer with names of its own`() {
    struct Scaling: PyTorchNamed {
      let factor = Parameter(.ones([8]))
      func callAsFunction(_ x: Tensor) -> Tensor { x * factor.value }
      func pyTorchName(of parameter: String) -> String { "gamma" }
    }
    #expect(Sequential { Scaling() }.pyTorchNames.map(\.pyTorch) == ["0.gamma"])
  }

  @Test func `rules`() throws {
    let rules: [StateRule] = [
      .ignore("**.attn.bias"),
      .rename("transformer.h.*", to: "blocks.*"),
      .transpose("blocks.*.attn.c_attn.weight"),
      .split("blocks.*.attn.c_attn", into: ["blocks.*.query", "blocks.*.key", "blocks.*.value"]),
      .join(["gate", "up"], into: "hidden"),
    ]
    let file = try StateFile(tensors: [
      ("transformer.h.0.attn.bias", .ones([1])),
      ("transformer.h.0.attn.c_attn.weight", .ones([2, 6])), ("gate", .ones([1])),
      ("up", .ones([1])),
    ]).applying(rules)
    #expect(
      file.tensors.map(\.name) == [
        "blocks.0.query.weight", "blocks.0.key.weight", "blocks.0.value.weight", "hidden",
      ])
    #expect(file["blocks.0.key.weight"]?.shape == [2, 2])
  }

  @Test func `NumPy's formats`() throws {
    try inFolder { folder in
      try NPYFile.write(Tensor([[1, 2], [3, 4]]), to: folder + "/x.npy")
      let x = try NPYFile(folder + "/x.npy").read()
      try NPZFile.write([("x", x), ("y", 2 * x)], to: folder + "/pair.npz", isCompressed: true)
      let y = try NPZFile(folder + "/pair.npz").read("y")
      #expect(y == Tensor([[2, 4], [6, 8]]))
    }
  }

  @Test func `a trainer on the digits`() throws {
    try inFolder { folder in
      let digits = try Digits()
      let model = withRandom(seed: 7) { Perceptron() }
      var trainer = Trainer(
        model, with: AdamW(learningRate: 2e-3), seed: 7,
        stopping: EarlyStopping(of: model, patience: 3, goal: .more), watching: "accuracy")
      let checkpoints = try Checkpoints(directory: folder + "/run", goal: .more)
      try trainer.resume(from: checkpoints)
      var lines: [String] = []
      func print(_ report: TrainerReport) { lines.append("\(report)") }
      try trainer.run(
        epochs: 2,
        over: { digits.training.batches(of: 32, using: &$0) },
        loss: { model, batch in
          softmaxCrossEntropy(logits: model(batch.inputs), labels: batch.labels)
        },
        evaluation: { model in
          var accuracy = Accuracy()
          for batch in digits.test.batches(of: 256) {
            accuracy.add(logits: model(batch.inputs), labels: batch.labels)
          }
          return ["accuracy": accuracy.value]
        },
        checkpoints: checkpoints,
        onEpoch: { print($0) })
      try trainer.history.write(csv: folder + "/run/history.csv")
      #expect(lines.count == 2 && trainer.history["accuracy"][1].value > 0.7)
      #expect(try checkpoints.best()?.metric == trainer.history["accuracy"].map(\.value).max())

      var confusion = ConfusionMatrix(classes: 10)
      var calibration = CalibrationError()
      for batch in digits.test.batches(of: 256) {
        let logits = model(batch.inputs)
        confusion.add(logits: logits, labels: batch.labels)
        calibration.add(logits: logits, labels: batch.labels)
      }
      #expect(confusion.accuracy == trainer.history["accuracy"][1].value)
      #expect(confusion.macroF1 > 0.5 && confusion.recall(of: 8) > 0.2)
      #expect((0...1).contains(calibration.expected))
    }
  }

  @Test func `a history`() throws {
    try inFolder { folder in
      var history = TrainingHistory()
      history.record(["loss/training": 0.5, "loss/validation": 0.6], at: 1)
      try history.write(csv: folder + "/history.csv")
      try history.write(tensorBoard: folder + "/run/board")
      #expect(history.csv == "step,loss/training,loss/validation\n1,0.5,0.6\n")
    }
  }
}
