import Attention
import Core
import Foundation
import Testing

@Suite struct MultiHeadAgreementTests {
  @Test(arguments: [DType.float64, .float32])
  func `values, weights and gradients equal PyTorch's, with its weights by name`(
    _ dtype: DType
  ) throws {
    let cases = ReferenceCase.cases("multi")
    #expect(cases.count == 120)
    for c in cases { try check(c, dtype) }
  }

  private func check(_ c: ReferenceCase, _ dtype: DType) throws {
    let layer = MultiHeadAttention(
      c.width!, heads: c.heads, keyWidth: c.keyWidth, valueWidth: c.valueWidth,
      hasBias: c.bias!)
    layer.convert(to: dtype)
    let names = try load(c.state!, into: layer)
    let query = Parameter(hashed([c.batch!, c.queries, c.width!], 1, dtype: dtype) * 2)
    let key =
      c.cross! ? Parameter(hashed([c.batch!, c.keys, c.keyWidth!], 2, dtype: dtype) * 2) : query
    let value =
      c.cross! ? Parameter(hashed([c.batch!, c.keys, c.valueWidth!], 3, dtype: dtype) * 2) : query
    let mask: Tensor? =
      switch c.mask {
      case "bool":
        (hashed([c.queries, c.keys], 5) .< 0.17) .|| (Tensor.range(0..<c.keys) .== 0)
      case "added": hashed([c.queries, c.keys], 5, dtype: dtype) * 3
      default: nil
      }
    let padding = c.lengths.map { paddingMask(lengths: $0, count: c.keys) }
    let causal = c.mask == "causal"
    let model = WithInputs(layer: layer, inputs: c.cross! ? [query, key, value] : [query])
    let (_, gradients, y) = valueWithGradient(of: model) {
      let y =
        c.cross!
        ? layer(query.value, key.value, value.value, mask: mask, padding: padding, isCausal: causal)
        : layer(query.value, mask: mask, padding: padding, isCausal: causal)
      return ((y * hashed(y.shape, 4, dtype: dtype)).sum(), y)
    }
    let (same, weights) = layer.withWeights(
      query.value, key.value, value.value, mask: mask, padding: padding, isCausal: causal)
    #expect(abs(same - y).maximum().item() < (dtype == .float64 ? 1e-12 : 1e-4))
    let found = model.inputs.map { gradients[$0] } + names.map { gradients[$0] }
    c.expect([y, weights] + found)
  }

  /// Writes PyTorch's state dict and reads it by name.
  ///
  /// - Returns: The layer's parameters in PyTorch's order.
  private func load(
    _ state: [ReferenceCase.State], into layer: MultiHeadAttention
  ) throws -> [Parameter] {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("apus-\(UUID().uuidString).safetensors").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let tensors = state.map { (name: $0.name, tensor: hashed(Shape($0.shape), $0.seed)) }
    try StateFile(tensors: tensors).write(to: path)
    try layer.load(from: path, naming: MultiHeadAttention.pyTorchName)
    let byName = Dictionary(
      uniqueKeysWithValues: layer.namedParameters.map {
        (MultiHeadAttention.pyTorchName(of: $0.name), $0.parameter)
      })
    return try state.map { try #require(byName[$0.name]) }
  }
}

/// A layer and inputs that are differentiated with respect to as well.
private struct WithInputs: Layer {
  let layer: MultiHeadAttention
  let inputs: [Parameter]

  func callAsFunction(_ x: Tensor) -> Tensor { layer(x) }
}
