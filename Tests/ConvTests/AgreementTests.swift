import Conv
import Core
import Foundation
import LayerTesting
import Testing

/// Tests/References/convolution.py made these with PyTorch.
@Suite struct AgreementTests {
  struct Case: Decodable, Sendable, CustomStringConvertible {
    let batch, inputs, outputs, groups: Int
    let size, kernel, stride, padding, dilation, outputPadding, shape: [Int]
    let bias, transposed: Bool
    let result, inputGradient, weightGradient: [Double]
    let biasGradient: [Double]?

    var description: String {
      "\(transposed ? "transposed " : "")\([batch, inputs] + size) to \(outputs) by \(kernel) stride \(stride) padding \(padding) dilation \(dilation) groups \(groups)"
    }

    func apply(_ x: Tensor, _ w: Tensor, _ b: Tensor?) -> Tensor {
      let (stride, dilation) = (PerAxis(stride), PerAxis(dilation))
      if transposed {
        return transposedConvolution(
          x, w, bias: b, stride: stride, padding: .symmetric(PerAxis(padding)),
          outputPadding: PerAxis(outputPadding), dilation: dilation, groups: groups)
      }
      return crossCorrelation(
        x, w, bias: b, stride: stride, padding: .symmetric(PerAxis(padding)), dilation: dilation,
        groups: groups)
    }
  }

  static let cases: [Case] = {
    let file = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("References/convolution.jsonl")
    guard let text = try? String(contentsOf: file, encoding: .utf8) else { return [] }
    return text.split(separator: "\n").compactMap {
      try? JSONDecoder().decode(Case.self, from: Data($0.utf8))
    }
  }()

  @Test func `at least two hundred configurations`() { #expect(Self.cases.count >= 200) }

  @Test(arguments: [DType.float64, .float32])
  func `values and gradients are PyTorch's`(_ dtype: DType) throws {
    for c in Self.cases {
      let weight =
        c.transposed ? [c.inputs, c.outputs / c.groups] : [c.outputs, c.inputs / c.groups]
      let x = hashed(Shape([c.batch, c.inputs] + c.size), 1, dtype: dtype)
      let w = hashed(Shape(weight + c.kernel), 2, dtype: dtype)
      let b = hashed([c.outputs], 3, dtype: dtype)
      let y = c.apply(x, w, c.bias ? b : nil)
      #expect(Array(y.shape) == c.shape, "\(c)")
      let upstream = hashed(y.shape, 4, dtype: dtype)
      let (_, gradients) = valueWithGradient(at: x, w, b) { x, w, b in
        (c.apply(x, w, c.bias ? b : nil) * upstream).sum()
      }
      try check(y, c.result, 10, "result of \(c)")
      try check(gradients.0, c.inputGradient, 20, "input gradient of \(c)")
      try check(gradients.1, c.weightGradient, 30, "weight gradient of \(c)")
      if let expected = c.biasGradient {
        try check(gradients.2, expected, 40, "bias gradient of \(c)")
      }
    }
  }

  /// Norm and inner products, compared on the scale of the tensor.
  func check(_ tensor: Tensor, _ expected: [Double], _ seed: UInt64, _ context: String) throws {
    let tolerance = tensor.dtype == .float64 ? 1e-12 : 1e-4
    let x = tensor.cast(to: .float64)
    let found = [
      (x * x).sum().item().squareRoot(), (x * hashed(x.shape, seed)).sum().item(),
      (x * hashed(x.shape, seed + 1)).sum().item(),
    ]
    // Of a random error as large as the tolerance allows.
    let scale = expected[0] * max(Double(x.count).squareRoot(), 1) + 1e-300
    for (found, expected) in zip(found, expected) {
      #expect(abs(found - expected) <= tolerance * scale, "\(context): \(found), \(expected)")
    }
  }
}
