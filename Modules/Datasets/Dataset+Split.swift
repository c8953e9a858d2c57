import Core

extension Dataset {
  /// Cuts off the first part for training and leaves the rest for tests, without shuffling.
  ///
  /// - Parameter fraction: The share of the training part, from 0 to 1; it gets
  ///   ⌊fraction · count⌋ examples.
  public func split(training fraction: Double) -> (training: Dataset, test: Dataset) {
    let boundary = trainingCount(of: count, fraction)
    return (self[0..<boundary], self[boundary..<count])
  }

  /// Draws a training part and leaves the rest for tests.
  ///
  /// The parts share no example and together hold all. The state of `generator` fixes them.
  ///
  /// - Parameters:
  ///   - fraction: The share of the training part, from 0 to 1.
  ///   - isStratified: Whether each class is split in that proportion by itself, so that both parts
  ///     have the classes in the same shares; asks for class numbers as labels. A class gives
  ///     ⌊fraction · its count⌋ examples.
  public func split(
    training fraction: Double, stratified isStratified: Bool = false,
    using generator: inout RandomGenerator
  ) -> (training: Dataset, test: Dataset) {
    let order = (0..<count).shuffled(using: &generator)
    guard isStratified else {
      let boundary = trainingCount(of: count, fraction)
      return (selecting(Array(order[..<boundary])), selecting(Array(order[boundary...])))
    }
    require(
      labels.rank == 1 && labels.dtype == .int64,
      "split: a stratified split needs class numbers, [example] in int64; "
        + "the labels are \(labels.dtype) \(labels.shape)")
    let classes = labels.scalars(as: Int.self)
    var quota: [Int: Int] = [:]
    for label in classes { quota[label, default: 0] += 1 }
    quota = quota.mapValues { trainingCount(of: $0, fraction) }
    // Filling the quotas along the random order keeps both parts shuffled.
    var training: [Int] = []
    var test: [Int] = []
    for position in order {
      if let left = quota[classes[position]], left > 0 {
        quota[classes[position]] = left - 1
        training.append(position)
      } else {
        test.append(position)
      }
    }
    return (selecting(training), selecting(test))
  }
}

/// ⌊fraction · count⌋, where a product that only rounding keeps below an integer counts as it.
func trainingCount(of count: Int, _ fraction: Double) -> Int {
  require((0...1).contains(fraction), "split: the training share \(fraction) is not from 0 to 1")
  return min(count, Int(fraction * Double(count) + 1e-9))
}
