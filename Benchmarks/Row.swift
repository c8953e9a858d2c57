import Core

/// One thing to measure: a name that keeps its meaning, and how to make the operation.
///
/// Adding a row to the program is one such declaration in a file of `Rows`.
struct Row {
  /// One execution of what the row measures.
  typealias Operation = () -> Void

  let name: String
  /// What one call does; asked for after ``prepare``, as it may depend on data.
  var work: Work { makeWork() }
  private let makeWork: () -> Work
  /// Makes the inputs; what it returns is called again and again under the clock.
  let prepare: () -> Operation

  init(
    _ name: String, flops: Double? = nil, bytes: Double? = nil, items: Double? = nil,
    peak: DType? = .float32, prepare: @escaping () -> Operation
  ) {
    let work = Work(flops: flops, bytes: bytes, items: items, peak: peak)
    self.init(name, work: { work }, prepare: prepare)
  }

  init(_ name: String, work: @escaping () -> Work, prepare: @escaping () -> Operation) {
    self.name = name
    makeWork = work
    self.prepare = prepare
  }
}

/// What one call of a row does, as far as that means something.
struct Work {
  /// Floating-point operations that the definition asks for.
  var flops: Double?
  /// Bytes that it has to read and write at least.
  var bytes: Double?
  /// Examples, tokens, pairs.
  var items: Double?
  /// The type whose FMA peak `flops` are compared with; `nil` for the peak itself.
  var peak: DType?
}

/// Every row, in the order of the table.
enum Catalogue {
  static var rows: [Row] {
    [
      machine,
      matrixProduct,
      convolution,
      pooling,
      normalization,
      recurrent,
      linearAlgebra,
      losses,
      elementwise,
      reductions,
      optimizers,
      overhead,
      training,
      convolutionTraining,
      probabilistic,
      attention,
      transformerTraining,
      embeddings,
      gaussianEmbeddings,
      languageModel,
    ].flatMap { $0 }
  }
}

// MARK: - Inputs

/// Normal numbers from the innermost random scope.
func normal(_ shape: Shape, deviation: Double = 1, dtype: DType = .float32) -> Tensor {
  var generator = RandomGenerator.split()
  return .randomNormal(shape, deviation: deviation, dtype: dtype, using: &generator)
}

/// Class indices from the innermost random scope.
func labels(_ count: Int, classes: Int) -> Tensor {
  var generator = RandomGenerator.split()
  return .randomIntegers([count], in: 0..<classes, using: &generator)
}
