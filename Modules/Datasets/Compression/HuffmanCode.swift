/// A canonical Huffman code for writing.
struct HuffmanCode {
  /// The length of each symbol's code; 0 where it has none.
  let lengths: [UInt8]
  /// The codes, first bit lowest.
  let codes: [Int]

  init(lengths: [UInt8]) {
    self.lengths = lengths
    var counts = [Int](repeating: 0, count: 17)
    for length in lengths where length > 0 { counts[Int(length) + 1] += 1 }
    var next = [Int](repeating: 0, count: 17)
    for length in 1...16 { next[length] = (next[length - 1] + counts[length]) << 1 }
    codes = lengths.map { length in
      guard length > 0 else { return 0 }
      defer { next[Int(length)] += 1 }
      return reversed(next[Int(length)], Int(length))
    }
  }

  /// The best code for symbols of the given frequencies whose codes have at most `limit` bits.
  ///
  /// Package-merge: on each level, items are the symbols and the pairs of items of the level below,
  /// in the order of their weights. The code of a symbol has as many bits as there are levels on
  /// which it is among the items taken, from the top level's 2·n − 2 first items downwards.
  ///
  /// Fewer than two used symbols are filled up with unused ones, since some decoders refuse an
  /// incomplete code.
  init(frequencies: [Int], limit: Int) {
    var frequencies = frequencies
    while frequencies.count(where: { $0 > 0 }) < 2, let unused = frequencies.firstIndex(of: 0) {
      frequencies[unused] = 1
    }
    let symbols = frequencies.indices.filter { frequencies[$0] > 0 }
      .sorted { (frequencies[$0], $0) < (frequencies[$1], $1) }
    let leaves = symbols.map { frequencies[$0] }

    // Whether each item of each level, in order, is a symbol.
    var levels: [[Bool]] = []
    var weights: [Int] = []
    for _ in 0..<limit {
      let pairs = stride(from: 1, to: weights.count, by: 2).map { weights[$0 - 1] + weights[$0] }
      var merged: [Int] = []
      var isLeaf: [Bool] = []
      var (leaf, pair) = (0, 0)
      while leaf < leaves.count || pair < pairs.count {
        let takesLeaf = pair == pairs.count || leaf < leaves.count && leaves[leaf] <= pairs[pair]
        merged.append(takesLeaf ? leaves[leaf] : pairs[pair])
        isLeaf.append(takesLeaf)
        if takesLeaf { leaf += 1 } else { pair += 1 }
      }
      weights = merged
      levels.append(isLeaf)
    }
    var lengths = [UInt8](repeating: 0, count: frequencies.count)
    var taken = 2 * leaves.count - 2
    for level in levels.reversed() {
      let leafCount = level[..<taken].count(where: { $0 })
      for symbol in symbols[..<leafCount] { lengths[symbol] += 1 }
      taken = 2 * (taken - leafCount)
    }
    self.init(lengths: lengths)
  }

  /// The bits that symbols of the given frequencies take.
  func cost(of frequencies: [Int]) -> Int {
    zip(frequencies, lengths).reduce(0) { $0 + $1.0 * Int($1.1) }
  }
}
