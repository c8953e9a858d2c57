import Core

// Softmax along the last axis and cross-entropy from logits and class indices, forward and
// backward for a random upstream gradient.

extension Catalogue {
  static var losses: [Row] { [softmaxRow, crossEntropyRow] }

  /// Forward reads x and writes y; backward reads y and the upstream gradient and writes one.
  private static var softmaxRow: Row {
    Row("softmax-fwdbwd/512x1000", bytes: 20 * 512_000) {
      let (x, upstream) = (normal([512, 1000]), normal([512, 1000]))
      return { _ = vjp(at: x) { softmax($0) }.pullback(upstream) }
    }
  }

  /// Both directions read the logits; backward writes their gradient.
  private static var crossEntropyRow: Row {
    Row("crossentropy-fwdbwd/512x1000", bytes: 12 * 512_000) {
      let (x, upstream) = (normal([512, 1000]), normal([]))
      let labels = labels(512, classes: 1000)
      return {
        _ = vjp(at: x) { softmaxCrossEntropy(logits: $0, labels: labels) }.pullback(upstream)
      }
    }
  }
}
