import Core
import Foundation

extension LayerSuite {
  /// Overwrites all state, puts it back, from memory and from a file, and compares the output.
  func stateRoundTrips() throws {
    let expected = output(x, .inference)
    let parameters = layer.parameters
    guard !parameters.isEmpty else { return }
    let saved = Snapshot(of: parameters)
    disturb(parameters)
    saved.restore()
    try expect(
      identical(currentOutput(), expected), "the parameters are the whole state",
      "the output is another one after all parameters were changed and put back")

    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("\(UUID().uuidString).safetensors")
    defer { try? FileManager.default.removeItem(at: file) }
    try layer.save(to: file.path)
    disturb(parameters)
    try layer.load(from: file.path)
    try expect(
      identical(currentOutput(), expected), "saving and loading gives the same layer",
      "the output is another one after the layer was saved, changed and loaded")
  }

  /// Gives all parameters other values, and runs the layer on them.
  private func disturb(_ parameters: [Parameter]) {
    for parameter in parameters where parameter.dtype.isFloating {
      parameter.value = 0.5 * parameter.value + 0.25
    }
    _ = currentOutput()
  }

  /// The output from the state as it is.
  private func currentOutput() -> Tensor {
    inMode(.inference) { withRandom(seed: seed) { layer(x) } }
  }
}
