/// The word that somebody most likely meant, or `nil` when none is near.
func closest(to word: String, among candidates: [String]) -> String? {
  let distances = candidates.map { (candidate: $0, distance: editDistance(word, $0)) }
  guard let best = distances.min(by: { $0.distance < $1.distance }) else { return nil }
  // The beginning of one word only, such as `--learn`, is a good hint as well.
  let stem = word.drop { $0 == "-" }
  let completions = candidates.filter { $0.drop { $0 == "-" }.hasPrefix(stem) }
  if best.distance > 1, stem.count > 1, completions.count == 1 { return completions[0] }
  return best.distance <= max(1, stem.count / 3) ? best.candidate : nil
}

/// The least number of insertions, deletions, replacements and swaps of neighbours that turn one
/// word into the other (optimal string alignment).
func editDistance(_ first: String, _ second: String) -> Int {
  let a = Array(first)
  let b = Array(second)
  var beforeLast = [Int](repeating: 0, count: b.count + 1)
  var last = Array(0...b.count)
  for i in a.indices {
    var row = [i + 1]
    for j in b.indices {
      var best = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
      let isSwap = i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j]
      if isSwap { best = min(best, beforeLast[j - 1] + 1) }
      row.append(best)
    }
    beforeLast = last
    last = row
  }
  return last[b.count]
}
