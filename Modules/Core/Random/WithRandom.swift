internal import Kernels

/// The randomness that initialisers, dropout and the like draw from, for the current thread.
private final class RandomScope {
  var generator: RandomGenerator
  init(_ generator: RandomGenerator) { self.generator = generator }

  static var current: RandomScope? {
    apus_thread_context().pointee.random.map {
      Unmanaged<RandomScope>.fromOpaque($0).takeUnretainedValue()
    }
  }
}

/// Runs `body` with the randomness inside it fixed by a seed.
///
/// ```swift
/// let model = withRandom(seed: 7) { Perceptron() }      // the same weights each time
/// ```
///
/// Whatever draws inside takes a fresh split of the seed's stream, in order of drawing. Scopes nest:
/// the innermost counts. Outside any scope the seed comes from the system.
public func withRandom<Result>(seed: UInt64, _ body: () throws -> Result) rethrows -> Result {
  var generator = RandomGenerator(seed: seed)
  return try withRandom(using: &generator, body)
}

/// Runs `body` with the randomness inside it drawn from `generator`, which moves on.
public func withRandom<Result>(
  using generator: inout RandomGenerator, _ body: () throws -> Result
) rethrows -> Result {
  let context = apus_thread_context().unsafelyUnwrapped
  let outer = context.pointee.random
  let scope = RandomScope(generator)
  context.pointee.random = Unmanaged.passUnretained(scope).toOpaque()
  defer {
    context.pointee.random = outer
    generator = scope.generator
  }
  return try body()
}

extension RandomGenerator {
  /// The generator of the innermost ``withRandom(seed:_:)`` of this thread; `nil` outside of any,
  /// where setting it does nothing.
  static var innermost: RandomGenerator? {
    get { RandomScope.current?.generator }
    set { if let newValue { RandomScope.current?.generator = newValue } }
  }

  /// A fresh stream of the innermost ``withRandom(seed:_:)``, or of a seed from the system.
  public static func split() -> RandomGenerator {
    guard let scope = RandomScope.current else {
      var system = SystemRandomNumberGenerator()
      return RandomGenerator(seed: system.next())
    }
    return scope.generator.split()
  }
}
