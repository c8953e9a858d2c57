import Core
import Normalization

// Normalisation layers with scale and shift in training mode, forward and backward for a random
// upstream gradient, with respect to input, scale and shift.

extension Catalogue {
  static var normalization: [Row] {
    [
      row("batchnorm2d-fwdbwd/32x64x28x28", [32, 64, 28, 28]) { BatchNormalization(64) },
      row("layernorm-fwdbwd/512x768", [512, 768]) { LayerNormalization(768) },
      row("rmsnorm-fwdbwd/512x768", [512, 768]) { RMSNormalization(768) },
    ]
  }

  /// Forward reads x and writes y; backward reads x and the upstream gradient and writes one.
  private static func row<L: Layer<Tensor, Tensor>>(
    _ name: String, _ shape: Shape, layer: @escaping () -> L
  ) -> Row {
    Row(name, bytes: 20 * Double(shape.elementCount)) {
      let model = WithInput(layer: layer(), input: Parameter(normal(shape)))
      let upstream = normal(shape)
      return {
        _ = valueWithGradient(of: model) { model.output(backwardFrom: upstream) }
      }
    }
  }
}
