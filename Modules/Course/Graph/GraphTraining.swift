import Attention
import Core
import Datasets
import Optim

/// A training on a graph where only some nodes have a label.
struct GraphTraining {
  let club: KarateClub
  let graph: DirectedGraph
  /// The nodes whose labels are shown.
  let labelled: [Int]
  /// Loss, and accuracy over the nodes whose labels are not shown, before each step and at the end.
  private(set) var history: [(loss: Double, accuracy: Double)] = []
  /// The probability of the second class, for each node.
  private(set) var probabilities: [Double] = []

  init(_ club: KarateClub, labelled: [Int]) {
    self.club = club
    self.labelled = labelled
    graph = DirectedGraph(
      nodeCount: KarateClub.memberCount,
      edges: club.friendships.map { (from: $0.first, to: $0.second) }
    ).symmetrized()
  }

  /// Trains with Adam on all nodes at once. A node's only feature is who it is.
  mutating func run(
    _ model: some Layer<Tensor, Tensor>, epochs: Int, rate: Double, decay: Double,
    console: Console
  ) throws(DivergenceError) {
    let features = Tensor.identity(graph.nodeCount)
    let places = Tensor(scalars: labelled, shape: [labelled.count])
    let labels = Tensor(scalars: labelled.map { truth[$0] }, shape: [labelled.count])
    var training = Optimizing(model, with: AdamW(learningRate: rate, weightDecay: decay))
    var progress = ProgressBar(total: epochs, unit: "steps", console: console)
    for epoch in 0..<epochs {
      let (loss, gradients, logits) = valueWithGradient(of: model) {
        let logits = model(features)
        return (softmaxCrossEntropy(logits: logits.gathered(at: places), labels: labels), logits)
      }
      training.update(along: gradients)
      record(loss.item(), logits)
      progress.advance(by: 1, label: "step \(epoch + 1)/\(epochs)")
      if (epoch + 1).isMultiple(of: max(epochs / 5, 1)) {
        progress.print(
          "step \(epoch + 1)   loss \(fixed(loss.item(), 4))   "
            + "accuracy \(fixed(history[epoch].accuracy, 4))")
      }
      guard loss.item().isFinite else { throw DivergenceError(epoch: epoch + 1) }
    }
    progress.clear()
    let logits = model(features)
    let loss = softmaxCrossEntropy(logits: logits.gathered(at: places), labels: labels)
    record(loss.item(), logits)
    probabilities = softmax(logits)[.all, 1].scalars(as: Double.self)
  }

  /// The side of each member, as a number.
  var truth: [Int] { club.sides.map { KarateClub.Side.allCases.firstIndex(of: $0)! } }

  /// Which nodes were put on the wrong side.
  var mistakes: [Int] {
    truth.indices.filter { truth[$0] != (probabilities[$0] > 0.5 ? 1 : 0) }
  }

  private mutating func record(_ loss: Double, _ logits: Tensor) {
    let answers = logits.argmax(along: 1).scalars(as: Int.self)
    let hidden = truth.indices.filter { !labelled.contains($0) }
    let right = hidden.count { answers[$0] == truth[$0] }
    history.append((loss, Double(right) / Double(max(hidden.count, 1))))
  }
}
