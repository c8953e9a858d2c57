import Core
import LayerTesting
import Testing

extension Operation {
  /// Spectral linear algebra over random shapes and batches. The inputs are added to matrices whose
  /// eigenvalues or singular values are far apart, where vectors have derivatives.
  static let spectralLinearAlgebra: [Operation] = [
    ofSquare("symmetricEigenvalues") { cube(symmetricEigenvalues($0)) },
    ofSquare("symmetricEigen") { x in
      let (values, vectors) = symmetricEigen(x)
      // The signs of vectors are free: nothing here depends on them.
      let row = (0.1 * values + 1 / (values + 40)).expandingShape(at: -2)
      return matmul(vectors * row, vectors.transposed())
        + cube(square(vectors))
    },
    ofRectangle("singularValues") { cube(singularValues($0)) },
    ofRectangle("svd") { x in
      let (u, values, v) = svd(x)
      return square(matmul(u, (v * (1 + 1 / values.expandingShape(at: -2))).transposed())).sum()
        + cube(square(u)) + cube(square(v))
    },
    ofRectangle("svd, full") { x in
      let (u, _, v) = svd(x, full: true)
      let k = min(u.shape[u.rank - 1], v.shape[v.rank - 1])
      func projector(_ x: Tensor) -> Tensor {
        let rest = x.narrowed(-1, from: k, count: x.shape[x.rank - 1] - k)
        return matmul(rest, rest.transposed())
      }
      return cube(projector(u)) + cube(projector(v))
        + cube(square(u.narrowed(-1, from: 0, count: k)))
    },
    ofRectangle("pseudoInverse") { pseudoInverse($0) },
    ofRectangle("pseudoInverse, rank 1") { x in
      // A product of a column and a row has rank 1 wherever it is differentiated.
      pseudoInverse(matmul(x.narrowed(-1, from: 0, count: 1), x.narrowed(-2, from: 0, count: 1)))
    },
    ofRectangle("spectralNorm") { square(spectralNorm($0)) },
    ofRectangle("conditionNumber") { square(conditionNumber($0)) },
    ofRectangle("nuclear norm") { square(matrixNorm($0, .nuclear)) },
    ofRectangle("Frobenius norm") { matrixNorm($0, .frobenius) },
    ofRectangle("1-norm") { square(matrixNorm($0, .one)) },
    ofRectangle("∞-norm") { square(matrixNorm($0, .infinity)) },
    ofRectangle("vectorNorm") { vectorNorm($0) },
    ofRectangle("vectorNorm 1.5") { vectorNorm(abs($0) + 1, 1.5, along: -1) },
    ofRectangle("vectorNorm 3") { vectorNorm($0, 3, along: -2, keepingAxis: true) },
    ofRectangle("vectorNorm −2") { vectorNorm(abs($0) + 1, -2, along: 0) },
    ofSquare("matrixExponential, small") { matrixExponential(0.001 * $0) },
    ofSquare("matrixExponential") { matrixExponential(0.05 * $0) },
    ofSquare("matrixExponential, squared") { matrixExponential(0.3 * $0) },
    ofSquare("trace") { square(trace($0)) },
    ofRectangle("diagonal") { diagonal(square($0), offset: 1) },
    ofRectangle("diagonal below") { diagonal(square($0), offset: -1) },
    ofRectangle("diagonalMatrix") { diagonalMatrix(square($0), offset: -2) },
    ofRectangle("lowerTriangle") { lowerTriangle(square($0), offset: 1) },
    ofRectangle("upperTriangle") { upperTriangle(square($0), offset: 1) },
    Operation(name: "kroneckerProduct") { generator in
      let (a, b) = (rectangle(using: &generator), rectangle(using: &generator))
      return ([a, Shape(b.suffix(2))], { kroneckerProduct($0[0], $0[1]) })
    },
  ]

  private static func cube(_ x: Tensor) -> Tensor {
    (x * x * x * (1 + Tensor.range(to: Double(x.count), dtype: x.dtype).reshaped(x.shape))).sum()
  }

  private static func rectangle(using generator: inout RandomGenerator) -> Shape {
    let batch = Shape.random(rank: 0...1, isEmptyAllowed: false, upTo: 2, using: &generator)
    return Shape(batch + (0..<2).map { _ in Int.random(in: 1...4, using: &generator) })
  }

