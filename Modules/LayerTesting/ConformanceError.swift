/// A law of layers or optimizers that a type breaks.
public struct ConformanceError: Error, Sendable, CustomStringConvertible {
  /// The law, as a sentence.
  public let law: String
  /// What was found instead.
  public let finding: String

  public var description: String { "\(law): \(finding)" }
}

/// Throws ``ConformanceError`` when `condition` is false.
func expect(_ condition: Bool, _ law: String, _ finding: @autoclosure () -> String) throws {
  if !condition { throw ConformanceError(law: law, finding: finding()) }
}

/// Runs `body`, and gives a closeness error the law that it speaks of.
func checking<Result>(_ law: String, _ body: () throws -> Result) throws -> Result {
  do {
    return try body()
  } catch let error as ClosenessError {
    throw ConformanceError(law: law, finding: error.description)
  }
}
