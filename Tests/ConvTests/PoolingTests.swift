import Conv
import Core
import LayerTesting
import Testing

@Suite struct PoolingTests {
  @Test func `a window's greatest and its place`() {
    let x = Tensor([[[[1, 5, 2, 0], [3, 4, 9, 9]]]])
    let (y, indices) = maxPoolWithIndices(x, kernel: 2)
    #expect(y == Tensor([[[[5, 9]]]]))
    #expect(indices.scalars(as: Int.self) == [1, 6])  // the first of equals
    #expect(maxPool(x, kernel: 2) == y)
    #expect(
      gradient(at: x) { (maxPool($0, kernel: 2) * Tensor([2, 3])).sum() }
        == Tensor([[[[0, 2, 0, 0], [0, 0, 3, 0]]]]))
  }

  /// Every width of vector, with the last one overlapping, and what the windows leave over.
  @Test(arguments: [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 33, 40])
  func `squares of two by two go by a path of their own that changes nothing`(_ width: Int) {
    for dtype in [DType.float32, .float64] {
      let x = floor(hashed([2, 3, 5, 2 * width + 1], 1) * 6).cast(to: dtype)
      let upstream = hashed([2, 3, 2, width], 2, dtype: dtype)
      let (fast, pullback) = vjp(at: x) { maxPool($0, kernel: 2) }
      // An axis of depth leads past it.
      let (general, slowPullback) = vjp(at: x.expandingShape(at: 2)) {
        maxPool($0, kernel: [1, 2, 2])
      }
      let whole = x.concatenatedWithItself()
      #expect(fast == general.squeezed(2))
      #expect(pullback(upstream) == slowPullback(upstream.expandingShape(at: 2)).squeezed(2))
      let viaDepth = maxPool(whole, kernel: [2, 2, 2], stride: 2)
      #expect(viaDepth.squeezed(2) == fast)
      #expect(maxPool(x, kernel: 2) == fast)
    }
  }

  @Test(arguments: [(1, 1), (2, 1), (3, 1), (3, 2), (2, 3), (5, 4), (33, 1), (9, 2)])
  func `long rows, by the formula`(_ kernel: Int, _ stride: Int) {
    for size in [37, 40, 101] {
      let x = floor(hashed([2, 2, size], 3) * 30).cast(to: .float32)
      let values = x.scalars(as: Float.self)
      let output = (size - kernel) / stride + 1
      var expected: [Float] = []
      var places: [Int] = []
      for plane in 0..<4 {
        for o in 0..<output {
          let window = (0..<kernel).map { values[plane * size + o * stride + $0] }
          expected.append(window.max()!)
          places.append(o * stride + window.firstIndex(of: window.max()!)!)
        }
      }
      let (y, indices) = maxPoolWithIndices(
        x, kernel: PerAxis(kernel), stride: PerAxis(stride))
      #expect(y.scalars(as: Float.self) == expected)
      #expect(indices.scalars(as: Int.self) == places)
    }
  }

  @Test(arguments: [DType.float32, .float64])
  func `NaN wins, padding does not, and infinities are numbers`(_ dtype: DType) {
    let nan = Double.nan
    let infinity = Double.infinity
    let x = Tensor([1, nan, 3, 4, -5, -6, -infinity, -infinity], dtype: dtype).reshaped([1, 1, 8])
    let (y, indices) = maxPoolWithIndices(x, kernel: 2)
    #expect(y.scalars(as: Double.self)[0].isNaN)
    #expect(y.scalars(as: Double.self)[1...] == [4, -5, -infinity])
    #expect(indices.scalars(as: Int.self) == [1, 3, 4, 6])
    let square = Tensor([1, nan, nan, 2], dtype: dtype).reshaped([1, 1, 2, 2])
    #expect(maxPoolWithIndices(square, kernel: 2).indices.item() == 2)  // the last NaN, as PyTorch
    let padded = maxPoolWithIndices(x, kernel: 3, stride: 1, padding: 1)
    #expect(padded.values.scalars(as: Double.self)[3...] == [4, 4, -5, -6, -infinity])
    #expect(padded.indices.scalars(as: Int.self)[7] == 6)
  }

  @Test(arguments: PoolingConfiguration.several(40, seed: 5))
  func `first and second derivatives agree with finite differences`(_ c: PoolingConfiguration)
    throws
  {
    let x = hashed(c.input, 1)
    let w = hashed(c.maximum(x).shape, 2)
    try checkGradients(of: { c.maximum($0) * w }, at: x, order: 2)
    try checkGradients(of: { square(c.maximum($0)) }, at: x, order: 2)
    try checkGradients(of: { square(c.average($0)) }, at: x, order: 2)
    try checkGradients(
      of: { lpPool($0, power: 3, kernel: c.kernel, stride: c.stride) }, at: x + 1, order: 2)
  }

  @Test(arguments: PoolingConfiguration.several(40, seed: 6))
  func `averaging is linear, and its gradient the adjoint`(_ c: PoolingConfiguration) throws {
    let (x, z) = (hashed(c.input, 1), hashed(c.average(hashed(c.input, 1)).shape, 2))
    let (y, pullback) = vjp(at: x) { c.average($0) }
    try expectClose((y * z).sum(), (x * pullback(z)).sum())
    try expectClose(c.average(2 * x + 1).sum(), 2 * y.sum() + c.average(Tensor.ones(like: x)).sum())
  }

  @Test func `average, as a convolution with equal weights`() throws {
    let x = hashed([2, 3, 9, 8], 1)
    let w = Tensor.full([3, 1, 3, 2], 1.0 / 6, dtype: .float64)
    try expectClose(
      averagePool(x, kernel: [3, 2], stride: [2, 1]),
      crossCorrelation(x, w, stride: [2, 1], groups: 3))
    let ones = Tensor.ones([1, 1, 4, 4])
    try expectClose(
      averagePool(ones, kernel: 3, stride: 1, padding: 1)[0, 0, 0, 0], Tensor(4.0 / 9))
    #expect(
      averagePool(ones, kernel: 3, stride: 1, padding: 1, countsPadding: false)
        == Tensor.ones([1, 1, 4, 4]))
    #expect(averagePool(ones, kernel: 2, divisor: 1) == Tensor.full([1, 1, 2, 2], 4))
  }

  @Test func `global pooling is pooling by one window`() throws {
    let x = hashed([2, 3, 5, 4], 1)
    try expectClose(
      globalAveragePool(x, keepingAxes: true), adaptiveAveragePool(x, output: 1))
    #expect(globalMaxPool(x, keepingAxes: true) == adaptiveMaxPool(x, output: 1))
    #expect(globalMaxPool(x) == maxPool(x, kernel: [5, 4]).squeezed(2, 3))
    try checkGradients(of: { square(globalMaxPool($0)) }, at: x, order: 2)
    #expect(
      gradient(at: Tensor.ones([1, 1, 2, 2])) { globalMaxPool($0).sum() }
        == Tensor([[[[1, 0], [0, 0]]]]))
  }

  @Test func `unpooling puts values back, and pooling finds them`() throws {
    let x = hashed([2, 3, 6, 8], 1) + 1
    let (y, indices) = maxPoolWithIndices(x, kernel: 2)
    let back = maxUnpool(y, indices: indices, size: [6, 8])
    #expect(maxPool(back, kernel: 2) == y)
    #expect(back.sum().item() == y.sum().item())
    try checkGradients(
      of: { square(maxUnpool($0, indices: indices, size: [6, 8])) }, at: y, order: 2)
    // Of two values for one place the last counts.
    let twice = maxUnpool(
      Tensor([[[3, 4]]]), indices: Tensor([1, 1] as [Int64]).reshaped([1, 1, 2]), size: [3])
    #expect(twice == Tensor([[[0, 4, 0]]]))
  }

  @Test func `the p-norm lies between sum and maximum`() throws {
    let x = hashed([2, 2, 7, 6], 1) + 0.5
    try expectClose(lpPool(x, power: 1, kernel: 2), 4 * averagePool(x, kernel: 2))
    try expectClose(
      lpPool(x, power: 80, kernel: 2), maxPool(x, kernel: 2), relative: 0.02, absolute: 0)
    let gradient = gradient(at: Tensor.zeros([1, 1, 4])) { lpPool($0, power: 2, kernel: 2).sum() }
    #expect(gradient == Tensor.zeros([1, 1, 4]))
  }

  @Test func `an empty batch, no batch, and any layout`() {
    let empty = Tensor.zeros([0, 3, 8, 8])
    #expect(maxPool(empty, kernel: 2).shape == [0, 3, 4, 4])
    #expect(averagePool(empty, kernel: 2).shape == [0, 3, 4, 4])
    #expect(adaptiveMaxPool(empty, output: 3).shape == [0, 3, 3, 3])
    #expect(gradient(at: empty) { maxPool($0, kernel: 2).sum() }.shape == [0, 3, 8, 8])
    let x = hashed([3, 8, 6], 1)
    #expect(
      maxPool(x, kernel: [2, 2]) == maxPool(x.expandingShape(at: 0), kernel: 2).squeezed(0))
    #expect(maxPool(x, kernel: 2).shape == [3, 8, 3])  // a batch of signals
    let view = hashed([6, 8, 3, 2], 2).permuted([3, 2, 1, 0])
    #expect(maxPool(view, kernel: 2) == maxPool(view.contiguous(), kernel: 2))
    #expect(averagePool(view, kernel: 3) == averagePool(view.contiguous(), kernel: 3))
  }
}