  private static func ofRectangle(
    _ name: String, _ function: @escaping @Sendable (Tensor) -> Tensor
  ) -> Operation {
    Operation(name: name, allowsTies: false) { generator in
      ([rectangle(using: &generator)], { function($0[0] + spread($0[0])) })
    }
  }

  private static func ofSquare(
    _ name: String, _ function: @escaping @Sendable (Tensor) -> Tensor
  ) -> Operation {
    Operation(name: name, allowsTies: false) { generator in
      let batch = Shape.random(rank: 0...2, upTo: 3, using: &generator)
      let n = Int.random(in: 0...4, using: &generator)
      return ([Shape(batch + [n, n])], { function($0[0] + spread($0[0])) })
    }
  }

  /// A diagonal of 8, 16, 24, … in the shape of x.
  private static func spread(_ x: Tensor) -> Tensor {
    let (m, n) = (x.shape[x.rank - 2], x.shape[x.rank - 1])
    let square = diagonalMatrix(8 * (1 + Tensor.range(to: Double(max(m, n)), dtype: x.dtype)))
    return square[0..<m, 0..<n]
  }
}

@Suite struct SpectralDerivativeTests {
  @Test(arguments: Operation.spectralLinearAlgebra)
  func `first and second derivatives agree with finite differences`(operation: Operation) throws {
    for seed in 0..<UInt64(DerivativeTests.cases) {
      var generator = RandomGenerator(seed: seed)
      let (shapes, function) = operation.example(&generator)
      let inputs = shapes.map { shape in
        arranged(operation.domain(shape, .float64, using: &generator), seed, using: &generator)
      }
      do {
        try checkGradients(of: function, at: inputs, order: 2, positions: 2, seed: seed)
      } catch {
        Issue.record("\(operation.name) of \(shapes), seed \(seed): \(error)")
        return
      }
    }
  }

  @Test(arguments: Operation.spectralLinearAlgebra)
  func `single precision and other layouts agree`(operation: Operation) throws {
    for seed in 0..<UInt64(5) {
      var generator = RandomGenerator(seed: 100 + seed)
      let (shapes, function) = operation.example(&generator)
      let inputs = shapes.map { operation.domain($0, .float64, using: &generator) }
      let expected = function(inputs)
      let others = inputs.map { arranged($0, seed, using: &generator) }
      try expectClose(function(others), expected, relative: 1e-9, absolute: 1e-9, operation.name)
      let single = function(others.map { $0.cast(to: .float32) })
      #expect(single.dtype == .float32)
      let size = expected.count == 0 ? 1 : max(1, abs(expected).maximum().item())
      try expectClose(single, expected, relative: 1e-3, absolute: 1e-4 * size, operation.name)
    }
  }

  /// Sizes beyond one panel.
  @Test func `gradients of large matrices agree with finite differences`() throws {
    var generator = RandomGenerator(seed: 6)
    let a = Tensor.randomNormal([45, 40], dtype: .float64, using: &generator)
    let symmetric = matmul(a.transposed(), a)
    try checkGradients(of: { svd($0).left * svd($0).left }, at: a, positions: 2)
    try checkGradients(of: { symmetricEigen($0).values }, at: symmetric, positions: 2)
    try checkGradients(of: { pseudoInverse($0) }, at: a, positions: 2)
    try checkGradients(of: { matrixExponential($0 * 0.02) }, at: symmetric, positions: 2)
  }

  @Test func `even functions of repeated values have their gradients`() throws {
    let one = Tensor.identity(4, dtype: .float64)
    try expectClose(gradient(at: one) { symmetricEigenvalues($0).sum() }, one)
    try expectClose(gradient(at: one) { square(singularValues($0)).sum() }, 2 * one)
    // Of vectors, pairs that are equal to the last bit contribute nothing.
    let slope = gradient(at: one) { (symmetricEigen($0).vectors * Tensor.range(to: 4)).sum() }
    #expect(slope == Tensor.zeros(like: one))
    let zero = Tensor.zeros([3, 2], dtype: .float64)
    #expect(gradient(at: zero) { svd($0).left.sum() + svd($0).right.sum() } == zero)
  }

  @Test func `the gradient of a norm at zero is zero`() {
    let zero = Tensor.zeros([3, 2], dtype: .float64)
    for p in [1, 1.5, 2, 3, -2] {
      #expect(gradient(at: zero) { vectorNorm($0, p) } == zero, "\(p)")
    }
    #expect(gradient(at: zero) { matrixNorm($0) } == zero)
  }
}
