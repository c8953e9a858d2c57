/// Rows shared out to parts of about equal weight, each of which one thread at a time writes to.
struct RowParts: Sendable {
  /// A fixed number: results depend on it, and must not on the machine's threads. With more parts a
  /// position's targets come in smaller groups: with eight, a step takes a third longer.
  static let count = 4

  /// The part of each row.
  let parts: [UInt8]

  /// Heaviest first, each to the part that is lightest so far.
  init(weights: [Double]) {
    var parts = [UInt8](repeating: 0, count: weights.count)
    var loads = [Double](repeating: 0, count: Self.count)
    for row in weights.indices.sorted(by: { (weights[$1], $0) < (weights[$0], $1) }) {
      let lightest = loads.indices.min { loads[$0] < loads[$1] }!
      parts[row] = UInt8(lightest)
      // Rows of no weight are spread out as well.
      loads[lightest] += max(weights[row], 1e-9)
    }
    self.parts = parts
  }
}
