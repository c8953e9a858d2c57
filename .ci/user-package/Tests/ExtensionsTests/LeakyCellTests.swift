import Core
import Extensions
import LayerTesting
import Recurrent
import Testing

/// The user's cell, unrolled.
@Suite struct LeakyCellTests {
  func input(_ shape: Shape) -> Tensor {
    var generator = RandomGenerator(seed: 5)
    return .randomNormal(shape, using: &generator)
  }

  @Test func `unrolled, the cell keeps the laws of layers`() throws {
    let network = withRandom(seed: 1) {
      Unrolled(2, 3, layers: 2, bidirectional: true, learnsInitialState: true) {
        LeakyCell($0, $1)
      }
    }
    try verify(layer: network, at: input([4, 3, 2]), batchAxis: 1, order: 2)
  }

  struct Memory: Layer {
    let network = Unrolled(1, 8) { LeakyCell($0, $1) }
    let output = Dense(8, 1)
    func callAsFunction(_ x: Tensor) -> Tensor { output(network(x, from: nil).states[0]) }
  }

  /// The sign of the first number of six.
  @Test func `the cell learns to remember`() {
    let model = withRandom(seed: 2) { Memory() }
    let x = input([6, 64, 1])
    let first = (x[0] .> 0).cast(to: .float32)
    var training = Optimizing(model, with: SignDescent(learningRate: 0.01))
    for _ in 0..<150 {
      let step = valueWithGradient(of: model) {
        binaryCrossEntropy(logits: model(x), targets: first)
      }
      training.update(along: step.gradients)
    }
    let accuracy = ((model(x) .> 0).cast(to: .float32) .== first).cast(to: .float32).mean().item()
    #expect(accuracy > 0.9)
  }
}
