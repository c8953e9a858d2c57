import Core
import LayerTesting
import Testing

extension Operation {
  /// Direct linear algebra over random shapes and batches; matrices are made regular from the
  /// inputs, so that derivatives are finite.
  static let directLinearAlgebra: [Operation] =
    [
      matrixOperation("cholesky") { x, _ in
        cholesky(matmul(x, x.transposed()) + Tensor.identity(x.shape[x.rank - 1], dtype: x.dtype))
      },
      matrixOperation("lu") { x, _ in
        let factors = lu(x + spread(x))
        return factors.lower * (factors.lower + 1) - square(factors.upper)
      },
      matrixOperation("inverse") { x, _ in inverse(x + spread(x)) },
      matrixOperation("determinant") { x, _ in determinant(x) },
      matrixOperation("logDeterminant") { x, _ in logDeterminant(x + spread(x)).logAbs },
      matrixOperation("solve") { x, b in solve(x + spread(x), b) },
      matrixOperation("leastSquares, square") { x, b in leastSquares(x + spread(x), b) },
    ] + triangular + [QRMode.reduced, .complete].flatMap(rectangular)

  private static let triangular: [Operation] =
    [(true, false), (true, true), (false, false), (false, true)].flatMap { lower, transposed in
      [true, false].map { unit in
        matrixOperation("triangularSolve \(lower) \(transposed) \(unit)") { x, b in
          triangularSolve(
            x + spread(x), b, lower: lower, transposed: transposed, unitDiagonal: unit)
        }
      }
    }

  private static func rectangular(_ mode: QRMode) -> [Operation] {
    [(0, "square"), (2, "tall"), (-2, "wide")].map { more, name in
      Operation(name: "qr \(mode) of \(name)", allowsTies: false) { generator in
        let n = Int.random(in: 1...3, using: &generator) + (more < 0 ? 2 : 0)
        let batch = Shape.random(rank: 0...1, upTo: 2, using: &generator)
        let isUndetermined = mode == .complete && more > 0
        return (
          [Shape(batch + [n + more, n])],
          { inputs in
            let x = inputs[0]
            let factors = qr(x + diagonal(x), mode: mode)
            // The columns past the nth are known up to a rotation: look at what they span.
            let q = factors.q
            let part = isUndetermined ? q.narrowed(-1, from: n, count: more) : q
            let projector = matmul(part, matmul(part.transposed(), diagonal(x) + x))
            return square(factors.r).sum()
              + (isUndetermined ? square(projector + x).sum() : cube(q))
          }
        )
      }
    } + [
      Operation(name: "leastSquares and lu, rectangular, \(mode)", allowsTies: false) { generator in
        let n = Int.random(in: 1...3, using: &generator)
        let isTall = Bool.random(using: &generator)
        let shape: Shape = isTall ? [n + 2, n] : [n, n + 2]
        return (
          [shape, [shape[0], 2]],
          { inputs in
            let a = inputs[0] + diagonal(inputs[0])
            let factors = lu(a)
            let sum = square(factors.lower).sum() + square(factors.upper).sum()
            return leastSquares(a, inputs[1]) + sum
          }
        )
      }
    ]
  }

  private static func matrixOperation(
    _ name: String, _ function: @escaping @Sendable (Tensor, Tensor) -> Tensor
  ) -> Operation {
    Operation(name: name, allowsTies: false) { generator in
      let n = Int.random(in: 0...4, using: &generator)
      let batch = Shape.random(rank: 0...2, upTo: 3, using: &generator)
      let other = batch.randomlyNarrowed(using: &generator)
      let columns = Int.random(in: 1...2, using: &generator)
      return ([Shape(batch + [n, n]), Shape(other + [n, columns])], { function($0[0], $0[1]) })
    }
  }

  private static func cube(_ x: Tensor) -> Tensor {
    (x * x * x * (1 + Tensor.range(to: Double(x.count), dtype: x.dtype).reshaped(x.shape))).sum()
  }

  /// A diagonal that outweighs the other elements of a matrix within ±2, different in each row.
  private static func spread(_ x: Tensor) -> Tensor {
    let n = x.shape[x.rank - 1]
    let rows = Tensor.range(from: 9, to: 9 + Double(n), dtype: x.dtype)
    return rows * Tensor.identity(n, dtype: x.dtype)
  }

  private static func diagonal(_ x: Tensor) -> Tensor {
    let (m, n) = (x.shape[x.rank - 2], x.shape[x.rank - 1])
    return 9
      * Tensor.identity(max(m, n), dtype: x.dtype).narrowed(0, from: 0, count: m)
      .narrowed(1, from: 0, count: n)
  }
}

@Suite struct DirectDerivativeTests {
  @Test(arguments: Operation.directLinearAlgebra)
  func `first and second derivatives agree with finite differences`(operation: Operation) throws {
    for seed in 0..<UInt64(DerivativeTests.cases) {
      var generator = RandomGenerator(seed: seed)
      let (shapes, function) = operation.example(&generator)
      let inputs = shapes.map { shape in
        let x = operation.domain(shape, .float64, using: &generator)
        return arranged(x, seed, using: &generator)
      }
      do {
        try checkGradients(of: function, at: inputs, order: 2, positions: 2, seed: seed)
      } catch {
        Issue.record("\(operation.name) of \(shapes), seed \(seed): \(error)")
        return
      }
    }
  }

  /// Sizes at which kernels cut matrices in two.
  @Test(arguments: [20, 70])
  func `gradients of large matrices agree with finite differences`(n: Int) throws {
    var generator = RandomGenerator(seed: 6)
    let a = RandomMatrix.positiveDefinite([n, n], .float64, using: &generator)
    let b = Tensor.randomNormal([n, 3], dtype: .float64, using: &generator)
    let functions: [(String, @Sendable (Tensor) -> Tensor)] = [
      ("cholesky", { cholesky(0.5 * ($0 + $0.transposed())) }), ("inverse", { inverse($0) }),
      ("logDeterminant", { logDeterminant($0).logAbs }), ("lu", { lu($0).upper }),
      ("qr", { qr($0).q }), ("solve", { solve($0, b) }),
      ("triangularSolve", { triangularSolve($0, b, transposed: true) }),
    ]
    for (name, function) in functions {
      do {
        try checkGradients(of: function, at: a, positions: 2)
      } catch {
        Issue.record("\(name): \(error)")
      }
    }
  }
}
