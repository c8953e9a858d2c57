/// The gradient of one parameter, in the form in which it arose.
enum ParameterGradient: Sendable {
  case dense(Tensor)
  case rows(RowGradient)

  var dense: Tensor {
    switch self {
    case .dense(let tensor): tensor
    case .rows(let rows): rows.dense
    }
  }

  /// All that is not zero for sure.
  var values: Tensor {
    switch self {
    case .dense(let tensor): tensor
    case .rows(let rows): rows.values
    }
  }

  /// That of the parameter.
  var shape: Shape {
    switch self {
    case .dense(let tensor): tensor.shape
    case .rows(let rows): rows.shape
    }
  }

  /// The form stays: `transform` leaves zeros as they are.
  func mapped(_ transform: (Tensor) -> Tensor) -> ParameterGradient {
    switch self {
    case .dense(let tensor): .dense(transform(tensor))
    case .rows(let rows): .rows(rows.mapped(transform))
    }
  }

  static func + (lhs: ParameterGradient, rhs: ParameterGradient) -> ParameterGradient {
    if case .rows(let a) = lhs, case .rows(let b) = rhs { return .rows(a + b) }
    return .dense(lhs.dense + rhs.dense)
  }
}
