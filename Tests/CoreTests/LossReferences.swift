import Foundation

/// Values and gradients of PyTorch's losses, made by Tests/References/losses.py.
struct LossReference: Decodable, Sendable {
  let loss, reduction: String
  let value, gradient: [Double]

  static let all: [LossReference] = {
    let file = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("References/losses.jsonl")
    return try! String(contentsOf: file, encoding: .utf8).split(separator: "\n").map {
      try! JSONDecoder().decode(LossReference.self, from: Data($0.utf8))
    }
  }()
}
