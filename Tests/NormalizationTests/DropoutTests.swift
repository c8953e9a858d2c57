import Core
import LayerTesting
import Normalization
import Testing

@Suite struct DropoutTests {
  @Test func `nothing happens in inference, or with probability 0`() {
    let x = withRandom(seed: 1) { normal([4, 3, 2]) }
    #expect(Dropout(0.5)(x) == x)
    #expect(ChannelDropout(0.5)(x) == x)
    #expect(AlphaDropout(0.5)(x) == x)
    #expect(DropPath(0.5)(x) == x)
    inMode(.training) {
      #expect(Dropout(0)(x) == x)
      #expect(AlphaDropout(0)(x) == x)
    }
  }

  @Test func `with probability 1 everything is 0`() {
    let x = withRandom(seed: 1) { normal([4, 3, 2]) }
    inMode(.training) {
      #expect((Dropout(1)(x) .== 0).all())
      #expect((ChannelDropout(1)(x) .== 0).all())
      #expect((AlphaDropout(1)(x) .== 0).all())
      #expect((DropPath(1)(x) .== 0).all())
    }
  }

  @Test(arguments: [0.1, 0.5, 0.75], [DType.float32, .float64])
  func `elements are 0 with probability p, else divided by 1 − p`(_ p: Double, _ dtype: DType)
    throws
  {
    let x = Tensor.full([100_000], 3, dtype: dtype)
    let y = withRandom(seed: 2) { inMode(.training) { Dropout(p)(x) } }
    let isZero = y .== 0
    let share = isZero.cast(to: .float64).mean().item()
    #expect(abs(share - p) < 4 * (p * (1 - p) / 100_000).squareRoot())
    try expectClose(y, select(isZero, Tensor.zeros(like: x), x / (1 - p)))
  }

  @Test func `the gradient is the mask`() throws {
    let x = withRandom(seed: 3) { normal([50]) }
    let (y, pullback) = vjp(at: x) { x in
      withRandom(seed: 4) { dropout(x, probability: 0.5) }
    }
    let upstream = withRandom(seed: 5) { normal([50]) }
    try expectClose(pullback(upstream), upstream * (y / x))
  }

  @Test func `a seed fixes the mask, and each call draws a fresh one`() {
    let x = Tensor.ones([1000])
    let (a, b, c) = inMode(.training) {
      (
        withRandom(seed: 6) { Dropout(0.5)(x) }, withRandom(seed: 6) { Dropout(0.5)(x) },
        withRandom(seed: 7) { Dropout(0.5)(x) }
      )
    }
    #expect(a == b && a != c)
    let (first, second) = withRandom(seed: 6) {
      inMode(.training) { (Dropout(0.5)(x), Dropout(0.5)(x)) }
    }
    #expect(first == a && first != second)
  }

  @Test func `channels and examples go as a whole`() {
    let x = Tensor.ones([20, 30, 4, 5])
    let (channels, paths, alpha) = withRandom(seed: 8) {
      inMode(.training) {
        (ChannelDropout(0.3)(x), DropPath(0.3)(x), AlphaDropout(0.3, isChannelwise: true)(x))
      }
    }
    func isConstant(_ y: Tensor, along axes: [Int]) -> Bool {
      (y .== y.mean(along: axes, keepingAxes: true).broadcast(to: y.shape)).all()
        || y.variance(along: axes).maximum().item() < 1e-12
    }
    #expect(isConstant(channels, along: [2, 3]) && !isConstant(channels, along: [1, 2, 3]))
    #expect(isConstant(alpha, along: [2, 3]) && !isConstant(alpha, along: [1, 2, 3]))
    #expect(isConstant(paths, along: [1, 2, 3]) && !isConstant(paths, along: [0, 1, 2, 3]))
  }

  @Test(arguments: [0.05, 0.3, 0.6])
  func `alpha dropout keeps mean 0 and variance 1`(_ p: Double) {
    let count = 200_000
    let (x, y) = withRandom(seed: 9) {
      let x = normal([count], dtype: .float64)
      return (x, inMode(.training) { AlphaDropout(p)(x) })
    }
    #expect(abs(y.mean().item()) < 0.02)
    #expect(abs(y.variance().item() - 1) < 0.02)
    // What was dropped has one value, a α′ + b.
    let values = y.scalars(as: Double.self)
    let most = Dictionary(grouping: values, by: \.self).values.map(\.count).max()!
    #expect(abs(Double(most) / Double(count) - p) < 0.01)
    #expect(x.shape == y.shape)
  }

  @Test func `a probability beyond 0…1 traps`() async {
    await #expect(processExitsWith: .failure) { _ = Dropout(1.5) }
    await #expect(processExitsWith: .failure) { _ = DropPath(-0.1) }
  }
}
