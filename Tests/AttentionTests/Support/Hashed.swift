import Core

/// Numbers in −½…½ that Tests/References/attention.py makes too: splitmix64 of
/// seed · 2³² + position.
func hashed(_ shape: Shape, _ seed: UInt64, dtype: DType = .float64) -> Tensor {
  let values = (0..<UInt64(shape.elementCount)).map { position -> Double in
    var z = (position &+ (seed << 32)) &* 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    z ^= z >> 31
    return Double(z >> 11) / 9_007_199_254_740_992 - 0.5
  }
  return Tensor(values, dtype: dtype).reshaped(shape)
}
