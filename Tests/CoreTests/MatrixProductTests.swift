import Core
import LayerTesting
import Testing

@Suite struct MatrixProductTests {
  /// Σₖ a[…, i, k] b[…, k, j], index by index.
  static func naive(_ a: Tensor, _ b: Tensor) -> Tensor {
    let batch = Shape.broadcast(Shape(a.shape.dropLast(2)), Shape(b.shape.dropLast(2)))!
    let (m, k, n) = (a.shape[a.rank - 2], a.shape[a.rank - 1], b.shape[b.rank - 1])
    let x = a.broadcast(to: Shape(batch + [m, k])).scalars(as: Double.self)
    let y = b.broadcast(to: Shape(batch + [k, n])).scalars(as: Double.self)
    var result: [Double] = []
    for index in 0..<batch.elementCount {
      for i in 0..<m {
        for j in 0..<n {
          result.append(
            (0..<k).reduce(0) { $0 + x[(index * m + i) * k + $1] * y[(index * k + $1) * n + j] })
        }
      }
    }
    return Tensor(scalars: result, shape: Shape(batch + [m, n]))
  }

  @Test(arguments: [DType.float32, .float64, .int32], 0..<30 as Range<UInt64>)
  func `a product is the sum over the inner index`(dtype: DType, seed: UInt64) throws {
    var generator = RandomGenerator(seed: seed)
    let sizes = (0..<3).map { _ in
      [0, 1, 2, 3, 5, 8, 17, 33].randomElement(using: &generator)!
    }
    let batch = Shape.random(rank: 0...3, upTo: 6, using: &generator)
    let shapes = [
      Shape(batch + [sizes[0], sizes[1]]),
      Shape(batch.randomlyNarrowed(using: &generator) + [sizes[1], sizes[2]]),
    ]
    let operands = shapes.map { shape in
      Arrangement.allCases.randomElement(using: &generator)!(
        Tensor.randomIntegers(shape, in: -3..<4, using: &generator).cast(to: dtype),
        using: &generator)
    }
    let product = matmul(operands[0], operands[1])
    #expect(product.dtype == dtype)
    // Small integers: exact in every type.
    try expectClose(
      product, Self.naive(operands[0], operands[1]), relative: 0, absolute: 0, "\(shapes)")
  }

  @Test func `vectors are rows on the left and columns on the right`() throws {
    let a = Tensor([[1, 2, 3], [4, 5, 6]])
    try expectClose(matmul(a, Tensor([1, 0, -1])), Tensor([-2, -2]))
    try expectClose(matmul(Tensor([1, -1]), a), Tensor([-3, -3, -3]))
    try expectClose(matmul(Tensor([1, 2]), Tensor([3, 4])), 11)
    try expectClose(dot(Tensor([1, 2]), Tensor([3, 4])), 11)
    try expectClose(outer(Tensor([1, 2]), Tensor([3, 4])), Tensor([[3, 4], [6, 8]]))
    let batched = stacked([a, 2 * a])
    #expect(matmul(batched, Tensor([1, 0, -1])).shape == [2, 2])
    #expect(matmul(Tensor([1, -1]), batched).shape == [2, 3])
  }

  @Test func `the derivatives of a product are products with the transposes`() throws {
    var generator = RandomGenerator(seed: 3)
    let (a, b) = (
      Tensor.randomNormal([4, 3], using: &generator),
      Tensor.randomNormal([3, 5], using: &generator)
    )
    let u = Tensor.randomNormal([4, 5], using: &generator)
    let (ga, gb) = gradient(at: a, b) { a, b in (matmul(a, b) * u).sum() }
    try expectClose(ga, matmul(u, b.transposed()))
    try expectClose(gb, matmul(a.transposed(), u))
    // ∂Tr(AB)/∂A = Bᵀ
    let c = Tensor.randomNormal([5, 3], using: &generator)
    try expectClose(gradient(at: b) { b in matmul(b, c).diagonal().sum() }, c.transposed())
  }

  @Test(arguments: [(300, 200, 100), (65, 129, 257), (1, 700, 300), (300, 700, 1), (5, 1, 900)])
  func `large products agree with float64 and do not depend on the threads`(
    size: (m: Int, k: Int, n: Int)
  ) throws {
    var generator = RandomGenerator(seed: 9)
    let a = Tensor.randomNormal([size.m, size.k], using: &generator)
    let b = Tensor.randomNormal([size.n, size.k], using: &generator).transposed()
    let product = matmul(a, b)
    let exact = matmul(a.cast(to: .float64), b.cast(to: .float64))
    try expectClose(product, exact, relative: 1e-4, absolute: 2e-4)
    let original = Parallel.threadCount
    defer { Parallel.threadCount = original }
    for count in 1...3 {
      Parallel.threadCount = count
      #expect(matmul(a, b) == product)
    }
  }

  @Test(arguments: [Activation.identity, .relu, .tanh, .sigmoid, .softplus])
  func `a fused affine map is product, sum and activation`(activation: Activation) throws {
    var generator = RandomGenerator(seed: 4)
    let x = Tensor.randomNormal([2, 7, 5], using: &generator)
    let w = Tensor.randomNormal([9, 5], using: &generator)
    let b = Tensor.randomNormal([9], using: &generator)
    let plain = matmul(x, w.transposed()) + b
    let expected: Tensor =
      switch activation {
      case .identity: plain
      case .relu: maximum(plain, 0)
      case .tanh: tanh(plain)
      case .sigmoid: sigmoid(plain)
      case .softplus: softplus(plain)
      }
    let fused = linear(x, weight: w, bias: b, activation: activation)
    #expect(fused.shape == [2, 7, 9])
    try expectClose(fused, expected)
    try expectClose(
      linear(x[0, 0], weight: w, bias: b, activation: activation), expected[0, 0])
    try expectClose(
      linear(x.transposed(0, 1), weight: w, bias: b, activation: activation),
      expected.transposed(0, 1))
    #expect(linear(x[0..<0], weight: w, bias: b, activation: activation).shape == [0, 7, 9])
    // In mixed types the unfused path computes.
    let double = linear(x.cast(to: .float64), weight: w, bias: b, activation: activation)
    #expect(double.dtype == .float64)
    try expectClose(double, expected)
  }
}
