/// The exponential of square matrices.
///
/// ```
/// e^A = 1 + A + A²/2! + A³/3! + …
/// ```
///
/// - Parameter a: […, n, n].
/// - Returns: […, n, n]. Where A is not finite, or e^A too large for the type, elements are NaN or
///   ∞.
/// - Complexity: 6 products, one ``solve(_:_:)`` and log₂(‖A‖₁/5.4) squarings (‖A‖₁/3.9 in
///   float32); fewer products where every matrix of the batch is small. The squarings are bounded
///   by the exponent's range: about 1000.
///
/// The Padé approximant of degree 3 to 13 after scaling by a power of 2, then squaring
/// ([Higham 2005](https://doi.org/10.1137/04061101X)). Made of products, sums and a solution, whose
/// derivatives make its own, to any order.
public func matrixExponential(_ a: Tensor) -> Tensor {
  let a = squareMatrices(a, in: "matrixExponential")
  if a.count == 0 { return a }
  let norms = matrixNorm(a.detached, .one)
  // A NaN or an infinity comes through by itself; it must not choose the scaling.
  let finite = select(norms.isFinite(), norms, Tensor.zeros(like: norms))
  let greatest = finite.maximum().item()
  let degrees = PadeDegree.all(for: a.dtype)
  if let degree = degrees.dropLast().first(where: { greatest <= $0.radius }) {
    return degree.approximant(a)
  }
  let degree = degrees[degrees.count - 1]
  let squarings = finite.scalars(as: Double.self).map { norm in
    var count = 0
    while norm / Double(sign: .plus, exponent: count, significand: 1) > degree.radius { count += 1 }
    return count
  }
  let scales = Tensor(
    scalars: squarings.map { Double(sign: .plus, exponent: -$0, significand: 1) },
    shape: a.batchShape
  ).cast(to: a.dtype)
  var result = degree.approximant(a * scales.forEachMatrix())
  let counts = Tensor(scalars: squarings.map(Int64.init), shape: a.batchShape).forEachMatrix()
  let least = squarings.min() ?? 0
  for step in 0..<(squarings.max() ?? 0) {
    let squared = matmul(result, result)
    result = step < least ? squared : select(counts .> Double(step), squared, result)
  }
  return result
}

/// A diagonal Padé approximant of the exponential.
private struct PadeDegree {
  /// The coefficients of the numerator, that of degree 0 first.
  let coefficients: [Double]
  /// Up to this 1-norm the error is within the unit roundoff.
  let radius: Double

  /// Higham 2005, table 2.3, and for single precision table 2.1 of the same.
  static func all(for dtype: DType) -> [PadeDegree] {
    dtype == .float64
      ? [
        PadeDegree(3, 1.495585217958292e-2), PadeDegree(5, 2.539398330063230e-1),
        PadeDegree(7, 9.504178996162932e-1), PadeDegree(9, 2.097847961257068),
        PadeDegree(13, 5.371920351148152),
      ]
      : [
        PadeDegree(3, 4.258730016922831e-1), PadeDegree(5, 1.880152677804762),
        PadeDegree(7, 3.925724783138660),
      ]
  }

  private init(_ degree: Int, _ radius: Double) {
    // (2q − i)! q! / ((2q)! (q − i)! i!), by the ratio of neighbours, times what makes the last 1.
    var ratios = [1.0]
    for i in 0..<degree {
      ratios.append(ratios[i] * Double(degree - i) / Double((2 * degree - i) * (i + 1)))
    }
    coefficients = ratios.map { $0 / ratios[degree] }
    self.radius = radius
  }

  /// (V − U)⁻¹ (V + U), with U the odd and V the even terms.
  func approximant(_ a: Tensor) -> Tensor {
    let identity = Tensor.identity(a.rowCount, dtype: a.dtype)
    let c = coefficients
    let square = matmul(a, a)
    var (odd, even) = (c[1] * identity, c[0] * identity)
    if c.count == 14 {
      // Powers up to the sixth only.
      let fourth = matmul(square, square)
      let sixth = matmul(fourth, square)
      let upperOdd = matmul(sixth, c[13] * sixth + c[11] * fourth + c[9] * square)
      let upperEven = matmul(sixth, c[12] * sixth + c[10] * fourth + c[8] * square)
      odd = upperOdd + c[7] * sixth + c[5] * fourth + c[3] * square + odd
      even = upperEven + c[6] * sixth + c[4] * fourth + c[2] * square + even
    } else {
      var power = square
      for index in stride(from: 2, to: c.count, by: 2) {
        if index > 2 { power = matmul(power, square) }
        even = even + c[index] * power
        odd = odd + c[index + 1] * power
      }
    }
    let u = matmul(a, odd)
    return solve(even - u, even + u)
  }
}
