/// A folder of checkpoints of one training: the last few, and the best.
///
/// ```swift
/// let checkpoints = try Checkpoints(directory: "run", keepingLast: 3, keepingBest: 1)
/// var run = Run()                                       // a TrainingState
/// if let last = try checkpoints.latest(fallingBack: true) { try last.restore(&run) }
/// while run.position.epoch < epochs {
///   …
///   try checkpoints.save(run, metric: validationLoss)
/// }
/// ```
///
/// A file appears under its name only when it is complete and on the disk, so that a training may be
/// killed at any moment. What was restored goes on as if nothing had happened, to the bit and with
/// any number of threads, as far as the state names all that changes: the model, the training, the
/// generators and the position in the data. The stream of the innermost ``withRandom(seed:_:)`` is
/// always among it.
///
/// The files are numbered in the order of saving. One training at a time may save to a folder.
public struct Checkpoints: Sendable {
  /// How many of the last are kept.
  public let keepingLast: Int
  /// How many of the best are kept besides.
  public let keepingBest: Int
  /// What makes one the best.
  public let goal: MetricGoal
  private let folder: Folder

  private static let prefix = "checkpoint-"
  private static let suffix = ".safetensors"

  /// - Parameters:
  ///   - directory: The folder; it is made unless it is there.
  ///   - keepingLast: How many of the last are kept, at least 1; 3 unless told otherwise.
  ///   - keepingBest: How many of the best are kept besides; 1 unless told otherwise. Only those
  ///     that were saved with a metric, other than NaN, count.
  ///   - goal: Whether less of the metric is better, or more; less unless told otherwise.
  public init(
    directory: String, keepingLast: Int = 3, keepingBest: Int = 1, goal: MetricGoal = .less
  ) throws(StateFileError) {
    require(
      keepingLast > 0 && keepingBest >= 0,
      "Checkpoints: keeping the last \(keepingLast) and the best \(keepingBest)")
    self.keepingLast = keepingLast
    self.keepingBest = keepingBest
    self.goal = goal
    folder = try Folder(making: directory)
  }

  /// The folder.
  public var directory: String { folder.path }

  /// Writes the state, whole or not at all, and removes what need not be kept any longer.
  ///
  /// - Parameters:
  ///   - metric: How good it is, such as a validation loss.
  ///   - notes: Words about the training by key, such as its settings, for
  ///     ``Checkpoint/notes``.
  /// - Returns: The path of the file.
  @discardableResult
  public func save(
    _ state: some TrainingState, metric: Double? = nil, notes: [String: String] = [:]
  ) throws(StateFileError) -> String {
    let path = path(of: (try numbers().last ?? 0) + 1)
    try Checkpoint.file(of: state, metric: metric, notes: notes).write(to: path)
    try removeOld()
    return path
  }

  /// The checkpoint that was saved last; `nil` when there is none.
  ///
  /// - Parameter isFallingBack: Whether one that is damaged, or of a newer version, is passed over
  ///   in favour of the one before; if none is good, the error is that of the last.
  public func latest(
    fallingBack isFallingBack: Bool = false
  ) throws(StateFileError) -> Checkpoint? {
    try first(of: try numbers().reversed(), isFallingBack)
  }

  /// The checkpoint with the best metric, of several the latest; `nil` when none has one.
  ///
  /// - Parameter isFallingBack: Whether those that are damaged, or of a newer version, are passed
  ///   over.
  public func best(fallingBack isFallingBack: Bool = false) throws(StateFileError) -> Checkpoint? {
    try first(of: try ranked(skippingUnreadable: isFallingBack), isFallingBack)
  }

  private func first(
    of numbers: [Int], _ isFallingBack: Bool
  ) throws(StateFileError) -> Checkpoint? {
    var failure: StateFileError?
    for number in numbers {
      do throws(StateFileError) {
        return try Checkpoint(contentsOf: path(of: number))
      } catch {
        guard isFallingBack else { throw error }
        failure = failure ?? error
      }
    }
    if let failure { throw failure }
    return nil
  }

  // MARK: Files

  private func path(of number: Int) -> String { folder.path(of: name(of: number)) }

  private func name(of number: Int) -> String {
    let digits = String(number)
    return Self.prefix + String(repeating: "0", count: max(6 - digits.count, 0)) + digits
      + Self.suffix
  }

  /// The numbers of the files, in order.
  private func numbers() throws(StateFileError) -> [Int] {
    try folder.names().compactMap { name in
      guard name.hasPrefix(Self.prefix), name.hasSuffix(Self.suffix) else { return nil }
      let number = Int(name.dropFirst(Self.prefix.count).dropLast(Self.suffix.count))
      return number.flatMap { self.name(of: $0) == name ? $0 : nil }
    }.sorted()
  }

  /// The numbers of those that have a metric, the best first.
  private func ranked(skippingUnreadable: Bool) throws(StateFileError) -> [Int] {
    rank(try headers(skippingUnreadable: skippingUnreadable))
  }

  private func rank(_ headers: [(number: Int, metric: Double?)]) -> [Int] {
    headers.compactMap { number, metric in
      metric.flatMap { $0.isNaN ? nil : (number: number, metric: $0) }
    }.sorted { a, b in
      a.metric == b.metric ? a.number > b.number : goal.prefers(a.metric, to: b.metric)
    }.map(\.number)
  }

  /// What the headers of the files say, in order.
  private func headers(
    skippingUnreadable: Bool
  ) throws(StateFileError) -> [(number: Int, metric: Double?)] {
    var headers: [(number: Int, metric: Double?)] = []
    for number in try numbers() {
      do throws(StateFileError) {
        headers.append((number, try CheckpointHeader(of: path(of: number)).metric))
      } catch {
        if !skippingUnreadable { throw error }
      }
    }
    return headers
  }

  /// Removes what is neither among the last nor among the best, and what a killed training left
  /// unfinished. Files that cannot be read take nobody's place, and go when all the last are newer.
  private func removeOld() throws(StateFileError) {
    let headers = try headers(skippingUnreadable: true)
    let last = headers.suffix(keepingLast).map(\.number)
    let kept = Set(last + rank(headers).prefix(keepingBest))
    let readable = Set(headers.map(\.number))
    for number in try numbers() where !kept.contains(number) {
      if readable.contains(number) || number < last.first ?? .max {
        try folder.remove(name(of: number))
      }
    }
    for name in try folder.names()
    where name.hasPrefix(Self.prefix) && name.hasSuffix(".partial") {
      try folder.remove(name)
    }
  }
}
