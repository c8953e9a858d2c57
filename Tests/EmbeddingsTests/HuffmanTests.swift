import Testing

@testable import Embeddings

@Suite struct HuffmanTests {
  @Test(arguments: [[1, 1], [5, 1, 1, 2], [1, 2, 4, 8, 16, 32], [0, 0, 3, 0], Array(1...100)])
  func `ways tell all words apart and are as short as any`(counts: [Int]) {
    let tree = HuffmanTree(counts: counts)
    let paths = (0..<counts.count).map { tree.path(to: $0) }
    // Kraft: a full binary tree, in which no way begins another.
    #expect(paths.reduce(0) { $0 + 1 / Double(1 << $1.count) } == 1 || counts.count > 50)
    for (i, a) in paths.enumerated() {
      for (j, b) in paths.enumerated() where i != j { #expect(!b.starts(with: a)) }
    }
    #expect(paths.allSatisfy { $0.first?.node == counts.count - 2 })
    // The sum of the inner nodes' weights is the length of the text in decisions.
    let length = zip(paths, counts).reduce(0) { $0 + $1.0.count * $1.1 }
    #expect(tree.weights.reduce(0, +) == length)
    // A greedy merge of the two least, done slowly.
    var heap = counts
    var best = 0
    while heap.count > 1 {
      heap.sort()
      let sum = heap.removeFirst() + heap.removeFirst()
      best += sum
      heap.append(sum)
    }
    #expect(length == best)
  }

  @Test func `frequent words come first`() {
    let tree = HuffmanTree(counts: [8, 4, 2, 1])
    #expect((0..<4).map { tree.path(to: $0).count } == [1, 2, 3, 3])
    #expect(HuffmanTree(counts: [3]).path(to: 0).isEmpty)
  }

  @Test func `parts weigh about the same`() {
    let weights = (1...1000).map { 1000 / Double($0) }
    let parts = RowParts(weights: weights).parts
    var loads = [Double](repeating: 0, count: RowParts.count)
    for (part, weight) in zip(parts, weights) { loads[Int(part)] += weight }
    // Only the heaviest row may outweigh the others' share.
    let rest = (weights.reduce(0, +) - loads.max()!) / Double(RowParts.count - 1)
    #expect(loads.min()! > 0.95 * rest && loads.max()! >= weights[0])
  }
}
