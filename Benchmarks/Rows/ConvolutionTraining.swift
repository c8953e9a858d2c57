import Conv
import Core
import Optim

// Training steps of convolutional networks on images of 28×28, as in Training.swift.

extension Catalogue {
  static var convolutionTraining: [Row] { [network, autoencoder] }

  private static var network: Row {
    Row("train/cnn-28x28-b64-adam", items: 64) {
      let model = Sequential {
        Conv2D(1, 32, kernel: 3, padding: 1, activation: .relu)
        MaxPool2D(kernel: 2)
        Conv2D(32, 64, kernel: 3, padding: 1, activation: .relu)
        MaxPool2D(kernel: 2)
        Lambda { $0.flattened(from: 1) }
        Dense(3136, 128, activation: .relu)
        Dense(128, 10)
      }
      let batches = (0..<8).map { _ in
        (images: normal([64, 1, 28, 28]), labels: labels(64, classes: 10))
      }
      return step(model, Adam(learningRate: 1e-3), batches) { model, batch in
        softmaxCrossEntropy(logits: model(batch.images), labels: batch.labels)
      }
    }
  }

  private static var autoencoder: Row {
    Row("train/conv-autoencoder-28x28-b64-adam", items: 64) {
      let model = Sequential {
        Conv2D(1, 16, kernel: 3, stride: 2, padding: 1, activation: .relu)
        Conv2D(16, 32, kernel: 3, stride: 2, padding: 1, activation: .relu)
        TransposedConv2D(32, 16, kernel: 2, stride: 2, activation: .relu)
        TransposedConv2D(16, 1, kernel: 2, stride: 2, activation: .sigmoid)
      }
      let batches = (0..<8).map { _ in normal([64, 1, 28, 28]) }
      return step(model, Adam(learningRate: 1e-3), batches) { model, images in
        meanSquaredError(model(images), images)
      }
    }
  }
}
