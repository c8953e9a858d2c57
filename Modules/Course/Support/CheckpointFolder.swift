import Core

/// Where a training leaves its checkpoints, and whether it goes on from the last.
struct CheckpointFolder {
  private let checkpoints: Checkpoints
  private let isResuming: Bool
  /// How many batches lie between two checkpoints, beside the one after each pass.
  private let period: Int?
  /// What must be the same for the training to go on, by option.
  private let settings: [String: String]

  /// - Throws: `OptionError` for a folder that holds another training's checkpoints, unless this one
  ///   goes on with it.
  init(
    _ directory: String, isResuming: Bool, every period: Int?, settings: [String: String]
  ) throws {
    checkpoints = try Checkpoints(directory: directory)
    self.isResuming = isResuming
    self.period = period
    self.settings = settings
    if !isResuming, try checkpoints.latest(fallingBack: true) != nil {
      throw OptionError(
        "--checkpoints: \(directory) holds a training already; go on with it by --resume, or name "
          + "another folder")
    }
  }

  /// Puts a training where its last good checkpoint was, if it is to go on and there is one.
  ///
  /// - Returns: The file.
  func resume(_ state: inout some TrainingState) throws -> String? {
    guard isResuming, let last = try checkpoints.latest(fallingBack: true) else { return nil }
    for (option, value) in settings.sorted(by: { $0.key < $1.key }) {
      let before = last.notes[option] ?? "unknown"
      guard before == value else {
        throw OptionError(
          "--resume: \(last.path) is of a training with \(option) \(before), not \(value)")
      }
    }
    try last.restore(&state)
    return last.path
  }

  /// Saves in the middle of a pass, after every so many batches.
  func save(_ state: some TrainingState, afterBatch batch: Int) throws(StateFileError) {
    guard let period, batch > 0, batch % period == 0 else { return }
    try checkpoints.save(state, notes: settings)
  }

  /// Saves after a pass.
  func save(_ state: some TrainingState, metric: Double) throws(StateFileError) {
    try checkpoints.save(state, metric: metric, notes: settings)
  }
}
