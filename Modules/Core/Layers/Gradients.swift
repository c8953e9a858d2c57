/// The gradients of a loss with respect to the parameters of a model.
///
/// ```swift
/// let (loss, gradients) = valueWithGradient(of: model) { … }
/// gradients[model.hidden.weight]           // in the shape of the weight
/// ```
public struct Gradients: Sendable {
  let list: ParameterList
  /// One for each entry of the list; `nil` where the parameter is frozen or took no part.
  var entries: [ParameterGradient?]

  init(list: ParameterList, entries: [ParameterGradient?]) {
    self.list = list
    self.entries = entries
  }

  init(list: ParameterList, tensors: [Tensor?]) {
    self.init(list: list, entries: tensors.map { $0.map { .dense($0) } })
  }

  /// The gradient with respect to a parameter: zeros where it took no part in the loss, `nil` where
  /// it is frozen or no part of the model.
  public subscript(_ parameter: Parameter) -> Tensor? {
    get { entry(parameter)?.dense }
    set {
      guard let position = list.position(of: parameter) else {
        trap("Gradients: the parameter is no part of the model")
      }
      if let newValue {
        require(
          newValue.shape == parameter.shape,
          "Gradients: the parameter has shape \(parameter.shape), the gradient \(newValue.shape)")
      }
      entries[position] = newValue.map { .dense($0) }
    }
  }

  /// The gradient of a parameter of which only some rows were looked up; `nil` for all others,
  /// whose gradients are dense.
  public func rows(of parameter: Parameter) -> RowGradient? {
    if case .rows(let rows) = entry(parameter) { rows } else { nil }
  }

  /// The gradient in its own form, with zeros where the parameter took no part.
  func entry(_ parameter: Parameter) -> ParameterGradient? {
    guard let position = list.position(of: parameter) else { return nil }
    if let gradient = entries[position] { return gradient }
    return parameter.isFrozen ? nil : .dense(.zeros(parameter.shape, dtype: parameter.dtype))
  }

  /// The gradient with respect to the parameter of that name.
  public subscript(_ name: String) -> Tensor? {
    list.entries.first { $0.name == name }.flatMap { self[$0.parameter] }
  }

  /// Every gradient that is there, with its parameter's name, in declaration order.
  public var named: [(name: String, gradient: Tensor)] {
    zip(list.entries, entries).compactMap { entry, gradient in
      gradient.map { (entry.name, $0.dense) }
    }
  }

  /// The Euclidean norm of all gradients together, as a scalar.
  public var norm: Tensor {
    let squares = entries.compactMap { $0.map { square($0.values).sum() } }
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
    return self * (limit / norm)
  }

  /// These gradients with each element moved into −limit…limit.
  public func clipped(toValue limit: Double) -> Gradients {
    require(limit > 0, "clipped: the limit \(limit) is not positive")
    return mappedAlike { $0.clamped(to: -limit...limit) }
  }

  /// Each gradient transformed, keeping its shape. Gradients of a few rows become dense, since the
  /// transformation may make something of zeros.
  public func mapped(_ transform: (Tensor) -> Tensor) -> Gradients {
    Gradients(list: list, tensors: entries.map { $0.map { transform($0.dense) } })
  }

  /// Each gradient transformed element by element, in its own form: zeros stay zeros.
  func mappedAlike(_ transform: (Tensor) -> Tensor) -> Gradients {
    Gradients(list: list, entries: entries.map { $0?.mapped(transform) })
  }

  /// The sum, parameter by parameter.
  public static func + (lhs: Gradients, rhs: Gradients) -> Gradients {
    require(
      lhs.entries.count == rhs.entries.count, "Gradients: the sum of gradients of two models")
    let sums = zip(lhs.entries, rhs.entries).map { a, b -> ParameterGradient? in
      guard let a else { return b }
      return b.map { a + $0 } ?? a
    }
    return Gradients(list: lhs.list, entries: sums)
  }

  /// The product, parameter by parameter.
  public static func * (lhs: Gradients, rhs: Double) -> Gradients { lhs.mappedAlike { $0 * rhs } }
  /// The product, parameter by parameter.
  public static func * (lhs: Double, rhs: Gradients) -> Gradients { rhs * lhs }
}
