import Core
import Foundation
import Testing

@Suite struct ModelStateTests {
  struct Statistics: Layer {
    let weight: Parameter
    let mean = Buffer(Tensor([0, 0]))
    let steps = Buffer(Tensor(0 as Int))
    func callAsFunction(_ x: Tensor) -> Tensor { (x - mean.value) * weight.value }
  }

  /// The decoder shares the encoder's weight.
  struct Tied: Layer {
    let encoder: Statistics
    let decoder: Statistics
    init(_ value: Tensor = Tensor([1, 2])) {
      let weight = Parameter(value)
      encoder = Statistics(weight: weight)
      decoder = Statistics(weight: weight)
    }
    func callAsFunction(_ x: Tensor) -> Tensor { decoder(encoder(x)) }
  }

  let path = NSTemporaryDirectory() + "apus-\(UUID().uuidString).safetensors"

  func write(_ tensors: [(name: String, tensor: Tensor)]) throws {
    try StateFile(tensors: tensors).write(to: path)
  }

  @Test func `a model comes back with its buffers, shared parameters once`() throws {
    defer { unlink(path) }
    let model = Tied(Tensor([3, 4]))
    model.encoder.mean.value = Tensor([5, 6])
    model.decoder.steps.value = Tensor(7 as Int)
    try model.save(to: path, metadata: ["epoch": "2"])
    let file = try StateFile(contentsOf: path)
    #expect(
      file.tensors.map(\.name) == [
        "encoder.weight", "encoder.mean", "encoder.steps", "decoder.mean", "decoder.steps",
      ])
    #expect(file.metadata == ["epoch": "2"])
    let other = Tied()
    #expect(try other.load(from: path).isEmpty)
    #expect(other.decoder.weight.value == Tensor([3, 4]))
    #expect(other.encoder.mean.value == Tensor([5, 6]))
    #expect(other.decoder.steps.value == Tensor(7 as Int))
  }

  @Test func `every misfit is in one error and nothing changes`() throws {
    defer { unlink(path) }
    try write([
      ("encoder.weight", Tensor([9, 9])), ("encoder.mean", Tensor([1, 2, 3])),
      ("encoder.steps", Tensor(1)), ("decoder.scale", Tensor(1)), ("extra", Tensor(1)),
    ])
    let model = Tied()
    let error = #expect(throws: StateFileError.self) { try model.load(from: path) }
    guard case .mismatch(let named, let mismatch) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(named == path)
    #expect(mismatch.missing == ["decoder.mean", "decoder.steps"])
    #expect(mismatch.unexpected == ["decoder.scale", "extra"])
    #expect(mismatch.misshapen.map(\.name) == ["encoder.mean", "encoder.steps"])
    #expect(model.encoder.weight.value == Tensor([1, 2]))
    #expect(
      mismatch.description == """
          missing: decoder.mean
          missing: decoder.steps
          unexpected: decoder.scale
          unexpected: extra
          misshapen: encoder.mean: expected float32 [2], found float32 [3]
          misshapen: encoder.steps: expected int64 [], found float32 []
        """)
  }

  @Test func `loading that is not strict reports what it passed over`() throws {
    defer { unlink(path) }
    try write([("encoder.weight", Tensor([9, 9])), ("extra", Tensor(1))])
    let model = Tied()
    let passed = try model.load(from: path, strict: false)
    #expect(model.decoder.weight.value == Tensor([9, 9]))
    #expect(passed.unexpected == ["extra"])
    #expect(
      passed.missing == ["encoder.mean", "encoder.steps", "decoder.mean", "decoder.steps"])
    try write([("encoder.weight", Tensor([1, 2, 3]))])
    #expect(throws: StateFileError.self) { try model.load(from: path, strict: false) }
  }

  @Test func `floating-point types convert`() throws {
    defer { unlink(path) }
    let model = Statistics(weight: Parameter(Tensor([0.1, 0.2])))
    try model.save(to: path)
    let wide = Statistics(weight: Parameter(Tensor([0, 0], dtype: .float64)))
    try wide.load(from: path)
    #expect(wide.weight.value == Tensor([0.1, 0.2]).cast(to: .float64))
  }

  @Test func `what was loaded can be trained`() throws {
    defer { unlink(path) }
    let model = Statistics(weight: Parameter(Tensor([3, 4])))
    try model.save(to: path)
    try model.load(from: path)
    let (_, gradients) = valueWithGradient(of: model) { model(Tensor([1, 1])).sum() }
    #expect(gradients[model.weight] == Tensor([1, 1]))
  }
}
