import Core

/// Normal numbers in float64 from a seed.
func normals(_ shape: Shape, _ seed: UInt64, scale: Double = 1) -> Tensor {
  var generator = RandomGenerator(seed: seed)
  return scale * Tensor.randomNormal(shape, dtype: .float64, using: &generator)
}

func wide(_ values: [Double]) -> Tensor { Tensor(values, dtype: .float64) }

/// ∫ f over a range, by Simpson's rule: f takes [points] and returns [points, …].
func integral(
  from low: Double, to high: Double, points: Int = 4001, _ f: (Tensor) -> Tensor
) -> Tensor {
  let x = Tensor.linspace(from: low, to: high, count: points, dtype: .float64)
  let values = f(x)
  let weights = (0..<points).map { index -> Double in
    index == 0 || index == points - 1 ? 1 : index % 2 == 1 ? 4 : 2
  }
  let shape = Shape([points] + Array(repeatElement(1, count: values.rank - 1)))
  let step = (high - low) / Double(points - 1) / 3
  return step * (wide(weights).reshaped(shape) * values).sum(along: 0)
}
