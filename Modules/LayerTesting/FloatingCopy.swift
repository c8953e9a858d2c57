import Core

/// The parameters and buffers of a model, to be put back exactly as they were.
struct Snapshot {
  private let saved: [(parameter: Parameter, value: Tensor)]

  init(of parameters: [Parameter]) {
    saved = parameters.map { ($0, stopGradient($0.value)) }
  }

  func restore() {
    for (parameter, value) in saved {
      if parameter.dtype != value.dtype { parameter.convert(to: value.dtype) }
      parameter.value = value
    }
  }
}

/// Parameters as a model of their own, to differentiate with respect to them.
struct ParameterGroup: Layer {
  let members: [Parameter]

  init(_ members: [Parameter]) { self.members = members }

  func callAsFunction(_ input: Tensor) -> Tensor { input }
}

/// Runs `body` while the parameters of `layer` are float64.
func inFloat64<L: Layer, Result>(_ layer: L, _ body: () throws -> Result) rethrows -> Result {
  let snapshot = Snapshot(of: layer.parameters)
  layer.convert(to: .float64)
  defer { snapshot.restore() }
  return try body()
}
