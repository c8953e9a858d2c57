import Core
import Normalization

/// Layers of a transformer's encoder, one after the other, and a normalisation if asked for.
///
/// ```swift
/// let encoder = TransformerEncoder(
///   .init(width: 128, heads: 4, isPreNorm: true), depth: 2, hasFinalNorm: true)
/// ```
public struct TransformerEncoder: Layer, Sendable {
  /// The layers, in their order.
  public let layers: [TransformerEncoderLayer]
  /// Of what the last layer gives.
  public let finalNorm: LayerNormalization?

  /// - Parameters:
  ///   - depth: How many layers there are.
  ///   - hasFinalNorm: Whether the result is normalised; by default where the layers leave it
  ///     unnormalised, which is where they normalise before.
  public init(_ configuration: TransformerConfiguration, depth: Int, hasFinalNorm: Bool? = nil) {
    require(depth >= 0, "TransformerEncoder: a depth of \(depth)")
    layers = (0..<depth).map { _ in TransformerEncoderLayer(configuration) }
    finalNorm = hasFinalNorm ?? configuration.isPreNorm ? configuration.norm() : nil
  }

  /// Every place sees every place.
  public func callAsFunction(_ x: Tensor) -> Tensor { self(x, isCausal: false) }

  /// - Parameters:
  ///   - x: [batch…, time, width].
  ///   - mask: Broadcasts to [batch…, head, query, key]; bool (true: may be seen) or added.
  ///   - padding: Bool, [batch…, key], true where a key is no padding.
  ///   - isCausal: Whether a place sees none later than itself.
  /// - Returns: The shape of `x`.
  public func callAsFunction(
    _ x: Tensor, mask: Tensor? = nil, padding: Tensor? = nil, isCausal: Bool = false
  ) -> Tensor {
    reported(self, x) { x in
      normalized(
        layers.reduce(x) { $1($0, mask: mask, padding: padding, isCausal: isCausal) })
    }
  }

  /// The places that follow those in the caches, each seeing none later than itself.
  ///
  /// - Parameter caches: One for each layer, as ``emptyCaches()`` makes them.
  public func callAsFunction(
    _ x: Tensor, caches: inout [KeyValueCache], padding: Tensor? = nil
  ) -> Tensor {
    require(
      caches.count == layers.count,
      "TransformerEncoder: \(caches.count) caches for \(layers.count) layers")
    var x = x
    for (index, layer) in layers.enumerated() {
      x = layer(x, cache: &caches[index], padding: padding)
    }
    return normalized(x)
  }

  /// A cache for each layer.
  public func emptyCaches() -> [KeyValueCache] { layers.map { _ in KeyValueCache() } }

  /// The result, and for each layer how much each place looked at each:
  /// [batch…, head, query, key].
  public func withWeights(
    _ x: Tensor, mask: Tensor? = nil, padding: Tensor? = nil, isCausal: Bool = false
  ) -> (output: Tensor, weights: [Tensor]) {
    var x = x
    var all: [Tensor] = []
    for layer in layers {
      let (output, weights) = layer.withWeights(
        x, mask: mask, padding: padding, isCausal: isCausal)
      all.append(weights)
      x = output
    }
    return (normalized(x), all)
  }

  private func normalized(_ x: Tensor) -> Tensor { finalNorm.map { $0(x) } ?? x }
}
