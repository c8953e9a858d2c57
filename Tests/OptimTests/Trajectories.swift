import Foundation

/// Where PyTorch's and Optax's optimizers go in ten steps; the gradient at step t is
/// a (θ − b) + t c. Made by Tests/References/optimizers.py.
enum Trajectories {
  static let start = setting.start
  static let a = setting.a
  static let b = setting.b
  static let c = setting.c

  /// The parameter after steps 1, 2, 5 and 10.
  static let values: [String: [[Double]]] = Dictionary(
    uniqueKeysWithValues: lines.dropFirst().map { line in
      let trajectory = decode(Trajectory.self, line)
      return (trajectory.name, trajectory.points)
    })

  private struct Setting: Decodable {
    let start, a, b, c: [Double]
  }

  private struct Trajectory: Decodable {
    let name: String
    let points: [[Double]]
  }

  private static let setting = decode(Setting.self, lines[0])

  private static let lines: [Substring] = {
    let file = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("References/optimizers.jsonl")
    return try! String(contentsOf: file, encoding: .utf8).split(separator: "\n")
  }()

  private static func decode<Value: Decodable>(_ type: Value.Type, _ line: Substring) -> Value {
    try! JSONDecoder().decode(type, from: Data(line.utf8))
  }
}
