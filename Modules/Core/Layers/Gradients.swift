/// The gradients of a loss with respect to the parameters of a model.
///
/// ```swift
/// let (loss, gradients) = valueWithGradient(of: model) { … }
/// gradients[model.hidden.weight]           // in the shape of the weight
/// ```
public struct Gradients: Sendable {
  let list: ParameterList
  /// One for each entry of the list; `nil` where the parameter is frozen or took no part.
  var tensors: [Tensor?]

  /// The gradient with respect to a parameter: zeros where it took no part in the loss, `nil` where
  /// it is frozen or no part of the model.
  public subscript(_ parameter: Parameter) -> Tensor? {
    get {
      guard let position = list.position(of: parameter) else { return nil }
      if let tensor = tensors[position] { return tensor }
      return parameter.isFrozen ? nil : Tensor.zeros(parameter.shape, dtype: parameter.dtype)
    }
    set {
      guard let position = list.position(of: parameter) else {
        trap("Gradients: the parameter is no part of the model")
      }
      if let newValue {
        require(
          newValue.shape == parameter.shape,
          "Gradients: the parameter has shape \(parameter.shape), the gradient \(newValue.shape)")
      }
      tensors[position] = newValue
    }
  }

  /// The gradient with respect to the parameter of that name.
  public subscript(_ name: String) -> Tensor? {
    list.entries.first { $0.name == name }.flatMap { self[$0.parameter] }
  }

  /// Every gradient that is there, with its parameter's name, in declaration order.
  public var named: [(name: String, gradient: Tensor)] {
    zip(list.entries, tensors).compactMap { entry, tensor in tensor.map { (entry.name, $0) } }
  }

  /// The Euclidean norm of all gradients together, as a scalar.
  public var norm: Tensor {
    let squares = tensors.compactMap { $0.map { square($0).sum() } }
    guard let first = squares.first else { return Tensor(0) }
    return sqrt(squares.dropFirst().reduce(first, +))
  }

  /// These gradients scaled down, all by one factor, so that their ``norm`` is at most `limit`.
  ///
  /// A norm that is not finite would turn every gradient into NaN, so such gradients come back as
  /// they are: test ``norm`` if you expect them.
  public func clipped(toNorm limit: Double) -> Gradients {
    require(limit > 0, "clipped: the limit \(limit) is not positive")
    let norm = norm.item()
    guard norm.isFinite, norm > limit else { return self }
    return mapped { $0 * (limit / norm) }
  }

  /// These gradients with each element moved into −limit…limit.
  public func clipped(toValue limit: Double) -> Gradients {
    require(limit > 0, "clipped: the limit \(limit) is not positive")
    return mapped { $0.clamped(to: -limit...limit) }
  }

  /// Each gradient transformed, keeping its shape.
  public func mapped(_ transform: (Tensor) -> Tensor) -> Gradients {
    Gradients(list: list, tensors: tensors.map { $0.map(transform) })
  }

  public static func + (lhs: Gradients, rhs: Gradients) -> Gradients {
    require(
      lhs.tensors.count == rhs.tensors.count, "Gradients: the sum of gradients of two models")
    let sums = zip(lhs.tensors, rhs.tensors).map { a, b -> Tensor? in
      guard let a else { return b }
      return b.map { a + $0 } ?? a
    }
    return Gradients(list: lhs.list, tensors: sums)
  }

  public static func * (lhs: Gradients, rhs: Double) -> Gradients { lhs.mapped { $0 * rhs } }
  public static func * (lhs: Double, rhs: Gradients) -> Gradients { rhs * lhs }
}
