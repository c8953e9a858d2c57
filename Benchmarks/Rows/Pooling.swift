import Conv
import Core

// Pooling and resampling of images, forward and backward for a random upstream gradient. Bytes are
// those of the tensors: each input, output and gradient once.

extension Catalogue {
  static var pooling: [Row] {
    [
      row("maxpool2d", 28, 14, "k2") { maxPool($0, kernel: 2) },
      row("maxpool2d", 28, 14, "k3s2p1") { maxPool($0, kernel: 3, stride: 2, padding: 1) },
      row("maxpool2d", 28, 28, "k3s1p1") { maxPool($0, kernel: 3, stride: 1, padding: 1) },
      row("avgpool2d", 28, 14, "k2") { averagePool($0, kernel: 2) },
      row("avgpool2d", 28, 28, "k3s1p1") {
        averagePool($0, kernel: 3, stride: 1, padding: 1)
      },
      row("globalavgpool2d", 28, 1, nil) { globalAveragePool($0, keepingAxes: true) },
      row("upsample2d-nearest", 14, 28, "x2") { upsample($0, by: 2) },
      row("upsample2d-bilinear", 14, 28, "x2") { upsample($0, by: 2, interpolation: .linear) },
    ]
  }

  private static func row(
    _ name: String, _ size: Int, _ output: Int, _ end: String?,
    _ function: @escaping @Sendable (Tensor) -> Tensor
  ) -> Row {
    let shape = "32x64x\(size)x\(size)" + (end.map { "-\($0)" } ?? "")
    return Row(
      "\(name)-fwdbwd/\(shape)", bytes: 8 * 32 * 64 * Double(size * size + output * output)
    ) {
      let x = normal([32, 64, size, size])
      let upstream = normal([32, 64, output, output])
      return { _ = vjp(at: x, function).pullback(upstream) }
    }
  }
}
