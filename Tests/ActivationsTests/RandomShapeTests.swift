import Activations
import Core
import Foundation
import LayerTesting
import Testing

/// First and second derivatives over random shapes, types and layouts.
@Suite struct RandomShapeTests {
  /// Random examples of each function; other numbers of them with `APUS_CASES`.
  static let cases =
    ProcessInfo.processInfo.environment["APUS_CASES"].flatMap(Int.init) ?? 100

  /// Points of a random shape, away from the kinks.
  private func points(
    _ shape: Shape, kinks: [Double], using generator: inout RandomGenerator
  ) -> Tensor {
    let x = Tensor.randomUniform(shape, in: -4..<4, dtype: .float64, using: &generator)
    return kinks.reduce(x) { select(abs($0 - $1) .< 0.1, $0 + 0.25, $0) }
  }

  /// The same elements: dense, transposed, with gaps, or backward.
  private func arranged(_ x: Tensor, using generator: inout RandomGenerator) -> Tensor {
    if x.rank == 0 || x.count == 0 { return x }
    switch Int.random(in: 0..<4, using: &generator) {
    case 0: return x.transposed(0, -1).contiguous().transposed(0, -1)
    case 1: return stacked([x, 9 + x], along: -1)[.ellipsis, 0]
    case 2:
      let backward = stride(from: x.shape[0] - 1, through: 0, by: -1)
      return x[backward].contiguous()[backward]
    default: return x
    }
  }

  private func check(
    _ function: @escaping @Sendable (Tensor) -> Tensor, at x: Tensor, _ seed: UInt64
  ) throws {
    try checkGradients(of: function, at: x, order: 2, positions: 2, seed: seed)
    let single = x.cast(to: .float32)
    let (a, b) = (function(single), function(x))
    #expect(a.dtype == .float32 && b.dtype == .float64)
    try expectClose(a, b, relative: 1e-4, absolute: 1e-4)
    try expectClose(
      slope(of: function, at: single), slope(of: function, at: x), relative: 1e-3, absolute: 1e-3)
  }

  @Test(arguments: elementwise)
  func `elementwise functions`(_ activation: Activated) throws {
    for seed in 0..<UInt64(Self.cases) {
      var generator = RandomGenerator(seed: seed)
      let shape = Shape(
        (0..<Int.random(in: 0...4, using: &generator)).map { _ in
          [0, 1, 2, 2, 3, 3, 4].randomElement(using: &generator)!
        })
      let x = points(shape, kinks: activation.kinks, using: &generator)
      try check(activation.function, at: arranged(x, using: &generator), seed)
    }
  }

  @Test(arguments: rowwise.map(\.name))
  func `functions of rows`(_ name: String) throws {
    let function = try #require(rowwise.first { $0.name == name }).function
    for seed in 0..<UInt64(Self.cases) {
      var generator = RandomGenerator(seed: seed)
      // Axes that halves and thirds divide, and a channel for each slope.
      var shape: Shape = [
        [2, 4].randomElement(using: &generator)!, RowwiseReferences.slopes.count,
      ]
      if name != "preluChannels" {
        shape[1] = Int.random(in: 1...3, using: &generator)
        shape.append(6)
      }
      let x = points(shape, kinks: name.hasPrefix("prelu") ? [0] : [], using: &generator)
      try check(function, at: arranged(x, using: &generator), seed)
    }
  }
}
