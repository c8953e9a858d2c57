import Activations
import Core
import Extensions
import Optim

/// Trains a small network with the user's own layer on the circle in the plane, first with the
/// user's own optimizer, then with the package's Adam.
@main
struct Demo {
  static func main() {
    var generator = RandomGenerator(seed: 1)
    let points = Tensor.randomUniform([256, 2], in: -1..<1, using: &generator)
    let inside = ((points * points).sum(along: 1) .< 0.5).cast(to: .int64)

    let model = withRandom(seed: 2) {
      Sequential {
        Dense(2, 16)
        Swish()
        Dense(16, 16)
        GELU()
        Dense(16, 2)
      }
    }
    let loss = { softmaxCrossEntropy(logits: model(points), labels: inside) }
    let start = loss().item()

    var own = Optimizing(model, with: SignDescent(learningRate: 2e-3))
    for _ in 0..<100 { own.update(along: valueWithGradient(of: model, loss).gradients) }
    var adam = Optimizing(model, with: Adam(learningRate: 1e-2))
    for _ in 0..<200 { adam.update(along: valueWithGradient(of: model, loss).gradients) }

    let accuracy = (model(points).argmax(along: 1) .== inside).cast(to: .float32).mean().item()
    let beta = model.parameters.first { $0.shape == [] }!.value.item()
    print("loss \(start) -> \(loss().item()), accuracy \(accuracy), beta 1 -> \(beta)")
    require(accuracy > 0.95 && beta != 1, "Demo: the network did not learn")
  }
}
