internal import Kernels

/// Looks at the results of the operations of one thread, for ``findingNonFinite``.
final class NonFiniteWatch {
  private let ignoresInfinities: Bool
  private let isStopping: Bool
  /// The first operation with a result that is not finite.
  private(set) var finding: NonFiniteError?
  /// The layers that are being called.
  private var layers: [(key: LayerPaths.Key, name: String)] = []
  /// For each derivative that is being computed, its first step that was not finite, if any. A step
  /// may be infinite on the way to a gradient that is not, so it counts only if the gradient does.
  private var steps: [String?] = []

  init(ignoringInfinities: Bool, isStopping: Bool) {
    ignoresInfinities = ignoringInfinities
    self.isStopping = isStopping
  }

  static var current: NonFiniteWatch? {
    guard isWatched(), let watch = apus_thread_context().pointee.watch else { return nil }
    return Unmanaged.fromOpaque(watch).takeUnretainedValue()
  }

  func run<Result>(_ body: () throws -> Result) rethrows -> Result {
    let context = apus_thread_context().unsafelyUnwrapped
    let outer = context.pointee.watch
    context.pointee.watch = Unmanaged.passUnretained(self).toOpaque()
    apus_add_watched_threads(1)
    defer {
      apus_add_watched_threads(-1)
      context.pointee.watch = outer
      extendLifetime(self)
    }
    return try body()
  }

  // MARK: Looking

  fileprivate func look(at result: Tensor, of operation: StaticString, _ inputs: [Tensor]) {
    guard finding == nil, isBad(result) else { return }
    if !steps.isEmpty {
      if steps[steps.count - 1] == nil { steps[steps.count - 1] = baseName(operation) }
      return
    }
    report(result, baseName(operation), isDerivative: false, nil, inputs, layerNames)
  }

  /// Computes the gradients of an operation and looks at them.
  fileprivate func derivative(
    of operation: StaticString, _ inputs: [Tensor], in layers: [String], _ upstream: Tensor,
    _ pullback: () -> Cotangents
  ) -> Cotangents {
    steps.append(nil)
    let cotangents = pullback()
    let step = steps.removeLast()
    guard finding == nil else { return cotangents }
    let all = [cotangents.first, cotangents.second, cotangents.third] + (cotangents.rest ?? [])
    guard let bad = all.lazy.compactMap({ $0 }).first(where: isBad) else { return cotangents }
    if !steps.isEmpty {
      if steps[steps.count - 1] == nil { steps[steps.count - 1] = baseName(operation) }
    } else {
      report(bad, baseName(operation), isDerivative: true, step, [upstream] + inputs, layers)
    }
    return cotangents
  }

  private func isBad(_ tensor: Tensor) -> Bool {
    guard tensor.dtype.isFloating, tensor.count > 0 else { return false }
    return unwatched {
      ignoresInfinities ? tensor.detached.isNaN().any() : !tensor.detached.isFinite().all()
    }
  }

  private func report(
    _ result: Tensor, _ operation: String, isDerivative: Bool, _ step: String?,
    _ inputs: [Tensor], _ layers: [String]
  ) {
    let (numbers, isFinite) = unwatched {
      (result.scalars(as: Double.self), inputs.map { $0.detached.isFinite().all() })
    }
    let isCounted = { (x: Double) in self.ignoresInfinities ? x.isNaN : !x.isFinite }
    guard var rest = numbers.firstIndex(where: isCounted) else { return }
    let value = numbers[rest]
    var place: [Int] = []
    for extent in result.shape.reversed() {
      place.insert(rest % extent, at: 0)
      rest /= extent
    }
    let error = NonFiniteError(
      operation: operation, isDerivative: isDerivative, step: step,
      inputs: zip(inputs, isFinite).map {
        NonFiniteError.Input(shape: $0.shape, dtype: $0.dtype, isFinite: $1)
      },
      shape: result.shape, dtype: result.dtype, count: numbers.count(where: isCounted),
      place: place, value: NonFiniteError.Value(value), layers: layers)
    if isStopping { trap(error.description) }
    finding = error
  }

  /// `log` of `log(_:)`.
  private func baseName(_ function: StaticString) -> String {
    String("\(function)".prefix { $0 != "(" })
  }

  // MARK: Layers

  fileprivate func call<L: Layer, Result>(_ layer: L, _ body: () -> Result) -> Result {
    // What only joins other layers is not one itself, and a layer in a `Sequential` is reported by
    // it, and perhaps by itself.
    let (key, name) = (
      unwatched { LayerPaths.Key(layer) }, String("\(L.self)".prefix { $0 != "<" })
    )
    if layer is any JoiningLayer || layers.last.map({ $0.key == key && $0.name == name }) == true {
      return body()
    }
    layers.append((key, name))
    defer { layers.removeLast() }
    return body()
  }

  fileprivate var layerNames: [String] { layers.map(\.name) }
}

extension Tensor {
  /// What ``recorded(from:as:pullback:)`` does where a watch looks on: shows it the result, and has
  /// the pull-back show it the gradients.
  @inline(never)
  func watched(
    _ operation: StaticString, _ inputs: [Tensor?], _ pullback: @escaping Node.Pullback
  ) -> Tensor {
    guard let watch = NonFiniteWatch.current else { return self }
    let present = inputs.compactMap { $0 }
    watch.look(at: self, of: operation, present)
    guard isRecording(), present.contains(where: { $0.node != nil }) else { return self }
    let (saved, layers) = (present.map { $0.detached }, watch.layerNames)
    var result = self
    result.node = Node(inputs: inputs.map { $0?.node }) { upstream, node, needs in
      guard let watch = NonFiniteWatch.current else { return pullback(upstream, node, needs) }
      return watch.derivative(of: operation, saved, in: layers, upstream) {
        pullback(upstream, node, needs)
      }
    }
    return result
  }
}

/// Runs the body of a layer's call, so that what it finds is known to be within.
@inline(never)
func watched<L: Layer, Result>(_ layer: L, _ body: () -> Result) -> Result {
  guard let watch = NonFiniteWatch.current else { return body() }
  return watch.call(layer, body)
}
