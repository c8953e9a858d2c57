import Core

/// The p-norm of each window, p being `power`.
///
/// ```
/// y[n, c, o] = (Σ_j x[n, c, o · stride + j]ᵖ)^(1/p)
/// ```
///
/// The powers are those of x, not of |x|, so that an odd p wants inputs that are not negative; an
/// infinite p takes the greatest |x|, or with −∞ the least. Where
/// the border cuts a window off, its sum is scaled up to a whole window's. Where the sum is 0 the
/// gradient is taken as 0.
///
/// - Parameters:
///   - x: [batch, channels, space…] with one, two or three axes of space; or without the batch,
///     where `kernel` lists a number for each axis of space and so tells how many there are.
///   - power: p, not 0; 1 gives sums, and the greater it is the closer the result comes to the
///     maximum.
///   - stride: From one window to the next; by default the kernel, so that windows lie side by
///     side.
///   - roundsUp: Whether a last window that the border cuts off counts too.
/// - Returns: [batch, channels, output…].
///
/// Traps when the power is 0 or the kernel is larger than the input.
public func lpPool(
  _ x: Tensor, power: Double, kernel: PerAxis, stride: PerAxis? = nil, roundsUp: Bool = false
) -> Tensor {
  lpPool(
    x, rank: kernel.rank, power: power, kernel: kernel, Windows(stride: stride ?? kernel),
    roundsUp: roundsUp, in: "lpPool")
}

func lpPool(
  _ x: Tensor, rank: Int?, power: Double, kernel: PerAxis, _ windows: Windows, roundsUp: Bool,
  in operation: String
) -> Tensor {
  require(power != 0 && !power.isNaN, "\(operation): the power \(power) has no root")
  if power.isInfinite {
    let (sign, size) = (power > 0 ? 1.0 : -1.0, abs(x))
    return sign
      * maxPool(
        sign * size, rank: rank, kernel: kernel, windows, roundsUp: roundsUp, in: operation)
  }
  let (planes, _) = pooling(
    x, rank: rank, kernel: kernel, windows, roundsUp: roundsUp, in: operation)
  let count = kernel.all(planes.rank, named: "kernel", in: operation).reduce(1, *)
  let mean = averagePool(
    pow(x, power), rank: rank, kernel: kernel, windows, roundsUp: roundsUp, countsPadding: true,
    divisor: nil, in: operation)
  if power == 1 { return mean * Double(count) }
  // The root's slope at 0 is infinite: windows of zeros go past it.
  let isZero = mean.detached .== 0
  let sum = select(isZero, Tensor.ones(like: mean), mean * Double(count))
  return select(isZero, Tensor.zeros(like: mean), pow(sum, 1 / power))
}
