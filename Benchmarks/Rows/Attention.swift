import Attention
import Core

// Attention forward and backward for a random upstream gradient: self-attention with its four
// projections, with respect to input and parameters; and the core alone, causal, with respect to
// query, key and value.

extension Catalogue {
  static var attention: [Row] {
    [multiHead("mha-fwdbwd/B8-T128-D256-h8", batch: 8, time: 128, width: 256, heads: 8)]
      + [512, 1024, 2048, 4096, 8192].map { time in
        causal("attention-causal-fwdbwd/B1-T\(time)-D256-h8", time: time, width: 256, heads: 8)
      }
  }

  /// One product forward and two backward for each projection; two and five for the scores.
  private static func multiHead(
    _ name: String, batch: Int, time: Int, width: Int, heads: Int
  ) -> Row {
    let (b, t, d) = (Double(batch), Double(time), Double(width))
    return Row(name, flops: 2 * b * t * d * (3 * 4 * d + 7 * t), items: b * t) {
      let model = WithInput(
        layer: MultiHeadAttention(width, heads: heads),
        input: Parameter(normal([batch, time, width])))
      let upstream = normal([batch, time, width])
      return { _ = valueWithGradient(of: model) { model.output(backwardFrom: upstream) } }
    }
  }

  /// Two products forward and five backward, of half of all scores.
  private static func causal(_ name: String, time: Int, width: Int, heads: Int) -> Row {
    Row(name, flops: 7 * Double(time * time * width), items: Double(time)) {
      let inputs = (0..<3).map { _ in normal([1, heads, time, width / heads]) }
      let upstream = normal([1, heads, time, width / heads])
      return {
        _ = valueWithGradient(at: inputs) { inputs in
          seed(
            scaledDotProductAttention(inputs[0], inputs[1], inputs[2], isCausal: true),
            with: upstream)
        }
      }
    }
  }
}
