import Core
import LayerTesting
import Testing

@Suite struct JacobianTests {
  static func example(_ seed: UInt64, _ shape: Shape) -> Tensor {
    var generator = RandomGenerator(seed: seed)
    return Tensor.randomNormal(shape, dtype: .float64, using: &generator)
  }

  /// ℝ^[2, 3] → ℝ^[3, 3], with no symmetry.
  static func f(_ x: Tensor) -> Tensor {
    let product = matmul(x.transposed(), sin(x))
    return product * softmax(x.sum(along: 0)) + tanh(x[0])
  }

  static func scalar(_ x: Tensor) -> Tensor { (f(x) * f(x)[1]).sum() }

  @Test func `the Jacobian of softmax is diag(S) − S Sᵀ`() throws {
    let x = Self.example(1, [5])
    let s = softmax(x)
    let expected = Tensor.identity(5, dtype: .float64) * s - outer(s, s)
    try expectClose(jacobian(at: x) { softmax($0) }, expected)
  }

  @Test func `a Jacobian has the shape of the output before that of the input`() throws {
    let x = Self.example(2, [2, 3])
    let matrix = jacobian(at: x) { Self.f($0) }
    #expect(matrix.shape == [3, 3, 2, 3])
    #expect(jacobian(at: x) { $0.sum() }.shape == [2, 3])
    #expect(jacobian(at: Tensor(1)) { $0 * Tensor([1, 2]) }.shape == [2])
    #expect(jacobian(at: x) { $0[0..<0] }.shape == [0, 3, 2, 3])
    try expectClose(
      jacobian(at: x) { $0 * 2 }.reshaped([6, 6]), 2 * Tensor.identity(6, dtype: .float64))
  }

  @Test func `forward and backward products are those with the Jacobian`() throws {
    let (x, v, u) = (Self.example(3, [2, 3]), Self.example(4, [2, 3]), Self.example(5, [3, 3]))
    let matrix = jacobian(at: x) { Self.f($0) }.reshaped([9, 6])
    let (y, tangent) = jvp(at: x, along: v) { Self.f($0) }
    let (z, pullback) = vjp(at: x) { Self.f($0) }
    try expectClose(y, Self.f(x))
    try expectClose(z, Self.f(x))
    try expectClose(tangent.flattened(), matmul(matrix, v.flattened()))
    try expectClose(pullback(u).flattened(), matmul(u.flattened(), matrix))
    // ⟨u, J v⟩ = ⟨Jᵀ u, v⟩
    try expectClose((u * tangent).sum(), (pullback(u) * v).sum())
  }

  @Test(arguments: Operation.all)
  func `⟨u, J v⟩ equals ⟨Jᵀ u, v⟩ for each operation`(operation: Operation) throws {
    for seed in 0..<3 as Range<UInt64> {
      var generator = RandomGenerator(seed: seed)
      let (shapes, function) = operation.example(&generator)
      let inputs = shapes.map { operation.domain($0, .float64, using: &generator) }
      for index in inputs.indices {
        let f = { (x: Tensor) -> Tensor in
          var inputs = inputs
          inputs[index] = x
          return function(inputs)
        }
        let v = Tensor.randomNormal(shapes[index], dtype: .float64, using: &generator)
        let (y, tangent) = jvp(at: inputs[index], along: v, f)
        let u = Tensor.randomNormal(y.shape, dtype: .float64, using: &generator)
        let (_, pullback) = vjp(at: inputs[index], f)
        try expectClose(
          (u * tangent).sum(), (pullback(u) * v).sum(), relative: 1e-9, absolute: 1e-9,
          "\(operation.name), input \(index)")
      }
    }
  }

  @Test func `a Hessian is symmetric and is what its products come from`() throws {
    let (x, v) = (Self.example(6, [2, 3]), Self.example(7, [2, 3]))
    let matrix = hessian(at: x) { Self.scalar($0) }
    #expect(matrix.shape == [2, 3, 2, 3])
    let square = matrix.reshaped([6, 6])
    try expectClose(square, square.transposed(), relative: 1e-9)
    let product = hessianVectorProduct(at: x, along: v) { Self.scalar($0) }
    try expectClose(product.flattened(), matmul(square, v.flattened()), relative: 1e-9)
    // Forward over reverse gives the same.
    let (_, forward) = jvp(at: x, along: v) { x in gradient(at: x) { Self.scalar($0) } }
    try expectClose(forward, product, relative: 1e-9)
    let direction = gradient(at: v) { v in
      0.5 * (v * hessianVectorProduct(at: x, along: v) { Self.scalar($0) }).sum()
    }
    try expectClose(direction, product, relative: 1e-9)
  }

  @Test func `a function without the input has zero derivatives`() throws {
    let x = Self.example(8, [2])
    let constant = Tensor([1, 2, 3], dtype: .float64)
    try expectClose(jacobian(at: x) { _ in constant }, Tensor.zeros([3, 2], dtype: .float64))
    try expectClose(hessian(at: x) { $0.sum() }, Tensor.zeros([2, 2], dtype: .float64))
    try expectClose(jvp(at: x, along: x) { _ in constant }.tangent, 0 * constant)
    try expectClose(vjp(at: x) { _ in constant }.pullback(constant), 0 * x)
    try expectClose(hessianVectorProduct(at: x, along: x) { $0.sum() }, 0 * x)
  }

  @Test func `jvp nests: a second directional derivative`() throws {
    let x = Tensor([0.3, 0.6], dtype: .float64)
    let v = Tensor([1, 2], dtype: .float64)
    let (_, second) = jvp(at: x, along: v) { x in jvp(at: x, along: v) { sin($0) }.tangent }
    try expectClose(second, -sin(x) * v * v)
  }
}
