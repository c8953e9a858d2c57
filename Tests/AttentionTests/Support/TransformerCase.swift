import Attention
import Core
import Foundation
import Testing

/// A line of Tests/References/transformers.jsonl, which transformers.py made with PyTorch.
struct TransformerCase: Decodable, Sendable {
  let kind, activation: String
  let depth, heads, width, hidden, batch, time: Int
  let prenorm, bias: Bool
  let epsilon: Double
  let final: Bool?
  let memoryTime: Int?
  let mask, memoryMask, pooling: String?
  let lengths, memoryLengths, size: [Int]?
  let patch, channels, classes: Int?
  let names: [String]
  let tensors: [[Double]]

  static let all: [TransformerCase] = {
    let file = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("References/transformers.jsonl")
    guard let text = try? String(contentsOf: file, encoding: .utf8) else { return [] }
    return text.split(separator: "\n").compactMap {
      try? JSONDecoder().decode(TransformerCase.self, from: Data($0.utf8))
    }
  }()

  var configuration: TransformerConfiguration {
    TransformerConfiguration(
      width: width, heads: heads, hidden: hidden,
      activation: ["relu": .relu, "gelu": .gelu, "silu": .silu][activation]!, dropout: 0,
      isPreNorm: prenorm, epsilon: epsilon, hasBias: bias)
  }

  /// A mask as the layers take it: true where a query may see a key.
  func mask(_ kind: String?, _ queries: Int, _ keys: Int, seed: UInt64) -> Tensor? {
    switch kind {
    case "bool": (hashed([queries, keys], seed) .< 0.17) .|| (Tensor.range(0..<keys) .== 0)
    case "added": hashed([queries, keys], seed) * 3
    default: nil
    }
  }

  /// Writes PyTorch's state dict to a file, reads it by name, and compares the result and the
  /// gradients of inputs and parameters with PyTorch's.
  func check<L: Layer>(
    _ layer: L, inputs: [Tensor], naming: (String) -> String, _ call: ([Tensor]) -> Tensor
  ) throws {
    layer.convert(to: .float64)
    let byName = Dictionary(
      uniqueKeysWithValues: layer.namedParameters.map { (naming($0.name), $0.parameter) })
    let state = try names.enumerated().map { index, name in
      let shape = try #require(byName[name], "no \(name) in \(byName.keys)").shape
      let isScale = name.hasSuffix("weight") && (name.contains("norm") || name.contains("ln"))
      return (
        name: name, tensor: hashed(shape, UInt64(40 + index)) + (isScale ? 1 : 0)
      )
    }
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("apus-\(UUID().uuidString).safetensors").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try StateFile(tensors: state).write(to: path)
    try layer.load(from: path, naming: naming)

    let variables = Variables(inputs: inputs.map { Parameter($0) }, layer: layer)
    let (_, gradients, y) = valueWithGradient(of: variables) {
      let y = call(variables.inputs.map(\.value))
      return ((y * hashed(y.shape, 4)).sum(), y)
    }
    let found =
      [y] + variables.inputs.map { gradients[$0]! } + names.map { gradients[byName[$0]!]! }
    #expect(found.count == tensors.count)
    for (index, (tensor, expected)) in zip(found, tensors).enumerated() {
      let seed = UInt64(10 * (index + 1))
      let summary = [
        tensor.norm().item(), (tensor * hashed(tensor.shape, seed)).sum().item(),
        (tensor * hashed(tensor.shape, seed + 1)).sum().item(),
      ]
      // Keys have a bias whose gradient is 0 but for rounding.
      let scale = max(expected[0], 0.1) * max(Double(tensor.count).squareRoot(), 1)
      for (found, expected) in zip(summary, expected) {
        #expect(abs(found - expected) <= 1e-10 * scale, "tensor \(index) of \(self)")
      }
    }
  }
}

/// A layer and inputs that are differentiated with respect to as well.
private struct Variables<L: Layer>: Layer {
  let inputs: [Parameter]
  let layer: L

  func callAsFunction(_ x: L.Input) -> L.Output { layer(x) }
}
