import Core
import Foundation
import LayerTesting
import Testing

@Suite struct ConcurrencyTests {
  @Test func `a chain of a million operations differentiates and is freed`() throws {
    // No recursion anywhere: neither the backward walk nor the release may use the stack.
    let length = 1_000_000
    let (value, gradient) = valueWithGradient(at: Tensor(0)) { x in
      var y = x
      for _ in 0..<length { y = y + 1 }
      return y
    }
    try expectClose(value, Double(length))
    try expectClose(gradient, 1)
  }

  @Test func `long chains through views, products and sharing are freed too`() throws {
    let length = 30_000
    let x = Tensor([[1, 0], [0, 1]])
    let gradient = gradient(at: x) { x in
      var y = x
      for index in 0..<length {
        switch index % 4 {
        case 0: y = y.transposed()
        case 1: y = matmul(y, x)
        case 2: y = y + y * 0
        default: y = stacked([y, y])[0]
        }
      }
      return y.sum()
    }
    #expect(gradient.isFinite().all())
    // A chain that never differentiates is dropped without a walk.
    _ = valueWithGradient(at: Tensor(1)) { x in
      var y = x
      for _ in 0..<length { y = sin(y) }
      return x
    }
  }

  @Test func `an auxiliary output does not keep its graph`() throws {
    let (_, _, y) = valueWithGradient(at: Tensor(1)) { x in
      var y = x
      for _ in 0..<100_000 { y = y + 1 }
      return (y, y)
    }
    try expectClose(y, 100_001)
  }

  @Test func `tasks that differentiate one model do not disturb each other`() async throws {
    let model = withRandom(seed: 1) {
      Sequential {
        Dense(3, 16, activation: .tanh)
        Dense(16, 16, activation: .softplus)
        Dense(16, 1)
      }
    }
    var generator = RandomGenerator(seed: 2)
    let inputs = (0..<8).map { _ in Tensor.randomNormal([5, 3], using: &generator) }
    let expected = inputs.map { x in
      valueWithGradient(of: model) { square(model(x)).sum() }.gradients.named.map(\.gradient)
    }
    await withTaskGroup(of: Bool.self) { group in
      for round in 0..<40 {
        let x = inputs[round % inputs.count]
        let expected = expected[round % inputs.count]
        group.addTask {
          let (_, gradients) = valueWithGradient(of: model) { square(model(x)).sum() }
          return gradients.named.map(\.gradient) == expected
        }
      }
      for await isRight in group { #expect(isRight) }
    }
  }

  @Test func `threads may pull back through one graph at once`() {
    let x = Tensor.linspace(from: -1, to: 1, count: 200, dtype: .float64)
    let (value, pullback) = vjp(at: x) { x in
      (0..<50).reduce(x) { y, _ in sin(y) + x * y }
    }
    let expected = (0..<8).map { pullback(Tensor.full(value.shape, Double($0), dtype: .float64)) }
    let failures = Failures()
    DispatchQueue.concurrentPerform(iterations: 64) { index in
      let upstream = Tensor.full([200], Double(index % 8), dtype: .float64)
      if pullback(upstream) != expected[index % 8] { failures.add() }
    }
    #expect(failures.count == 0)
  }

  @Test func `second derivatives in several threads`() {
    let model = withRandom(seed: 4) { Dense(3, 3, activation: .softplus) }
    let x = Tensor([[0.1, -0.5, 0.7]])
    @Sendable func penalty() -> [Tensor] {
      let (_, gradients) = valueWithGradient(of: model) {
        square(gradient(at: x) { x in square(model(x)).sum() }).sum()
      }
      return gradients.named.map(\.gradient)
    }
    let expected = penalty()
    let failures = Failures()
    DispatchQueue.concurrentPerform(iterations: 40) { _ in
      if penalty() != expected { failures.add() }
    }
    #expect(failures.count == 0)
  }

  @Test func `modes and seeds belong to one thread`() {
    let thread = { (body: @escaping @Sendable () -> Void) in
      let done = DispatchSemaphore(value: 0)
      Thread {
        body()
        done.signal()
      }.start()
      done.wait()
    }
    let failures = Failures()
    inMode(.training) {
      withRandom(seed: 1) {
        let here = Dense(2, 2).weight.value
        thread {
          if Mode.current != .inference || Dense(2, 2).weight.value == here { failures.add() }
        }
      }
    }
    #expect(failures.count == 0)
  }
}

/// A count that threads share.
private final class Failures: @unchecked Sendable {
  private let lock = NSLock()
  private var value = 0
  func add() { lock.withLock { value += 1 } }
  var count: Int { lock.withLock { value } }
}
