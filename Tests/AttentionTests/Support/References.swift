import Core
import Foundation
import Testing

/// A line of Tests/References/attention.jsonl, which attention.py made with PyTorch.
struct ReferenceCase: Decodable, Sendable {
  struct State: Decodable, Sendable {
    let name: String
    let shape: [Int]
    let seed: UInt64
  }

  let kind: String
  let heads, queries, keys: Int
  let lead, maskShape, lengths: [Int]?
  let shared, features, values, width, keyWidth, valueWidth, batch: Int?
  let causal, cross, bias: Bool?
  let mask: String?
  let scale: Double?
  let state: [State]?
  let tensors: [[Double]?]

  static let all: [ReferenceCase] = {
    let file = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("References/attention.jsonl")
    guard let text = try? String(contentsOf: file, encoding: .utf8) else { return [] }
    return text.split(separator: "\n").compactMap {
      try? JSONDecoder().decode(ReferenceCase.self, from: Data($0.utf8))
    }
  }()

  static func cases(_ kind: String) -> [ReferenceCase] { all.filter { $0.kind == kind } }

  /// Compares norms and inner products with those of PyTorch.
  func expect(_ found: [Tensor?], sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(found.count == tensors.count, "\(self)", sourceLocation: sourceLocation)
    for (index, (found, expected)) in zip(found, tensors).enumerated() {
      guard let found, let expected else {
        #expect((found == nil) == (expected == nil), "tensor \(index) of \(self)")
        continue
      }
      let x = found.cast(to: .float64)
      let seed = UInt64(10 * (index + 1))
      let summary = [
        (x * x).sum().item().squareRoot(), (x * hashed(x.shape, seed)).sum().item(),
        (x * hashed(x.shape, seed + 1)).sum().item(),
      ]
      let tolerance = found.dtype == .float64 ? 1e-10 : 1e-4
      let scale = max(expected[0], 0.1) * max(Double(x.count).squareRoot(), 1)
      for (found, expected) in zip(summary, expected) {
        #expect(
          abs(found - expected) <= tolerance * scale,
          "tensor \(index) of \(self): \(found), \(expected)", sourceLocation: sourceLocation)
      }
    }
  }
}
