internal import Kernels

/// Whether layers that behave differently while training (dropout, batch normalisation) do so.
///
/// `valueWithGradient(of:mode:_:)` runs its closure in training mode; everything else is
/// inference, unless wrapped in ``inMode(_:_:)``.
public enum Mode: Sendable {
  /// Which of the two behaviours layers show.
  case inference, training

  /// The mode that the current thread is in.
  public static var current: Mode {
    apus_thread_context().pointee.training != 0 ? .training : .inference
  }
}

/// Runs `body` in a mode.
public func inMode<Result>(_ mode: Mode, _ body: () throws -> Result) rethrows -> Result {
  let context = apus_thread_context().unsafelyUnwrapped
  let outer = context.pointee.training
  context.pointee.training = mode == .training ? 1 : 0
  defer { context.pointee.training = outer }
  return try body()
}
