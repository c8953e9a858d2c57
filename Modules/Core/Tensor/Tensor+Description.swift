extension Tensor: CustomStringConvertible, CustomDebugStringConvertible {
  /// The elements as nested lists, in aligned columns.
  ///
  /// ```swift
  /// print(Tensor([[1, 2.5], [-30, 4]]))
  /// // [[  1.0,   2.5],
  /// //  [-30.0,   4.0]]
  /// ```
  ///
  /// All elements share one notation: as many decimals as they need, at most 4 (6 for a scalar), or
  /// scientific where the range asks for it. Above 1000 elements, long axes show their first and
  /// last three places only.
  public var description: String {
    formatted()
  }

  /// The elements as ``description`` shows them, with other limits.
  ///
  /// - Parameters:
  ///   - decimals: The most decimals of a number, 1 or more; those that no element needs are left out. By
  ///     default 4, and 6 for a scalar.
  ///   - threshold: The number of elements above which long axes are shortened.
  ///   - edge: How many places of a shortened axis remain at either end.
  ///   - width: The most characters of a line.
  public func formatted(
    decimals: Int? = nil, threshold: Int = 1000, edge: Int = 3, width: Int = 96
  ) -> String {
    let decimals = decimals ?? (rank == 0 ? 6 : 4)
    require(
      decimals > 0 && edge > 0,
      "formatted: \(decimals) decimals and edges of \(edge) cannot be shown")
    if count == 0 { return rank == 1 ? "[]" : "[] of shape \(shape)" }
    return TensorPrinter(
      self, decimals: decimals, elides: count > threshold, edge: edge, lineWidth: width
    ).text
  }

  /// The shape, the element type and the elements.
  public var debugDescription: String {
    if count == 0 { return "Tensor \(shape) \(dtype): []" }
    return "Tensor \(shape) \(dtype):" + (rank < 2 ? " " : "\n") + description
  }
}

/// Lays out the elements of one tensor that is not empty.
private struct TensorPrinter {
  private let tensor: Tensor
  /// How many places of a long axis remain at either end; `nil` where all do.
  private let edge: Int?
  private let lineWidth: Int
  private let format: NumberFormat
  private let width: Int

  init(_ tensor: Tensor, decimals: Int, elides: Bool, edge: Int, lineWidth: Int) {
    self.tensor = tensor
    self.edge = elides ? edge : nil
    self.lineWidth = lineWidth
    var numbers: [PrintedNumber] = []
    TensorPrinter.visit(tensor, edge: self.edge, axis: 0, offset: tensor.layout.offset) {
      numbers.append(tensor.printedNumber(at: $0))
    }
    let format = NumberFormat(numbers, places: decimals)
    self.format = format
    width = numbers.reduce(0) { max($0, format.text(of: $1).utf8.count) }
  }

  var text: String { list(axis: 0, offset: tensor.layout.offset) }

  /// Calls `body` with the storage position of each element that is shown.
  private static func visit(
    _ tensor: Tensor, edge: Int?, axis: Int, offset: Int, _ body: (Int) -> Void
  ) {
    if axis == tensor.rank { return body(offset) }
    for place in places(tensor.shape[axis], edge: edge) {
      guard let place else { continue }
      visit(
        tensor, edge: edge, axis: axis + 1,
        offset: offset + place * tensor.layout.strides[axis], body)
    }
  }

  /// The places of an axis that are shown; `nil` stands for those left out.
  private static func places(_ extent: Int, edge: Int?) -> [Int?] {
    guard let edge, extent > 2 * edge else { return Array(0..<extent) }
    return Array(0..<edge) + [nil] + Array((extent - edge)..<extent)
  }

  private func list(axis: Int, offset: Int) -> String {
    if axis == tensor.rank {
      let text = format.text(of: tensor.printedNumber(at: offset))
      return tensor.rank == 0 ? text : padded(text)
    }
    let stride = tensor.layout.strides[axis]
    let parts = TensorPrinter.places(tensor.shape[axis], edge: edge).map { place in
      place.map { list(axis: axis + 1, offset: offset + $0 * stride) } ?? "…"
    }
    let indent = String(repeating: " ", count: axis + 1)
    if axis == tensor.rank - 1 { return "[" + wrapped(parts, indent: indent) + "]" }
    let gap = "," + String(repeating: "\n", count: tensor.rank - 1 - axis) + indent
    return "[" + parts.joined(separator: gap) + "]"
  }

  private func padded(_ text: String) -> String {
    String(repeating: " ", count: width - text.utf8.count) + text
  }

  /// A row, broken into lines of limited width.
  private func wrapped(_ parts: [String], indent: String) -> String {
    var text = ""
    var column = indent.utf8.count
    for (index, part) in parts.enumerated() {
      let length = part.count + 2
      if index > 0 {
        let breaks = column + length > lineWidth
        text += breaks ? ",\n" + indent : ", "
        if breaks { column = indent.utf8.count }
      }
      text += part
      column += length
    }
    return text
  }
}

extension Tensor {
  /// The element at a position of the storage, taken apart for printing.
  fileprivate func printedNumber(at index: Int) -> PrintedNumber {
    let base = storage.pointer
    return withExtendedLifetime(storage) {
      switch dtype {
      case .bool: .word(base.load(fromByteOffset: index, as: Bool.self) ? "true" : "false")
      case .int32: .word(base.load(fromByteOffset: index * 4, as: Int32.self).description)
      case .int64: .word(base.load(fromByteOffset: index * 8, as: Int64.self).description)
      case .float32: PrintedNumber(base.load(fromByteOffset: index * 4, as: Float.self))
      case .float64: PrintedNumber(base.load(fromByteOffset: index * 8, as: Double.self))
      }
    }
  }
}
