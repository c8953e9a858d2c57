import Apus
import Foundation
import Testing

/// What Tests/References/pytorch_models.py trained and computed.
struct PyTorchReference {
  private static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("References").path

  let name: String
  /// 16 digits, [digit, row, column].
  let inputs: Tensor
  let labels: Tensor
  /// The logits, [digit, class].
  let outputs: Tensor

  init(_ name: String) throws {
    self.name = name
    let file = try StateFile(contentsOf: Self.folder + "/pytorch_outputs.safetensors")
    inputs = try #require(file["inputs"])
    labels = try #require(file["labels"])
    outputs = try #require(file[name])
  }

  var path: String { Self.folder + "/pytorch_\(name).safetensors" }

  /// Loads the model, compares its outputs, saves it under PyTorch's names and compares the files;
  /// then trains a step, and leaves the result to PyTorch where `.ci/pytorch-round-trip` asks for it.
  func check<Model: Layer>(
    _ model: Model, rules: [StateRule] = []
  ) throws where Model.Input == Tensor, Model.Output == Tensor {
    try model.load(pyTorch: path, rules: rules)
    try expectClose(model(inputs), outputs, relative: 0, absolute: 1e-5)

    let folder = NSTemporaryDirectory() + "apus-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let copy = folder + "/copy.safetensors"
    try model.save(pyTorch: copy, rules: rules)
    let (theirs, ours) = (try StateFile(contentsOf: path), try StateFile(contentsOf: copy))
    #expect(Set(theirs.tensors.map(\.name)) == Set(ours.tensors.map(\.name)))
    for (name, tensor) in theirs.tensors {
      #expect(ours[name]?.dtype == tensor.dtype && ours[name] == tensor, "\(name)")
    }

    var training = Optimizing(model, with: Adam(learningRate: 1e-2))
    let (_, gradients) = withRandom(seed: 1) {
      valueWithGradient(of: model) { softmaxCrossEntropy(logits: model(inputs), labels: labels) }
    }
    training.update(along: gradients)
    let further = model(inputs)
    #expect(further != outputs)
    guard let place = ProcessInfo.processInfo.environment["APUS_ROUND_TRIP"] else { return }
    try model.save(pyTorch: "\(place)/\(name).safetensors", rules: rules)
    try StateFile(tensors: [("inputs", inputs), ("outputs", further)])
      .write(to: "\(place)/\(name)_outputs.safetensors")
  }
}
