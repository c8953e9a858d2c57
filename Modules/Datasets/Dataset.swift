import Core

/// Examples to learn from: inputs and, for each, a label.
///
/// ```swift
/// let (training, test) = dataset.shuffled(using: &generator).split(training: 0.8)
/// for batch in training.batches(of: 32, using: &generator) {
///   print(batch.inputs.shape, batch.labels.shape)           // [32, 64] [32]
/// }
/// ```
///
/// A batch is a `Dataset` too.
public struct Dataset: Sendable {
  /// The inputs, [example, feature…].
  public let inputs: Tensor
  /// The labels, [example, …]: class numbers in `int64`, or numbers to regress on.
  public let labels: Tensor
  /// The names of the classes, where they have names.
  public let classNames: [String]?

  /// Traps unless there is one label for each input.
  public init(inputs: Tensor, labels: Tensor, classNames: [String]? = nil) {
    require(
      inputs.rank > 0 && labels.rank > 0 && inputs.shape[0] == labels.shape[0],
      "Dataset: inputs \(inputs.shape) and labels \(labels.shape) differ in their first axis")
    self.inputs = inputs
    self.labels = labels
    self.classNames = classNames
  }

  /// The number of examples.
  public var count: Int { inputs.shape[0] }

  /// Whether there are no examples.
  public var isEmpty: Bool { count == 0 }

  /// The examples in a range, as a view.
  public subscript(range: Range<Int>) -> Dataset {
    require(
      range.lowerBound >= 0 && range.upperBound <= count,
      "Dataset: no examples \(range) among \(count)")
    return Dataset(inputs: inputs[range], labels: labels[range], classNames: classNames)
  }

  /// The examples at some positions, in that order; a position may come more than once.
  ///
  /// Traps when a position is out of range.
  public func selecting(_ positions: [Int]) -> Dataset {
    let indices = Tensor(scalars: positions, shape: [positions.count])
    return Dataset(
      inputs: inputs.gathered(at: indices), labels: labels.gathered(at: indices),
      classNames: classNames)
  }

  /// The same examples in random order, which the state of `generator` fixes.
  public func shuffled(using generator: inout RandomGenerator) -> Dataset {
    selecting((0..<count).shuffled(using: &generator))
  }

  /// The same labels with other inputs, for instance standardised ones.
  public func mappingInputs(_ transform: (Tensor) -> Tensor) -> Dataset {
    Dataset(inputs: transform(inputs), labels: labels, classNames: classNames)
  }
}

extension Dataset {
  /// Reads a CSV file whose numbers are the features.
  ///
  /// The inputs are `float32` of shape [row, feature column]. A reader without a label column gives
  /// labels of shape [row, 0].
  public init(
    csv path: String, _ reader: CSVReader = CSVReader(labelColumn: .last)
  ) throws(DataError) {
    self.init(try reader.read(path))
  }

  /// The rows of a table.
  public init(_ table: CSVTable) {
    let inputs = Tensor(scalars: table.values, shape: [table.rowCount, table.columnCount])
    switch table.labels {
    case .none:
      self.init(inputs: inputs, labels: Tensor.zeros([table.rowCount, 0]))
    case .numbers(let numbers):
      self.init(inputs: inputs, labels: Tensor(scalars: numbers, shape: [table.rowCount]))
    case .classes(let classes, let names):
      self.init(
        inputs: inputs, labels: Tensor(scalars: classes, shape: [table.rowCount]),
        classNames: names)
    }
  }
}
