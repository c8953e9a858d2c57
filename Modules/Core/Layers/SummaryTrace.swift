internal import Kernels

/// Runs the body of a layer's `callAsFunction`, and has the call in a summary if one is being made.
///
/// ```swift
/// struct Attention: Layer {
///   let query: Parameter
///   func callAsFunction(_ x: Tensor) -> Tensor {
///     reported(self, x) { x in matmul(x, query.value) }
///   }
/// }
/// ```
///
/// Otherwise it costs one look at the thread's context.
@inline(__always)
public func reported<L: Layer>(
  _ layer: L, _ input: L.Input, _ body: (L.Input) -> L.Output
) -> L.Output {
  if isWatched() { return watched(layer) { body(input) } }
  guard let trace = apus_thread_context().pointee.trace else { return body(input) }
  return SummaryTrace.from(trace).report(layer, input, body)
}

/// Counts multiplications with addition, if a summary is being made.
@inline(__always)
package func countMultiplyAdds(_ count: @autoclosure () -> Int) {
  guard let trace = apus_thread_context().pointee.trace else { return }
  SummaryTrace.from(trace).add(count())
}

/// The calls of one trial run, on one thread.
final class SummaryTrace {
  /// A call that has not ended, or its result.
  struct Call {
    let kind: String
    let key: LayerPaths.Key
    let inputs: [Shape]
    var outputs: [Shape] = []
    var multiplyAdds = 0
    var parts: [Call] = []
  }

  /// The calls that have not ended, outermost first.
  fileprivate(set) var calls: [Call] = []

  static func from(_ pointer: UnsafeMutableRawPointer) -> SummaryTrace {
    Unmanaged<SummaryTrace>.fromOpaque(pointer).takeUnretainedValue()
  }

  static func run<Model: Layer>(_ model: Model, _ x: Model.Input) -> ModelSummary {
    let trace = SummaryTrace()
    let context = apus_thread_context().unsafelyUnwrapped
    let outer = context.pointee.trace
    context.pointee.trace = Unmanaged.passUnretained(trace).toOpaque()
    defer { context.pointee.trace = outer }
    // The outermost call stays: it is the list that the model's own call ends up in.
    trace.calls = [Call(kind: "", key: LayerPaths.Key(model), inputs: [])]
    withoutDerivative { inMode(.inference) { _ = trace.call(model, x) { model($0) } } }
    extendLifetime(trace)
    return ModelSummary(of: model, trace.calls[0].parts[0])
  }

  fileprivate func add(_ count: Int) { calls[calls.count - 1].multiplyAdds += count }

  func report<L: Layer>(_ layer: L, _ input: L.Input, _ body: (L.Input) -> L.Output) -> L.Output {
    // What only joins other layers is not one itself.
    if layer is any JoiningLayer { return body(input) }
    let key = LayerPaths.Key(layer)
    // A layer in a `Sequential` is reported by it, and perhaps by itself.
    if let last = calls.last, last.key == key, last.parts.isEmpty, last.multiplyAdds == 0 {
      return body(input)
    }
    return call(layer, input, body)
  }

  private func call<L: Layer>(
    _ layer: L, _ input: L.Input, _ body: (L.Input) -> L.Output
  ) -> L.Output {
    calls.append(
      Call(kind: Self.kind(of: layer), key: LayerPaths.Key(layer), inputs: Self.shapes(of: input)))
    let output = body(input)
    if var call = calls.popLast() {
      call.outputs = Self.shapes(of: output)
      calls[calls.count - 1].parts.append(call)
    }
    return output
  }

  private static func kind(of layer: Any) -> String {
    if let layer = layer as? any SummarizedLayer { return layer.summaryKind }
    return String(String(describing: type(of: layer)).prefix { $0 != "<" })
  }

  /// The shapes of the tensors in a value: a tensor, a tuple, an array, a structure.
  private static func shapes(of value: Any) -> [Shape] {
    if let tensor = value as? Tensor { return [tensor.shape] }
    return Mirror(reflecting: value).children.prefix(64).flatMap { shapes(of: $0.value) }
  }
}

/// A layer that only calls others, one after the other.
protocol JoiningLayer {}

extension Chain: JoiningLayer {}
extension Repeated: JoiningLayer {}
extension Either: JoiningLayer {}
