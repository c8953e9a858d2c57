import Core

/// The cross-correlation as its formula has it, for any number of axes of space: loops over numbers.
func naiveCorrelation(
  _ x: Tensor, _ weight: Tensor, stride: [Int], before: [Int], after: [Int], dilation: [Int],
  groups: Int
) -> Tensor {
  let (size, kernel) = (Array(x.shape.dropFirst(2)), Array(weight.shape.dropFirst(2)))
  let output = size.indices.map {
    (size[$0] + before[$0] + after[$0] - dilation[$0] * (kernel[$0] - 1) - 1) / stride[$0] + 1
  }
  let (xs, ws) = (x.scalars(as: Double.self), weight.scalars(as: Double.self))
  let (filters, channels) = (weight.shape[0], weight.shape[1])
  var result: [Double] = []
  for n in 0..<x.shape[0] {
    for f in 0..<filters {
      let group = f / (filters / groups)
      for o in indices(output) {
        var sum = 0.0
        for c in 0..<channels {
          for j in indices(kernel) {
            let place = size.indices.map { o[$0] * stride[$0] + j[$0] * dilation[$0] - before[$0] }
            guard zip(place, size).allSatisfy({ $0 >= 0 && $0 < $1 }) else { continue }
            sum +=
              xs[flat([n, group * channels + c] + place, x.shape)]
              * ws[flat([f, c] + j, weight.shape)]
          }
        }
        result.append(sum)
      }
    }
  }
  return Tensor(result, dtype: .float64).reshaped(Shape([x.shape[0], filters] + output))
}

/// All index vectors below `sizes`, row by row.
func indices(_ sizes: [Int]) -> [[Int]] {
  sizes.reduce([[]]) { lead, size in lead.flatMap { lead in (0..<size).map { lead + [$0] } } }
}

private func flat(_ index: [Int], _ shape: Shape) -> Int {
  zip(index, shape).reduce(0) { $0 * $1.1 + $1.0 }
}
