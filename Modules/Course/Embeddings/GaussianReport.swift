import Core
import Embeddings

/// What a model of words as Gaussians has to tell.
struct GaussianReport {
  let words: [String]
  let model: GaussianEmbedding

  /// Neighbours, entailed words, and the least and most general words.
  func text(about asked: [String], by similarity: GaussianSimilarity) -> String {
    var text = "\nnearest, by S\n"
    for word in asked {
      text += line(word) { list(model.nearest(to: $0, count: 8, by: similarity)) }
    }
    text += "\nentailed: more general words, by −KL(word ‖ general)\n"
    for word in asked { text += line(word) { list(model.entailed(by: $0, count: 6)) } }
    let count = model.count / 2
    text += "\nmost specific, by log |Σ|\n  \(list(model.mostSpecific(min(12, count))))\n"
    text += "most general\n  \(list(model.mostGeneral(min(12, count))))\n\n"
    return text
  }

  private func line(_ word: String, _ about: (Int) -> String) -> String {
    let place = words.firstIndex(of: word)
    return "  \(word.filled(to: 12)) \(place.map(about) ?? "(not in the vocabulary)")\n"
  }

  private func list(_ found: [ScoredWord]) -> String {
    if found.isEmpty { return "(none)" }
    return found.map { "\(words[$0.word]) \(fixed($0.score, 1))" }.joined(separator: "  ")
  }

  /// The words asked for and frequent ones as ellipses, in the plane of the means' two greatest
  /// variances.
  func picture(of asked: [String], subtitle: String) -> String {
    let chosen = asked.compactMap { words.firstIndex(of: $0) }
    // After the first forty words, which are mostly such as "the".
    let first = words.count > 80 ? 40 : 0
    let others = (first..<words.count).filter { !chosen.contains($0) }
    let shown = chosen + others.prefix(max(0, 60 - chosen.count))
    let gaussians = model(Tensor(shown))
    let means = gaussians.mean.cast(to: .float64)
    let (points, _) = WordMap.principalPlane(of: means)
    let ellipses = covariances(gaussians.matrices.cast(to: .float64), means)
    return WordEllipses(
      title: "Words as Gaussians", subtitle: subtitle, words: shown.map { words[$0] },
      emphasized: chosen.count, means: points, covariances: ellipses
    ).svg()
  }

  /// Pᵀ Σ P for the plane P of the picture: [word, 2, 2].
  private func covariances(_ matrices: Tensor, _ means: Tensor) -> Tensor {
    let n = means.shape[1]
    if n == 1 {
      let flat = Tensor([[1.0, 0], [0, 0]] as [[Double]])
      return matrices * flat
    }
    let centred = means - means.mean(along: 0, keepingAxes: true)
    let (_, axes) = symmetricEigen(matmul(centred.transposed(), centred))
    let plane = axes[.all, (n - 2)...]
    return matmul(matmul(plane.transposed(), matrices), plane)
  }
}
