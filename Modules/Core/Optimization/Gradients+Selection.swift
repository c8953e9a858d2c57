extension Gradients {
  /// The gradients of the parameters that a condition on name and shape picks; the others are left
  /// out, as if their parameters were frozen.
  public func filtered(_ isIncluded: (_ name: String, _ shape: Shape) -> Bool) -> Gradients {
    Gradients(
      list: list,
      entries: zip(list.entries, entries).map { entry, gradient in
        gradient.flatMap { isIncluded(entry.name, $0.shape) ? $0 : nil }
      })
  }

  /// These gradients for the parameters of another list, most often of a part of the model.
  func reordered(as other: ParameterList) -> Gradients {
    if other === list { return self }
    return Gradients(list: other, entries: other.entries.map { entry($0.parameter) })
  }
}
