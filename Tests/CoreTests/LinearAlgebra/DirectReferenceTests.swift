import Core
import LayerTesting
import Testing

/// The values and gradients that PyTorch gives.
@Suite struct DirectReferenceTests {
  typealias Case = (inputs: [Tensor], function: @Sendable ([Tensor]) -> [Tensor])

  private static func wave(_ rows: Int, _ columns: Int, _ phase: Double) -> Tensor {
    let index = Tensor.range(to: Double(2 * rows * columns), dtype: .float64)
    return (2 * sin(1.7 * index + 0.37 * square(index) + phase)).reshaped([2, rows, columns])
  }

  private static func factors(_ x: LUFactors) -> [Tensor] { [x.lower, x.upper] }
  private static func factors(_ x: QRFactors) -> [Tensor] { [x.q, x.r] }

  private static func example(_ operation: String) -> Case? {
    let (square, other) = (wave(4, 4, 0.3), wave(4, 3, 1.1))
    let (tall, wide) = (wave(5, 3, 0.7), wave(3, 5, 0.7))
    let identity = Tensor.identity(4, dtype: .float64)
    return switch operation {
    case "cholesky":
      ([square], { [cholesky(matmul($0[0], $0[0].transposed()) + identity)] })
    case "lu": ([square], { factors(lu($0[0])) })
    case "lu, tall": ([tall], { factors(lu($0[0])) })
    case "lu, wide": ([wide], { factors(lu($0[0])) })
    case "qr": ([square], { factors(qr($0[0])) })
    case "qr, tall": ([tall], { factors(qr($0[0])) })
    case "qr, wide": ([wide], { factors(qr($0[0])) })
    case "qr, complete": ([wide], { factors(qr($0[0], mode: .complete)) })
    case "inverse": ([square], { [inverse($0[0])] })
    case "determinant": ([square], { [determinant($0[0])] })
    case "logDeterminant":
      (
        [square],
        { inputs in
          let result = logDeterminant(inputs[0])
          return [result.sign, result.logAbs]
        }
      )
    case "solve": ([square, other], { [solve($0[0], $0[1])] })
    case "solve, broadcast": ([square, other[0]], { [solve($0[0], $0[1])] })
    case "triangularSolve, lower":
      ([square, other], { [triangularSolve($0[0] + 3 * identity, $0[1])] })
    case "triangularSolve, transposed":
      ([square, other], { [triangularSolve($0[0] + 3 * identity, $0[1], transposed: true)] })
    case "triangularSolve, unit":
      ([square, other], { [triangularSolve($0[0], $0[1], unitDiagonal: true)] })
    case "leastSquares": ([tall, wave(5, 2, 1.9)], { [leastSquares($0[0], $0[1])] })
    case "leastSquares, wide": ([wide, wave(3, 2, 1.9)], { [leastSquares($0[0], $0[1])] })
    default: nil
    }
  }

  private static func flat(_ tensors: [Tensor]) -> Tensor {
    concatenated(tensors.map { $0.flattened() })
  }

  @Test(arguments: LinearAlgebraReference.direct)
  func `values and gradients are PyTorch's`(reference: LinearAlgebraReference) throws {
    let (inputs, function) = try #require(Self.example(reference.operation))
    let results = Self.flat(function(inputs))
    let name = reference.operation
    let expected = Tensor(scalars: reference.values, shape: [reference.values.count])
    try expectClose(results, expected, relative: 1e-9, absolute: 1e-11, name)
    let (_, gradients) = valueWithGradient(at: inputs) { inputs in
      let results = Self.flat(function(inputs))
      let weights = 1 + 0.25 * Tensor.range(to: Double(results.count), dtype: .float64)
      return (results * weights).sum()
    }
    let expectedGradients = Tensor(
      scalars: reference.gradients, shape: [reference.gradients.count])
    try expectClose(
      Self.flat(gradients), expectedGradients, relative: 1e-8, absolute: 1e-9, "gradient of \(name)"
    )
  }
}
