import Core

/// Which parameters of a model, by name and shape.
///
/// ```swift
/// "*.bias"                                   // a pattern: * is any run of characters, ? any one
/// ParameterSelection.vectors || "embedding.*"
/// !.named("head.*")
/// ParameterSelection { name, shape in name.hasSuffix("gain") && shape.count == 1 }
/// ```
public struct ParameterSelection: Sendable, ExpressibleByStringLiteral {
  private let isPicked: @Sendable (_ name: String, _ shape: Shape) -> Bool

  /// The parameters for which the closure is true.
  public init(_ isPicked: @escaping @Sendable (_ name: String, _ shape: Shape) -> Bool) {
    self.isPicked = isPicked
  }

  public init(stringLiteral pattern: String) { self = .named(pattern) }

  /// Whether a parameter is picked.
  public func callAsFunction(_ name: String, _ shape: Shape) -> Bool { isPicked(name, shape) }

  /// Every parameter.
  public static let all = ParameterSelection { _, _ in true }

  /// Scalars and vectors: biases, gains and the like.
  public static let vectors = ParameterSelection { _, shape in shape.count < 2 }

  /// What has at least two axes: weights.
  public static let matrices = ParameterSelection { _, shape in shape.count >= 2 }

  /// Names that some pattern matches as a whole: `*` stands for any run of characters, dots
  /// included, and `?` for any one.
  public static func named(_ patterns: String...) -> ParameterSelection {
    let patterns = patterns.map { Array($0) }
    return ParameterSelection { name, _ in
      let name = Array(name)
      return patterns.contains { matches(name[...], $0[...]) }
    }
  }

  /// What either picks.
  public static func || (a: ParameterSelection, b: ParameterSelection) -> ParameterSelection {
    ParameterSelection { a($0, $1) || b($0, $1) }
  }

  /// What both pick.
  public static func && (a: ParameterSelection, b: ParameterSelection) -> ParameterSelection {
    ParameterSelection { a($0, $1) && b($0, $1) }
  }

  /// What it does not pick.
  public static prefix func ! (a: ParameterSelection) -> ParameterSelection {
    ParameterSelection { !a($0, $1) }
  }

  /// Goes back to the last star only, which is enough: an earlier one could reach no further.
  private static func matches(
    _ name: ArraySlice<Character>, _ pattern: ArraySlice<Character>
  ) -> Bool {
    var (name, pattern) = (name, pattern)
    var afterStar: (name: ArraySlice<Character>, pattern: ArraySlice<Character>)?
    while let letter = name.first {
      if pattern.first == "*" {
        pattern.removeFirst()
        afterStar = (name, pattern)
      } else if pattern.first == "?" || pattern.first == letter {
        name.removeFirst()
        pattern.removeFirst()
      } else if let star = afterStar {
        name = star.name.dropFirst()
        pattern = star.pattern
        afterStar = (name, pattern)
      } else {
        return false
      }
    }
    return pattern.allSatisfy { $0 == "*" }
  }
}