extension Tensor {
  /// Two copies along a new axis of depth.
  fileprivate func concatenatedWithItself() -> Tensor { stacked([self, self], along: 2) }
}

/// A random pooling, small.
struct PoolingConfiguration: Sendable, CustomStringConvertible {
  let input: Shape
  let kernel, stride: PerAxis
  let padding: Padding
  let dilation: PerAxis
  let roundsUp, countsPadding: Bool

  init(rank: Int, using generator: inout some RandomNumberGenerator) {
    func draw(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
    let kernels = (0..<rank).map { _ in draw(1...3) }
    let dilations = (0..<rank).map { _ in draw(1...2) }
    // So little that each window holds an element.
    let paddings = (0..<rank).map { min(kernels[$0] / 2, 1) }
    let sizes = (0..<rank).map {
      dilations[$0] * (kernels[$0] - 1) + 1 + draw(0...(rank == 1 ? 9 : rank == 2 ? 4 : 2))
    }
    input = Shape([draw(1...2), draw(1...2)] + sizes)
    kernel = PerAxis(kernels)
    stride = PerAxis((0..<rank).map { _ in draw(1...3) })
    padding = .symmetric(PerAxis(paddings))
    dilation = PerAxis(dilations)
    roundsUp = draw(0...1) == 1
    countsPadding = draw(0...1) == 1
  }

  func maximum(_ x: Tensor) -> Tensor {
    maxPool(
      x, kernel: kernel, stride: stride, padding: padding, dilation: dilation, roundsUp: roundsUp)
  }

  func average(_ x: Tensor) -> Tensor {
    averagePool(
      x, kernel: kernel, stride: stride, padding: padding, roundsUp: roundsUp,
      countsPadding: countsPadding)
  }

  var description: String {
    "\(input) kernel \(kernel.values) stride \(stride.values) \(padding) dilation \(dilation.values) roundsUp \(roundsUp) countsPadding \(countsPadding)"
  }

  static func several(_ count: Int, seed: UInt64) -> [PoolingConfiguration] {
    var generator = SystemlessGenerator(state: seed)
    return (0..<count).map { PoolingConfiguration(rank: [1, 2, 2, 3][$0 % 4], using: &generator) }
  }
}
