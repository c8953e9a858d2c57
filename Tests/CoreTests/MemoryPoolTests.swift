import Core
import Testing

struct MemoryPoolTests {
  /// In a process of its own: the counts are the process's.
  @Test func `a training loop asks the system for nothing after its first iterations`() async {
    await #expect(processExitsWith: .success) {
      struct Descent: Optimizer {
        func initialState(for parameter: Tensor) {}
        func step(
          for gradient: Tensor, of parameter: Tensor, state: inout Void, at iteration: Int
        ) -> Tensor { 0.01 * gradient }
      }
      let model = withRandom(seed: 1) {
        Sequential {
          Dense(40, 64, activation: .tanh)
          Dense(64, 5)
        }
      }
      var generator = RandomGenerator(seed: 2)
      let inputs = Tensor.randomNormal([32, 40], using: &generator)
      let labels = Tensor.randomIntegers([32], in: 0..<5, using: &generator)
      var training = Optimizing(model, with: Descent())
      func train(_ steps: Int) {
        for _ in 0..<steps {
          let (_, gradients) = valueWithGradient(of: model) {
            softmaxCrossEntropy(logits: model(inputs), labels: labels)
          }
          training.update(along: gradients)
        }
      }
      train(5)
      let before = MemoryPool.statistics
      train(50)
      let after = MemoryPool.statistics
      require(
        after.systemRequests == before.systemRequests && after.bytesInUse == before.bytesInUse,
        "before \(before), after \(after)")
    }
  }

  @Test func `what goes out of scope is no longer in use`() async {
    await #expect(processExitsWith: .success) {
      let before = MemoryPool.statistics.bytesInUse
      do {
        let x = Tensor.zeros([1000, 100])
        require(MemoryPool.statistics.bytesInUse - before >= x.count * 4, "not counted")
      }
      require(MemoryPool.statistics.bytesInUse == before, "not given back")
      MemoryPool.trim()
      require(MemoryPool.statistics.bytesCached == 0, "not trimmed")
    }
  }
}
