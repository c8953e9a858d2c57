import Attention
import Core
import Optim

// Training steps of transformers without dropout, as in Training.swift.

extension Catalogue {
  static var transformerTraining: [Row] { [encoder, visionTransformer] }

  /// Two layers that normalise before, the mean over the tokens, a classifier.
  private static var encoder: Row {
    Row(
      "train/transformer-L2-D128-h4-T64-b32-adam",
      flops: 2 * flops(batch: 32, time: 64, width: 128, hidden: 512), items: 32
    ) {
      let model = Sequential {
        TransformerEncoder(
          TransformerConfiguration(
            width: 128, heads: 4, hidden: 512, activation: .gelu, dropout: 0, isPreNorm: true),
          depth: 2, hasFinalNorm: false)
        Lambda { $0.mean(along: 1) }
        Dense(128, 10)
      }
      return classification(model, [32, 64, 128])
    }
  }

  /// 16 patches and a class token, four layers, a final normalisation, a classifier.
  private static var visionTransformer: Row {
    Row(
      "train/vit-28x28-p7-D64-L4-h4-b64-adam",
      flops: 4 * flops(batch: 64, time: 17, width: 64, hidden: 256), items: 64
    ) {
      classification(
        VisionTransformer(
          imageSize: [28, 28], channels: 1, patch: 7, classes: 10, width: 64, depth: 4, heads: 4),
        [64, 1, 28, 28])
    }
  }

  /// Of a layer: three products for each of its maps, seven for the scores.
  private static func flops(batch: Double, time: Double, width: Double, hidden: Double) -> Double {
    let maps = 4 * width * width + 2 * width * hidden
    return 2 * batch * time * (3 * maps + 7 * time * width)
  }

  private static func classification<Model: Layer<Tensor, Tensor>>(
    _ model: Model, _ shape: Shape
  ) -> Row.Operation {
    let batches = (0..<8).map { _ in
      (inputs: normal(shape), labels: labels(shape[0], classes: 10))
    }
    return step(model, Adam(learningRate: 1e-3), batches) { model, batch in
      softmaxCrossEntropy(logits: model(batch.inputs), labels: batch.labels)
    }
  }
}
