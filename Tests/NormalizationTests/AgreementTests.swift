import Conv
import Core
import Foundation
import Normalization
import Testing

/// Tests/References/normalization.py made these with PyTorch.
@Suite struct AgreementTests {
  struct Case: Decodable, Sendable {
    let kind: String
    let shape: [Int]
    let affine, shift, convolutional: Bool?
    let epsilon, momentum, alpha, beta, k: Double?
    let averaging: String?
    let features: [Int]?
    let groups, size, inputs, outputs, axis, rounds: Int?
    let training: [[Double]?]
    let inference: [[Double]?]?
    let running: [[Double]]?
  }

  static let cases: [Case] = {
    let file = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("References/normalization.jsonl")
    guard let text = try? String(contentsOf: file, encoding: .utf8) else { return [] }
    return text.split(separator: "\n").compactMap {
      try? JSONDecoder().decode(Case.self, from: Data($0.utf8))
    }
  }()

  static func cases(of kinds: String...) -> [Case] { cases.filter { kinds.contains($0.kind) } }

  @Test func `at least two hundred configurations of every kind`() {
    #expect(Self.cases.count >= 200)
    let kinds = Set(Self.cases.map(\.kind))
    #expect(
      kinds == [
        "batch", "layer", "rms", "group", "instance", "local", "weight", "spectral",
      ])
  }

  @Test(arguments: [DType.float64, .float32])
  func `batch normalisation in both modes, with running statistics`(_ dtype: DType) throws {
    for c in Self.cases(of: "batch") {
      let averaging: Averaging =
        switch c.averaging! {
        case "exponential": .exponential(momentum: c.momentum!)
        case "cumulative": .cumulative
        default: .none
        }
      let layer = BatchNormalization(
        c.shape[1], epsilon: c.epsilon!, averaging: averaging, isAffine: c.affine!)
      layer.convert(to: dtype)
      setAffine(layer.scale, layer.shift)
      let first = hashed(Shape(c.shape), 5, dtype: dtype) * 3 + 1
      _ = inMode(.training) { layer(first) }
      try check(layer, [layer.scale, layer.shift], c, dtype)
      if let running = c.running {
        expectSummary(layer.runningMean!.value, running[0], 60, "running mean of \(c)")
        expectSummary(layer.runningVariance!.value, running[1], 70, "running variance of \(c)")
        #expect(layer.batchCount!.value.item() == 2)
      }
      try check(layer, [layer.scale, layer.shift], c, dtype, .inference)
    }
  }

  @Test(arguments: [DType.float64, .float32])
  func `layer, RMS, group, instance and local response normalisation`(_ dtype: DType) throws {
    for c in Self.cases(of: "layer", "rms", "group", "instance", "local") {
      switch c.kind {
      case "layer":
        let layer = LayerNormalization(
          Shape(c.features!), epsilon: c.epsilon!, isAffine: c.affine!, hasShift: c.shift!)
        try check(layer, [layer.scale, layer.shift], c, dtype)
      case "rms":
        let layer = RMSNormalization(
          Shape(c.features!), epsilon: c.epsilon!, isAffine: c.affine!)
        try check(layer, [layer.scale, nil], c, dtype)
      case "group":
        let layer = GroupNormalization(
          groups: c.groups!, c.shape[1], epsilon: c.epsilon!, isAffine: c.affine!)
        try check(layer, [layer.scale, layer.shift], c, dtype)
      case "instance":
        let layer = InstanceNormalization(
          c.shape[1], epsilon: c.epsilon!, isAffine: c.affine!)
        try check(layer, [layer.scale, layer.shift], c, dtype)
      default:
        let layer = LocalResponseNormalization(
          c.size!, alpha: c.alpha!, beta: c.beta!, k: c.k!)
        try check(layer, [nil, nil], c, dtype)
      }
    }
  }

  @Test(arguments: [DType.float64, .float32])
  func `weight normalisation`(_ dtype: DType) throws {
    for c in Self.cases(of: "weight") {
      func check<L: Layer<Tensor, Tensor>>(_ layer: L, _ path: KeyPath<L, Parameter>) throws {
        let layer = WeightNormalized(setting(layer, path), of: path, axis: c.axis)
        layer.convert(to: dtype)
        let direction = layer.layer[keyPath: path]
        direction.value = hashed(direction.shape, 2, dtype: dtype)
        layer.magnitude.value = hashed(layer.magnitude.shape, 3, dtype: dtype) + 1
        try self.check(layer, [direction, layer.magnitude], c, dtype, setsAffine: false)
      }
      if c.convolutional! {
        try check(Conv2D(c.inputs!, c.outputs!, kernel: 3), \.weight)
      } else {
        try check(Dense(c.inputs!, c.outputs!), \.weight)
      }
    }
  }

  @Test(arguments: [DType.float64, .float32])
  func `spectral normalisation in both modes, with its vectors`(_ dtype: DType) throws {
    for c in Self.cases(of: "spectral") {
      func check<L: Layer<Tensor, Tensor>>(_ layer: L, _ path: KeyPath<L, Parameter>) throws {
        let layer = SpectrallyNormalized(
          setting(layer, path), of: path, axis: c.axis!, rounds: c.rounds!)
        layer.convert(to: dtype)
        let weight = layer.layer[keyPath: path]
        weight.value = hashed(weight.shape, 2, dtype: dtype)
        for (buffer, seed) in [(layer.left, 7), (layer.right, 8)] {
          let vector = hashed(buffer.shape, UInt64(seed), dtype: dtype)
          buffer.value = vector / vector.norm()
        }
        try self.check(layer, [weight, nil], c, dtype, setsAffine: false)
        expectSummary(layer.left.value, c.running![0], 60, "left vector of \(c)")
        expectSummary(layer.right.value, c.running![1], 70, "right vector of \(c)")
        let y = layer(hashed(Shape(c.shape), 1, dtype: dtype))
        expectSummary(y, c.inference![0]!, 10, "inference of \(c)")
      }
      if c.convolutional! {
        try check(Conv2D(c.inputs!, c.outputs!, kernel: 3), \.weight)
      } else {
        try check(Dense(c.inputs!, c.outputs!), \.weight)
      }
    }
  }

  /// Gives the weight values that no part of is 0, for the wrapper to start from.
  func setting<L: Layer>(_ layer: L, _ path: KeyPath<L, Parameter>) -> L {
    let weight = layer[keyPath: path]
    weight.value = hashed(weight.shape, 2, dtype: weight.dtype) + 1
    return layer
  }

  func setAffine(_ scale: Parameter?, _ shift: Parameter?) {
    if let scale { scale.value = hashed(scale.shape, 2, dtype: scale.dtype) + 1 }
    if let shift { shift.value = hashed(shift.shape, 3, dtype: shift.dtype) }
  }

  /// Compares the result, and the gradients of the input and of two parameters.
  func check<L: Layer<Tensor, Tensor>>(
    _ layer: L, _ parameters: [Parameter?], _ c: Case, _ dtype: DType, _ mode: Mode = .training,
    setsAffine: Bool = true
  ) throws {
    layer.convert(to: dtype)
    if setsAffine { setAffine(parameters[0], parameters[1]) }
    let input = Parameter(hashed(Shape(c.shape), mode == .training ? 1 : 6, dtype: dtype))
    let model = WithInput(layer: layer, input: input)
    let (_, gradients, y) = valueWithGradient(of: model, mode: mode) {
      let y = layer(input.value)
      return ((y * hashed(y.shape, 4, dtype: dtype)).sum(), y)
    }
    let expected = mode == .training ? c.training : c.inference!
    let found = [y, gradients[input]] + parameters.map { $0.flatMap { gradients[$0] } }
    for (index, (found, expected)) in zip(found, expected).enumerated() {
      #expect((found == nil) == (expected == nil), "tensor \(index) of \(c)")
      guard let found, let expected else { continue }
      expectSummary(found, expected, UInt64(10 * (index + 1)), "\(mode) tensor \(index) of \(c)")
    }
  }

  /// Norm and inner products, compared on the scale of the tensor.
  func expectSummary(
    _ tensor: Tensor, _ expected: [Double], _ seed: UInt64, _ context: @autoclosure () -> String
  ) {
    let tolerance = tensor.dtype == .float64 ? 1e-10 : 2e-4
    let x = tensor.cast(to: .float64)
    let found = [
      (x * x).sum().item().squareRoot(), (x * hashed(x.shape, seed)).sum().item(),
      (x * hashed(x.shape, seed + 1)).sum().item(),
    ]
    // A gradient that cancels to nothing is compared with the size of its terms, which are near 1.
    let scale = max(expected[0], 0.1) * max(Double(x.count).squareRoot(), 1)
    for (found, expected) in zip(found, expected) {
      #expect(abs(found - expected) <= tolerance * scale, "\(context()): \(found), \(expected)")
    }
  }
}

/// A layer whose input is differentiated with respect to as well.
struct WithInput<L: Layer<Tensor, Tensor>>: Layer {
  let layer: L
  let input: Parameter

  func callAsFunction(_ x: Tensor) -> Tensor { layer(x) }
}
