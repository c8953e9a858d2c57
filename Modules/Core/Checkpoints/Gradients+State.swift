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
      visitor.visit(
        entry.name, within: &tensors[index],
        initial: .zeros(entry.parameter.shape, dtype: entry.parameter.dtype))
    }
  }
}
