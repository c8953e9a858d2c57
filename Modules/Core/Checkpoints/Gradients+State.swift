extension Gradients {
  /// No gradient for any parameter of a model.
  package init(emptyOf model: some Layer) {
    let list = ParameterList.of(model)
    self.init(list: list, tensors: list.entries.map { _ in nil })
  }
}

extension Gradients: TrainingState {
  public mutating func visit(by visitor: inout some StateVisitor) {
    for (index, entry) in list.entries.enumerated() {
      let (name, shape, dtype) = (entry.name, entry.parameter.shape, entry.parameter.dtype)
      var rows: RowGradient?
      if case .rows(let found) = entries[index] { rows = found }
      var isByRow = rows != nil
      visitor.visit(name + ".isByRow", &isByRow)
      if isByRow {
        var numbers = rows?.rows ?? .zeros([0], dtype: .int64)
        var values = rows?.values ?? .zeros(Shape([0] + shape.dropFirst()), dtype: dtype)
        visitor.visit(name + ".rows", list: &numbers)
        visitor.visit(name + ".values", list: &values)
        entries[index] = .rows(RowGradient(rows: numbers, values: values, shape: shape))
      } else {
        var tensor = entries[index]?.dense
        visitor.visit(name, within: &tensor, initial: .zeros(shape, dtype: dtype))
        entries[index] = tensor.map { .dense($0) }
      }
    }
  }
}
