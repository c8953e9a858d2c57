internal import Kernels

/// Runs `body`, and throws if an operation in it computed a number that is not finite: the first one.
///
/// ```swift
/// let (loss, gradients) = try findingNonFinite {
///   valueWithGradient(of: model) { softmaxCrossEntropy(logits: model(x), labels: labels) }
/// }
/// ```
///
/// The result of each operation is looked at, and what its derivative hands back; the error names
/// the operation, the shapes of what went into it and the layers that it was called in. `body` runs
/// to its end before the error is thrown: operations cannot throw. To stop on the spot, with a
/// debugger say, use ``stoppingAtNonFinite(ignoringInfinities:_:)``.
///
/// It is the operations of the calling thread that are looked at. Results are those that they are
/// without, but for functions which choose another algorithm where they are differentiated, since
/// all count as differentiated here. It takes about twice the time; where nobody looks, an operation
/// pays for one load from memory.
///
/// - Parameters:
///   - ignoringInfinities: Whether ±∞ are let pass and only NaN counts, for instance where a mask
///     of −∞ is meant. Default `false`.
///   - body: What to look at.
/// - Throws: ``NonFiniteError``, or what `body` throws.
public func findingNonFinite<Result>(
  ignoringInfinities: Bool = false, _ body: () throws -> Result
) throws -> Result {
  let watch = NonFiniteWatch(ignoringInfinities: ignoringInfinities, isStopping: false)
  let result = try watch.run(body)
  if let finding = watch.finding { throw finding }
  return result
}

/// Runs `body`, and stops the program at the first operation in it that computes a number that is
/// not finite, with a message that names it.
///
/// The counterpart of ``findingNonFinite(ignoringInfinities:_:)`` for a debugger: the operation and
/// all that called it are on the stack.
///
/// - Parameters:
///   - ignoringInfinities: Whether ±∞ are let pass and only NaN counts. Default `false`.
///   - body: What to look at.
public func stoppingAtNonFinite<Result>(
  ignoringInfinities: Bool = false, _ body: () throws -> Result
) rethrows -> Result {
  try NonFiniteWatch(ignoringInfinities: ignoringInfinities, isStopping: true).run(body)
}

/// Runs `body` without a look at its operations, which are the inside of another one.
func unwatched<Result>(_ body: () -> Result) -> Result {
  guard isWatched() else { return body() }
  let context = apus_thread_context().unsafelyUnwrapped
  let watch = context.pointee.watch
  context.pointee.watch = nil
  defer { context.pointee.watch = watch }
  return body()
}
