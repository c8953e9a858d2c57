/// Which two terms of a contraction to multiply next.
///
/// Only the sets of labels matter here, so terms are bit sets.
enum EinsumOrder {
  /// Up to so many operands every order is tried: 180 of them at five.
  private static let exhaustiveLimit = 5

  static func next(
    _ terms: [EinsumTerm], output: [EinsumLabel], extents: [Int]
  ) -> (Int, Int) {
    if terms.count == 2 { return (0, 1) }
    let sizes = extents.map(Double.init)
    let sets = terms.map(\.labels.labelSet)
    if terms.count <= exhaustiveLimit {
      return cheapest(sets, output.labelSet, sizes, within: .infinity).first
    }
    return greedy(sets, output.labelSet, sizes)
  }

  /// The number of elements that the labels span.
  private static func size(_ set: UInt64, _ sizes: [Double]) -> Double {
    var product = 1.0
    var rest = set
    while rest != 0 {
      product *= sizes[rest.trailingZeroBitCount]
      rest &= rest - 1
    }
    return product
  }

  /// What remains of two terms once they are multiplied.
  private static func product(
    _ sets: [UInt64], _ first: Int, _ second: Int, _ output: UInt64
  ) -> UInt64 {
    var kept = output
    for index in sets.indices where index != first && index != second { kept |= sets[index] }
    return (sets[first] | sets[second]) & kept
  }

  /// The first pair of the order with the fewest multiplications, and their number.
  private static func cheapest(
    _ sets: [UInt64], _ output: UInt64, _ sizes: [Double], within bound: Double
  ) -> (first: (Int, Int), cost: Double) {
    var best = (first: (0, 1), cost: bound)
    for first in sets.indices {
      for second in (first + 1)..<max(sets.count, first + 1) {
        var cost = size(sets[first] | sets[second], sizes)
        if cost >= best.cost { continue }
        if sets.count > 2 {
          var rest = sets
          rest.remove(at: second)
          rest[first] = product(sets, first, second, output)
          cost += cheapest(rest, output, sizes, within: best.cost - cost).cost
        }
        if cost < best.cost { best = ((first, second), cost) }
      }
    }
    return best
  }

  /// The pair whose product grows memory least; of equals, the one with fewer multiplications.
  private static func greedy(
    _ sets: [UInt64], _ output: UInt64, _ sizes: [Double]
  ) -> (Int, Int) {
    var best = (0, 1)
    var bestScore = (Double.infinity, Double.infinity)
    for first in sets.indices {
      for second in (first + 1)..<max(sets.count, first + 1) {
        let growth =
          size(product(sets, first, second, output), sizes)
          - size(sets[first], sizes) - size(sets[second], sizes)
        let score = (growth, size(sets[first] | sets[second], sizes))
        if score < bestScore { (best, bestScore) = ((first, second), score) }
      }
    }
    return best
  }
}
