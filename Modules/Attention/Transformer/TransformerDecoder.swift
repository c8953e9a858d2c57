import Core
import Normalization

/// Layers of a transformer's decoder, one after the other, and a normalisation if asked for.
///
/// ```swift
/// let decoder = TransformerDecoder(.init(width: 128, heads: 4), depth: 2)
/// let y = decoder(DecoderInput(target, memory: encoder(source)))
/// ```
public struct TransformerDecoder: Layer, Sendable {
  /// The layers, in their order.
  public let layers: [TransformerDecoderLayer]
  /// Of what the last layer gives.
  public let finalNorm: LayerNormalization?

  /// - Parameters:
  ///   - depth: How many layers there are.
  ///   - hasFinalNorm: Whether the result is normalised; by default where the layers leave it
  ///     unnormalised, which is where they normalise before.
  public init(_ configuration: TransformerConfiguration, depth: Int, hasFinalNorm: Bool? = nil) {
    require(depth >= 0, "TransformerDecoder: a depth of \(depth)")
    layers = (0..<depth).map { _ in TransformerDecoderLayer(configuration) }
    finalNorm = hasFinalNorm ?? configuration.isPreNorm ? configuration.norm() : nil
  }

  /// The target's places see none later than themselves, and all of the memory.
  public func callAsFunction(_ input: DecoderInput) -> Tensor {
    self(input, DecoderMasks(isCausal: true))
  }

  /// - Returns: [batch…, time, width].
  public func callAsFunction(_ input: DecoderInput, _ masks: DecoderMasks) -> Tensor {
    reported(self, input) { input in
      normalized(
        layers.reduce(input.target) { $1(DecoderInput($0, memory: input.memory), masks) })
    }
  }

  /// The places that follow those in the caches, each seeing none later than itself.
  ///
  /// - Parameters:
  ///   - input: The new places of the target, and the memory, which is read at the first call only.
  ///   - caches: One for each layer, as ``emptyCaches()`` makes them.
  ///   - memoryPadding: Bool, [batch…, memory time], true where the memory is no padding.
  public func callAsFunction(
    _ input: DecoderInput, caches: inout [DecoderCache], memoryPadding: Tensor? = nil
  ) -> Tensor {
    require(
      caches.count == layers.count,
      "TransformerDecoder: \(caches.count) caches for \(layers.count) layers")
    var x = input.target
    for (index, layer) in layers.enumerated() {
      x = layer(
        DecoderInput(x, memory: input.memory), cache: &caches[index],
        memoryPadding: memoryPadding)
    }
    return normalized(x)
  }

  /// A cache for each layer.
  public func emptyCaches() -> [DecoderCache] { layers.map { _ in DecoderCache() } }

  private func normalized(_ x: Tensor) -> Tensor { finalNorm.map { $0(x) } ?? x }
}
