/// A way to draw the first value of a weight.
///
/// `inputs` and `outputs` below are the numbers of values that one output comes from and that one
/// input goes to ("fan in" and "fan out"). Draws come from the innermost
/// ``withRandom(seed:_:)``.
public struct Initializer: Sendable {
  private let draw:
    @Sendable (_ shape: Shape, _ inputs: Int, _ outputs: Int, inout RandomGenerator) -> Tensor

  /// An initializer of your own.
  public init(
    _ draw:
      @escaping @Sendable (
        _ shape: Shape, _ inputs: Int, _ outputs: Int, inout RandomGenerator
      ) -> Tensor
  ) {
    self.draw = draw
  }

  /// A value for a weight of `shape`.
  public func tensor(_ shape: Shape, inputs: Int, outputs: Int) -> Tensor {
    var generator = RandomGenerator.split()
    return draw(shape, max(inputs, 1), max(outputs, 1), &generator)
  }

  /// Uniform in ±√(6 / (inputs + outputs)) ([Glorot and Bengio 2010]).
  public static let glorotUniform = Initializer { shape, inputs, outputs, generator in
    let bound = (6 / Double(inputs + outputs)).squareRoot()
    return .randomUniform(shape, in: -bound..<bound, using: &generator)
  }

  /// Normal with deviation √(2 / (inputs + outputs)) ([Glorot and Bengio 2010]).
  public static let glorotNormal = Initializer { shape, inputs, outputs, generator in
    let deviation = (2 / Double(inputs + outputs)).squareRoot()
    return .randomNormal(shape, deviation: deviation, using: &generator)
  }

  /// Uniform in ±√(6 / inputs), for rectifiers ([He et al. 2015]).
  public static let heUniform = Initializer { shape, inputs, _, generator in
    let bound = (6 / Double(inputs)).squareRoot()
    return .randomUniform(shape, in: -bound..<bound, using: &generator)
  }

  /// Normal with deviation √(2 / inputs), for rectifiers ([He et al. 2015]).
  public static let heNormal = Initializer { shape, inputs, _, generator in
    .randomNormal(shape, deviation: (2 / Double(inputs)).squareRoot(), using: &generator)
  }

  /// Uniform in ±√(3 / inputs), so that variance is kept for a linear layer ([LeCun et al. 1998]).
  public static let lecunUniform = Initializer { shape, inputs, _, generator in
    let bound = (3 / Double(inputs)).squareRoot()
    return .randomUniform(shape, in: -bound..<bound, using: &generator)
  }

  /// Normal with deviation √(1 / inputs) ([LeCun et al. 1998]).
  public static let lecunNormal = Initializer { shape, inputs, _, generator in
    .randomNormal(shape, deviation: (1 / Double(inputs)).squareRoot(), using: &generator)
  }

  /// Uniform in a range.
  public static func uniform(in range: Range<Double>) -> Initializer {
    Initializer { shape, _, _, generator in .randomUniform(shape, in: range, using: &generator) }
  }

  /// Normal with mean 0.
  public static func normal(deviation: Double) -> Initializer {
    Initializer { shape, _, _, generator in
      .randomNormal(shape, deviation: deviation, using: &generator)
    }
  }

  /// Every element the same.
  public static func constant(_ value: Double) -> Initializer {
    Initializer { shape, _, _, _ in .full(shape, value) }
  }

  /// Rows, or columns where there are fewer of them, that are orthonormal and uniformly
  /// distributed, times `gain` ([Saxe et al. 2014]). Axes after the first are taken as one.
  public static func orthogonal(gain: Double = 1) -> Initializer {
    Initializer { shape, _, _, generator in
      require(shape.count >= 2, "orthogonal: shape \(shape) is no matrix")
      let rows = shape[0]
      let columns = shape.dropFirst().reduce(1, *)
      let normal = Tensor.randomNormal(
        [max(rows, columns), min(rows, columns)], dtype: .float64, using: &generator)
      let basis = orthonormalColumns(normal)
      return (gain * (rows >= columns ? basis : basis.transposed())).cast(to: .float32)
        .contiguous().reshaped(shape)
    }
  }
}

/// The columns made orthonormal, each keeping its direction beyond the ones before it (modified
/// Gram–Schmidt, twice, which leaves an error of rounding size).
private func orthonormalColumns(_ matrix: Tensor) -> Tensor {
  var basis: [Tensor] = []
  for index in 0..<matrix.shape[1] {
    var column = matrix[.all, index]
    for _ in 0..<2 {
      for earlier in basis { column = column - earlier * (earlier * column).sum() }
    }
    basis.append(column / column.norm())
  }
  return basis.isEmpty ? matrix : stacked(basis, along: 1)
}
