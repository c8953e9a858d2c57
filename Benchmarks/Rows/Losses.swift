import Core

// Softmax along the last axis, cross-entropy from logits and class indices, and connectionist
// temporal classification from logits, forward and backward for a random upstream gradient.

extension Catalogue {
  static var losses: [Row] { [softmaxRow, crossEntropyRow, smoothedRow, ctcRow] }

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

  /// The same with a tenth of each target spread over all classes.
  private static var smoothedRow: Row {
    Row("crossentropy-smoothed-fwdbwd/512x1000", bytes: 12 * 512_000) {
      let (x, upstream) = (normal([512, 1000]), normal([]))
      let labels = labels(512, classes: 1000)
      return {
        _ = vjp(at: x) { softmaxCrossEntropy(logits: $0, labels: labels, smoothing: 0.1) }
          .pullback(upstream)
      }
    }
  }

  /// T steps, B sequences, C classes with the blank, L labels each.
  private static var ctcRow: Row {
    Row("ctc-fwdbwd/T150-B16-C64-L30") {
      let (x, upstream) = (normal([150, 16, 64]), normal([]))
      let labels = (1 + labels(16 * 30, classes: 63)).reshaped([16, 30])
      return {
        _ = vjp(at: x) { ctc(logProbabilities: logSoftmax($0), labels: labels) }
          .pullback(upstream)
      }
    }
  }
}
