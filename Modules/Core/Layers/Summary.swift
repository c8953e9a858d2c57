/// What a network is made of: its layers in the order in which they run, with shapes, parameters and
/// multiply-adds.
///
/// ```swift
/// print(summary(of: model, input: [1, 3, 128, 128]))
/// ```
///
/// It comes from a trial run, so it works for any layer, whatever its `callAsFunction` does. Layers
/// of this package, and those inside a ``Sequential``, report themselves; a layer of yours that calls
/// others directly needs nothing, since they do; and one with operations of its own reports itself
/// with ``reported(_:_:_:)``.
public struct ModelSummary: Sendable {
  /// One call of a layer.
  public struct Part: Sendable {
    /// The layer's path in the model, as in the names of parameters; empty for the model itself and
    /// for a layer that is no stored property.
    public let name: String
    /// What kind of layer it is, as in `Dense`.
    public let kind: String
    /// The shapes of the tensors that went in, and of those that came out.
    public let inputs: [Shape]
    /// The shapes of what it gave.
    public let outputs: [Shape]
    /// Trained numbers that it holds itself, outside its parts, and that no part before it holds.
    public let parameterCount: Int
    /// Trained numbers that it shares with a part before it.
    public let sharedCount: Int
    /// Multiplications with addition in matrix products and convolutions, outside its parts. Taps on
    /// padding count.
    public let multiplyAdds: Int
    /// The layers that it called.
    public let parts: [Part]
  }

  /// The model's own call, with all others inside.
  public let model: Part
  /// Trained numbers, those of frozen parameters, and those of buffers: each once, used or not.
  public let parameterCount, frozenCount, bufferCount: Int

  /// Multiply-adds of everything.
  public var multiplyAdds: Int { rows.reduce(0) { $0 + $1.multiplyAdds } }

  /// The calls as lines of a table: those without parts, and those that do something besides calling
  /// their parts.
  public var rows: [Part] { Self.rows(of: model) }

  private static func rows(of part: Part) -> [Part] {
    let isPlain = part.parameterCount + part.sharedCount + part.multiplyAdds == 0
    let own = part.parts.isEmpty || !isPlain ? [part] : []
    return part.parts.flatMap(rows(of:)) + own
  }
}

/// What a network makes of an input: a trial run in inference mode, without derivatives.
///
/// - Parameter x: An input. The run is real, with its time and memory.
public func summary<Model: Layer>(of model: Model, at x: Model.Input) -> ModelSummary {
  SummaryTrace.run(model, x)
}

/// What a network makes of an input of a shape, of zeros.
///
/// - Parameters:
///   - shape: The input's, with its batch axis: [1, 3, 128, 128].
///   - dtype: Its element type; `.int64` for a layer that looks up rows.
public func summary<Model: Layer>(
  of model: Model, input shape: Shape, dtype: DType = .float32
) -> ModelSummary where Model.Input == Tensor {
  summary(of: model, at: Tensor.zeros(shape, dtype: dtype))
}

/// A type that says what a summary calls it, where the name of the type says too little.
public protocol SummarizedLayer {
  /// As in `Conv2D 3×3, stride 2`.
  var summaryKind: String { get }
}
