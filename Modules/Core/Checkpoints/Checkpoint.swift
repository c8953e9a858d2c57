/// A training as it was written down: one file of ``Checkpoints``.
///
/// The file is in the safetensors format, so that other tools can look into it. Its metadata holds
/// the version of the format, a checksum of everything, the metric and the notes.
public struct Checkpoint: Sendable {
  /// The version of the format that is written. Lower ones are read.
  public static let version = 1

  /// The file.
  public let path: String
  /// The metric that it was saved with, such as a validation loss.
  public let metric: Double?
  /// The words that it was saved with, by key.
  public let notes: [String: String]
  private let tensors: [(name: String, tensor: Tensor)]

  /// What is remembered besides the caller's state: the stream of the innermost `withRandom`.
  private static let scope = "(withRandom)"

  /// Reads a file and checks it.
  ///
  /// - Throws: `damaged` when a bit is not as it was written, `newerVersion` when a later format
  ///   wrote it, `inaccessible` when the system refuses.
  public init(contentsOf path: String) throws(StateFileError) {
    let file = try StateFile(contentsOf: path)
    let header = try CheckpointHeader(file.metadata, path: path)
    let sum = String(file.checksum(except: CheckpointHeader.checksumKey), radix: 16)
    guard sum == header.checksum else {
      throw .damaged(path: path, part: "checksum", expected: header.checksum, found: sum)
    }
    self.path = path
    (metric, notes, tensors) = (header.metric, header.notes, file.tensors)
  }

  /// Puts everything back: the parts of the state, and the stream of the innermost
  /// ``withRandom(seed:_:)``, in which to call this if ``Checkpoints/save(_:metric:notes:)`` was.
  ///
  /// Nothing changes unless everything fits.
  public func restore(_ state: inout some TrainingState) throws(StateFileError) {
    var named: [String: Tensor] = [:]
    for (name, tensor) in tensors { named[name] = tensor }
    var all = WithScope(state: state)
    do throws(StateMismatch) {
      try all.restore(named)
    } catch {
      throw .mismatch(path: path, error)
    }
    state = all.state
  }

  /// Puts the parameters and buffers of one part back, to use a model without its training.
  ///
  /// ```swift
  /// if let best = try checkpoints.best() { try best.restore(model, from: "model") }
  /// ```
  ///
  /// - Parameter part: The name that the layer was visited under, dots included.
  public func restore(_ model: some Layer, from part: String) throws(StateFileError) {
    var named: [String: Tensor] = [:]
    for (name, tensor) in tensors where name.hasPrefix(part + ".") { named[name] = tensor }
    var state = LayerState(model: model, name: part)
    do throws(StateMismatch) {
      try state.restore(named)
    } catch {
      throw .mismatch(path: path, error)
    }
  }

  /// The file of a state, ready to be written.
  static func file(
    of state: some TrainingState, metric: Double?, notes: [String: String]
  ) -> StateFile {
    var file = StateFile(
      tensors: WithScope(state: state).stateTensors,
      metadata: CheckpointHeader.metadata(metric: metric, notes: notes))
    let sum = file.checksum(except: CheckpointHeader.checksumKey)
    file.metadata[CheckpointHeader.checksumKey] = String(sum, radix: 16)
    return file
  }

  /// A state and the randomness around it.
  private struct WithScope<State: TrainingState>: TrainingState {
    var state: State

    mutating func visit(by visitor: inout some StateVisitor) {
      state.visit(by: &visitor)
      guard var generator = RandomGenerator.innermost else { return }
      visitor.visit(scope, generator.stateTensors[0].tensor) { words in
        try? generator.restore(["words": words])
        RandomGenerator.innermost = generator
      }
    }
  }

  private struct LayerState<Model: Layer>: TrainingState {
    let model: Model
    let name: String

    mutating func visit(by visitor: inout some StateVisitor) { visitor.visit(name, layer: model) }
  }
}
