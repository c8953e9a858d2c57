import Core

/// The parameters of a model that are not frozen, as one vector: what methods that look at the
/// whole model at once move.
///
/// ```swift
/// let vector = ParameterVector(of: model)
/// let curvature = hessianVectorProduct(at: vector.value, along: direction) { x in
///   vector.substituting(x) { loss(model(inputs), targets) }
/// }
/// ```
public struct ParameterVector: Sendable {
  /// In declaration order.
  public let parameters: [Parameter]
  /// How many numbers they hold.
  public let count: Int

  /// - Parameter model: Its parameters that are not frozen must be of one floating type, and there
  ///   must be one at least.
  public init(of model: some Layer) {
    parameters = model.parameters.filter { !$0.isFrozen }
    guard let first = parameters.first else {
      trap("ParameterVector: the model has no parameter that is not frozen")
    }
    for parameter in parameters {
      require(
        parameter.dtype == first.dtype,
        "ParameterVector: the model has parameters of \(first.dtype) and \(parameter.dtype); convert(to:) makes them one type"
      )
    }
    count = parameters.reduce(0) { $0 + $1.shape.elementCount }
  }

  /// The parameters' values, [count]; setting it sets them.
  public var value: Tensor {
    get { concatenated(parameters.map { $0.value.detached.flattened() }) }
    nonmutating set {
      for (parameter, part) in zip(parameters, parts(of: newValue)) {
        parameter.value = part.contiguous()
      }
    }
  }

  /// Runs `body` with the parameters' values read from a vector; gradients flow into it.
  public func substituting<Result>(
    _ vector: Tensor, _ body: () throws -> Result
  ) rethrows -> Result {
    try Core.substituting(parts(of: vector), for: parameters, body)
  }

  /// A vector cut into the parameters' shapes.
  public func parts(of vector: Tensor) -> [Tensor] {
    require(
      vector.shape == Shape([count]),
      "ParameterVector: the parameters hold \(count) numbers, the vector has shape \(vector.shape)")
    let sizes = parameters.map(\.shape.elementCount)
    return zip(vector.split(sizes: sizes), parameters).map { $0.reshaped($1.shape) }
  }

  /// A loss as a function of the vector.
  func function(_ mode: Mode, _ loss: @escaping () -> Tensor) -> (Tensor) -> Tensor {
    { x in substituting(x) { inMode(mode, loss) } }
  }
}
