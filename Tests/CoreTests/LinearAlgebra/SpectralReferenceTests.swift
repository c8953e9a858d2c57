import Core
import LayerTesting
import Testing

extension SpectralReference: CustomTestStringConvertible {
  var testDescription: String { name }
}

@Suite struct SpectralReferenceTests {
  /// The matrices of Tests/References/spectral.py.
  static func wave(_ rows: Int, _ columns: Int, _ phase: Double, _ scale: Double = 2) -> Tensor {
    let index = Tensor.range(to: Double(rows * columns), dtype: .float64)
    return (scale * sin(1.7 * index + 0.13 * index * index + phase)).reshaped([rows, columns])
  }

  static let square = wave(5, 5, 0.3)
  static let tall = wave(6, 3, 0.7)
  static let wide = wave(3, 6, 1.1)

  private static func tanhOfEigenvalues(_ x: Tensor) -> Tensor {
    let (values, vectors) = symmetricEigen(x)
    return matmul(vectors * tanh(values).expandingShape(at: -2), vectors.transposed())
  }

  private static func polarFactor(_ x: Tensor) -> Tensor {
    let (left, _, right) = svd(x)
    return matmul(left, right.transposed())
  }

  static func example(_ name: String) -> (x: Tensor, function: @Sendable (Tensor) -> Tensor)? {
    let parts = name.split(separator: ", ").map(String.init)
    switch (parts[0], parts.count > 1 ? parts[1] : "") {
    case ("symmetricEigenvalues", _): return (square, { symmetricEigenvalues($0) })
    case ("tanh of the eigenvalues", _): return (square, tanhOfEigenvalues)
    case ("squared eigenvectors", _):
      return (square, { Core.square(symmetricEigen($0).vectors) })
    case ("singularValues", "square"): return (square, { singularValues($0) })
    case ("singularValues", "tall"): return (tall, { singularValues($0) })
    case ("singularValues", "wide"): return (wide, { singularValues($0) })
    case ("squared left vectors", _): return (tall, { Core.square(svd($0).left) })
    case ("squared right vectors", _): return (wide, { Core.square(svd($0).right) })
    case ("polar factor", _): return (tall, polarFactor)
    case ("pseudoInverse", "square"): return (square, { pseudoInverse($0) })
    case ("pseudoInverse", "tall"): return (tall, { pseudoInverse($0) })
    case ("pseudoInverse", "wide"): return (wide, { pseudoInverse($0) })
    case ("pseudoInverse", "rank 2"):
      return (matmul(wave(5, 2, 0.4), wave(2, 4, 0.9)), { pseudoInverse($0) })
    case ("conditionNumber", _): return (square, { conditionNumber($0) })
    case ("matrixNorm", let kind):
      guard let norm = MatrixNorm.allCases.first(where: { "\($0)" == kind }) else { return nil }
      return (tall, { matrixNorm($0, norm) })
    case ("vectorNorm", let exponent):
      guard let p = Double(exponent) else { return nil }
      return (tall, { vectorNorm($0, p, along: 1) })
    case ("kroneckerProduct", _):
      return (wave(2, 3, 0.2), { kroneckerProduct($0, square[0..<2, 0..<2]) })
    case ("trace", _): return (square, { trace($0) })
    case ("matrixExponential", let scale):
      guard let scale = Double(scale) else { return nil }
      return (wave(4, 4, 0.5, scale), { matrixExponential($0) })
    default: return nil
    }
  }

  @Test(arguments: SpectralReference.all)
  func `values and gradients agree with PyTorch`(reference: SpectralReference) throws {
    let (x, function) = try #require(Self.example(reference.name))
    let shape = Shape(reference.shape)
    let value = function(x)
    let expected = Tensor(scalars: reference.value, shape: shape)
    let size = max(1, reference.value.map(abs).max() ?? 1)
    try expectClose(value, expected, relative: 1e-11, absolute: 1e-12 * size)
    let count = Double(reference.value.count)
    let weights = (1 + 0.25 * Tensor.range(to: count, dtype: .float64)).reshaped(shape)
    let slope = gradient(at: x) { (function($0) * weights).sum() }
    let expectedSlope = Tensor(scalars: reference.gradient, shape: x.shape)
    let steepness = max(1, reference.gradient.map(abs).max() ?? 1)
    try expectClose(slope, expectedSlope, relative: 1e-9, absolute: 1e-10 * steepness)
    // The same in single precision, a batch of two, the second of other numbers.
    let pair = stacked([x, -x]).cast(to: .float32)
    if reference.name.hasPrefix("conditionNumber") { return }
    let single =
      reference.name.hasPrefix("vectorNorm")
      ? function(x.cast(to: .float32))
      : function(pair)[0]
    if reference.name == "pseudoInverse, rank 2" { return }
    try expectClose(single, expected, relative: 1e-4, absolute: 2e-5 * size)
  }
}
