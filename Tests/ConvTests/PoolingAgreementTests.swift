import Conv
import Core
import Foundation
import LayerTesting
import Testing

/// Tests/References/pooling.py made these with PyTorch.
@Suite struct PoolingAgreementTests {
  struct Case: Decodable, Sendable {
    let kind: String
    let batch, channels: Int
    let size, shape: [Int]
    let coarse: Bool
    let kernel, stride, padding, dilation, output: [Int]?
    let roundsUp, countsPadding, linear, alignsCorners: Bool?
    let divisor, power: Double?
    let factors: [Double]?
    let factor, indices: Int?
    let result, gradient: [Double]

    func input(_ dtype: DType) -> Tensor {
      let x = hashed(Shape([batch, channels] + size), 1)
      return (coarse ? floor(x * 6) : x).cast(to: dtype)
    }

    var windows: (kernel: PerAxis, stride: PerAxis, padding: Padding, dilation: PerAxis) {
      (
        PerAxis(kernel ?? []), PerAxis(stride ?? []), .symmetric(PerAxis(padding ?? [])),
        PerAxis(dilation ?? [])
      )
    }

    func apply(_ x: Tensor) -> (Tensor, indices: Tensor?) {
      let w = windows
      switch kind {
      case "maximum":
        let (y, indices) = maxPoolWithIndices(
          x, kernel: w.kernel, stride: w.stride, padding: w.padding, dilation: w.dilation,
          roundsUp: roundsUp!)
        return (y, indices)
      case "average":
        return (
          averagePool(
            x, kernel: w.kernel, stride: w.stride, padding: w.padding, roundsUp: roundsUp!,
            countsPadding: countsPadding!, divisor: divisor), nil
        )
      case "lp":
        let shifted = power! == 2 ? x : x + 0.75
        return (
          lpPool(shifted, power: power!, kernel: w.kernel, stride: w.stride, roundsUp: roundsUp!),
          nil
        )
      case "adaptiveMaximum":
        let (y, indices) = adaptiveMaxPoolWithIndices(x, output: PerAxis(output!))
        return (y, indices)
      case "adaptiveAverage": return (adaptiveAveragePool(x, output: PerAxis(output!)), nil)
      case "upsample": return (upsampled(x), nil)
      case "unfold":
        return (
          unfold(
            x, kernel: w.kernel, stride: w.stride, padding: w.padding, dilation: w.dilation), nil
        )
      default: return (pixelShuffle(x, factor: factor!), nil)
      }
    }

    /// A list of factors has to be spelled out.
    private func upsampled(_ x: Tensor) -> Tensor {
      let interpolation: Interpolation = linear! ? .linear : .nearest
      if let output {
        return upsample(
          x, to: PerAxis(output), interpolation: interpolation, alignsCorners: alignsCorners!)
      }
      let f = factors!
      return switch f.count {
      case 1: upsample(x, by: f[0], interpolation: interpolation, alignsCorners: alignsCorners!)
      case 2:
        upsample(
          x, by: f[0], f[1], interpolation: interpolation, alignsCorners: alignsCorners!)
      default:
        upsample(
          x, by: f[0], f[1], f[2], interpolation: interpolation, alignsCorners: alignsCorners!)
      }
    }
  }

  static let cases: [Case] = {
    let file = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("References/pooling.jsonl")
    guard let text = try? String(contentsOf: file, encoding: .utf8) else { return [] }
    return text.split(separator: "\n").compactMap {
      try? JSONDecoder().decode(Case.self, from: Data($0.utf8))
    }
  }()

  @Test func `at least four hundred configurations`() { #expect(Self.cases.count >= 400) }

  @Test(arguments: [DType.float64, .float32])
  func `values, indices and gradients are PyTorch's`(_ dtype: DType) {
    for c in Self.cases {
      let x = c.input(dtype)
      let (y, indices) = c.apply(x)
      #expect(Array(y.shape) == c.shape, "\(c)")
      guard Array(y.shape) == c.shape else { continue }
      let upstream = hashed(y.shape, 4, dtype: dtype)
      let gradient = vjp(at: x) { c.apply($0).0 }.pullback(upstream)
      check(y, c.result, 10, "result of \(c)")
      check(gradient, c.gradient, 20, "gradient of \(c)")
      guard let expected = c.indices, let indices else { continue }
      let places = indices.scalars(as: Int.self).enumerated()
      #expect(places.reduce(0) { $0 + $1.element * ($1.offset + 1) } == expected, "\(c)")
    }
  }

  /// Norm and inner products, compared on the scale of the tensor.
  private func check(
    _ tensor: Tensor, _ expected: [Double], _ seed: UInt64, _ context: @autoclosure () -> String
  ) {
    let tolerance = tensor.dtype == .float64 ? 1e-12 : 1e-4
    let x = tensor.cast(to: .float64)
    let found = [
      (x * x).sum().item().squareRoot(), (x * hashed(x.shape, seed)).sum().item(),
      (x * hashed(x.shape, seed + 1)).sum().item(),
    ]
    let scale = expected[0] * max(Double(x.count).squareRoot(), 1) + 1e-300
    for (found, expected) in zip(found, expected) {
      #expect(
        abs(found - expected) <= tolerance * scale, "\(context()): \(found), \(expected)")
    }
  }
}
