import Core

extension VisionTransformer {
  /// The name that torchvision's `VisionTransformer` gives to a parameter of this one, for
  /// `Layer.load(from:strict:naming:)`: its `vit_b_16` loads into ``base16(classes:dropout:)``.
  public static func torchvisionName(of name: String) -> String {
    let (part, rest) = cut(name)
    switch part {
    case "patches": return "conv_proj." + rest
    case "classToken": return "class_token"
    case "positions": return "encoder.pos_embedding"
    case "head": return "heads.head." + rest
    default:
      return encoderName(rest) { parameter, index in
        guard let index else { return "encoder.ln." + normName(parameter) }
        let (part, rest) = cut(parameter)
        let own =
          switch part {
          case "attention": "self_attention." + MultiHeadAttention.pyTorchName(of: rest)
          case "attentionNorm": "ln_1." + normName(rest)
          case "feedForwardNorm": "ln_2." + normName(rest)
          default: (cut(rest).first == "hidden" ? "mlp.0." : "mlp.3.") + cut(rest).rest
          }
        return "encoder.layers.encoder_layer_\(index)." + own
      }
    }
  }

  /// The name that timm's `VisionTransformer` gives to a parameter of this one, for
  /// `Layer.load(from:strict:naming:)`.
  public static func timmName(of name: String) -> String {
    let (part, rest) = cut(name)
    switch part {
    case "patches": return "patch_embed.proj." + rest
    case "classToken": return "cls_token"
    case "positions": return "pos_embed"
    case "head": return name
    default:
      return encoderName(rest) { parameter, index in
        guard let index else { return "norm." + normName(parameter) }
        let (part, rest) = cut(parameter)
        let own =
          switch part {
          case "attention":
            [
              "inputWeight": "attn.qkv.weight", "inputBias": "attn.qkv.bias",
              "output.weight": "attn.proj.weight", "output.bias": "attn.proj.bias",
            ][rest] ?? rest
          case "attentionNorm": "norm1." + normName(rest)
          case "feedForwardNorm": "norm2." + normName(rest)
          default: (cut(rest).first == "hidden" ? "mlp.fc1." : "mlp.fc2.") + cut(rest).rest
          }
        return "blocks.\(index)." + own
      }
    }
  }

  /// A name within the encoder, as that of a layer's parameter or, without index, of the last
  /// normalisation's.
  private static func encoderName(
    _ name: String, _ make: (_ parameter: String, _ index: String?) -> String
  ) -> String {
    let (part, rest) = cut(name)
    if part == "finalNorm" { return make(rest, nil) }
    let (index, parameter) = cut(rest)
    return make(parameter, index)
  }
}
