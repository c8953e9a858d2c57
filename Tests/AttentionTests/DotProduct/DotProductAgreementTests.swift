import Attention
import Core
import Testing

@Suite struct DotProductAgreementTests {
  @Test(arguments: [DType.float64, .float32])
  func `values and gradients equal PyTorch's`(_ dtype: DType) {
    let cases = ReferenceCase.cases("dot")
    #expect(cases.count == 140)
    for c in cases {
      let heads = c.lead! + [c.heads]
      let shared = c.lead! + [c.shared!]
      var inputs = [
        hashed(Shape(heads + [c.queries, c.features!]), 1) * 4,
        hashed(Shape(shared + [c.keys, c.features!]), 2) * 4,
        hashed(Shape(shared + [c.keys, c.values!]), 3),
      ]
      var mask: Tensor?
      if let extents = c.maskShape {
        let shape = Shape(extents)
        let numbers = hashed(shape, 5)
        if c.mask == "bool" {
          mask = (numbers .< 0.17)
        } else if c.mask == "added" {
          inputs.append(numbers * 3)
        } else {
          mask = (numbers * 3).filled(with: -.infinity, where: hashed(shape, 6) .>= 0.17)
        }
      }
      func attention(_ inputs: [Tensor]) -> Tensor {
        scaledDotProductAttention(
          inputs[0], inputs[1], inputs[2], mask: inputs.count > 3 ? inputs[3] : mask,
          isCausal: c.causal!, scale: c.scale)
      }
      inputs = inputs.map { $0.cast(to: dtype) }
      let y = attention(inputs)
      let (_, gradients) = valueWithGradient(at: inputs) {
        (attention($0) * hashed(y.shape, 4, dtype: dtype)).sum()
      }
      c.expect([y] + gradients)
    }
  }
}
