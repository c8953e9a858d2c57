/// Stops the program with `message` when `condition` is false, in release builds too.
///
/// The standard library's `precondition` drops its message in release builds; a shape error without
/// its shapes is no help, so every check of a programmer's error in Apus goes through here.
@inlinable
public func require(
  _ condition: @autoclosure () -> Bool, _ message: @autoclosure () -> String,
  file: StaticString = #fileID, line: UInt = #line
) {
  if !condition() { trap(message(), file: file, line: line) }
}

/// Stops the program with `message`, in release builds too.
@inline(never)
public func trap(
  _ message: String, file: StaticString = #fileID, line: UInt = #line
) -> Never {
  fatalError(message, file: file, line: line)
}
