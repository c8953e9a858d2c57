import Core

/// The batches of an IDX file, or of two that belong together, without loading them.
///
/// ```swift
/// let batches = try IDXBatches(
///   inputs: "train-images-idx3-ubyte", labels: "train-labels-idx1-ubyte", of: 64,
///   using: &generator)
/// while let batch = try batches.next() {
///   print(batch.inputs.shape, batch.labels.shape)             // [64, 28, 28] [64]
/// }
/// ```
///
/// The first axis counts the examples. Inputs keep the file's values, as `float32` unless the file
/// holds `float64`; labels are `int64`. Memory holds one batch. Make another one for another epoch.
public final class IDXBatches: DataStream {
  private let inputs: IDXExamples
  private let labels: IDXExamples?
  private let size: Int
  private let order: [Int]?
  private var position = 0

  /// The number of examples in the file.
  public var count: Int { inputs.count }

  /// The batches in the order of the file.
  ///
  /// - Parameters:
  ///   - inputs: The file of the inputs, packed by gzip or not.
  ///   - labels: The file of the labels, as many as there are inputs; without one, labels have
  ///     shape [batch, 0].
  ///   - size: Examples in a batch; the last batch has what is left.
  public convenience init(
    inputs: String, labels: String? = nil, of size: Int
  ) throws(DataError) {
    try self.init(IDXExamples(inputs), labels.map(IDXExamples.init), size, order: nil)
  }

  /// The batches in a random order, which the state of `generator` fixes.
  ///
  /// - Throws: ``DataError`` for files that gzip packed as well: one cannot jump about in them.
  public convenience init(
    inputs: String, labels: String? = nil, of size: Int, using generator: inout RandomGenerator
  ) throws(DataError) {
    let (inputs, labels) = (try IDXExamples(inputs), try labels.map(IDXExamples.init))
    for file in [inputs.file, labels?.file] {
      if let file, file.isCompressed {
        throw DataError(
          .unsupported, file: file.path, at: .file,
          expected: "an unpacked file, to read it in random order", found: "one packed by gzip")
      }
    }
    try self.init(inputs, labels, size, order: (0..<inputs.count).shuffled(using: &generator))
  }

  private init(
    _ inputs: IDXExamples, _ labels: IDXExamples?, _ size: Int, order: [Int]?
  ) throws(DataError) {
    require(size > 0, "IDXBatches: the size \(size) is not positive")
    if let labels, labels.count != inputs.count {
      throw DataError(
        .mismatched, file: labels.file.path, at: .offset(4),
        expected: "\(inputs.count) labels, as many as \(inputs.file.path) has examples",
        found: "\(labels.count)")
    }
    self.inputs = inputs
    self.labels = labels
    self.size = size
    self.order = order
  }

  public func next() throws(DataError) -> Dataset? {
    let range = position..<min(position + size, count)
    guard !range.isEmpty else {
      if order == nil { try requireEnd() }
      return nil
    }
    position = range.upperBound
    let positions = order.map { Array($0[range]) }
    let type = inputs.file.elementType
    let x = try inputs.next(
      range.count, at: positions, as: type == .float64 ? .float64 : .float32)
    let y = try labels?.next(range.count, at: positions, as: .int64)
    return Dataset(inputs: x, labels: y ?? Tensor.zeros([range.count, 0]))
  }

  private func requireEnd() throws(DataError) {
    try inputs.requireEnd()
    try labels?.requireEnd()
  }
}

/// Reads examples, the elements along the first axis of an IDX file.
private struct IDXExamples {
  let file: IDXFile
  let count: Int
  private let source: any ByteSource
  private let start: Int
  private let byteCount: Int

  init(_ path: String) throws(DataError) {
    file = try IDXFile(path)
    source = try file.reopened()
    guard file.shape.count > 0 else {
      throw DataError(
        .unsupported, file: source.name, at: .offset(3), expected: "an axis of examples",
        found: "no axes")
    }
    count = file.shape[0]
    start = source.position
    byteCount = file.shape.dropFirst().reduce(file.elementType.byteCount, *)
    // A few bytes can promise billions of examples of nothing.
    guard byteCount > 0 || count == 0 else {
      throw DataError(
        .unsupported, file: source.name, at: .offset(8), expected: "examples that hold something",
        found: "the shape \(file.shape)")
    }
  }

  /// The examples at some positions, or the next ones.
  func next(_ number: Int, at positions: [Int]?, as dtype: DType) throws(DataError) -> Tensor {
    let bytes =
      if let positions { try read(positions) } else {
        try source.bytes(number * byteCount, of: "\(number) examples")
      }
    return decodeIDX(
      bytes, file.elementType, Shape([number] + file.shape.dropFirst()), as: dtype)
  }

  private func read(_ positions: [Int]) throws(DataError) -> [UInt8] {
    guard let source = source as? FileSource else { return [] }
    var bytes = [UInt8](repeating: 0, count: positions.count * byteCount)
    try bytes.withUnsafeMutableBufferPointer { buffer throws(DataError) in
      for (index, position) in positions.enumerated() {
        let part = buffer[index * byteCount..<(index + 1) * byteCount]
        try source.fillWhole(
          UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: part)),
          at: start + position * byteCount)
      }
    }
    return bytes
  }

  func requireEnd() throws(DataError) {
    try source.requireEnd(after: "\(count) examples")
  }
}
