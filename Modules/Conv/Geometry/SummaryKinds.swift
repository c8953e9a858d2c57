import Core

// What a summary calls the layers of this module: with their windows, which tell them apart.

extension Convolution: SummarizedLayer {
  public var summaryKind: String {
    described(
      "Conv\(Over.rank)D", windowExtents, windows,
      [groups > 1 ? "groups \(groups)" : nil, activation == .identity ? nil : "\(activation)"])
  }
}

extension TransposedConvolution: SummarizedLayer {
  public var summaryKind: String {
    described(
      "TransposedConv\(Over.rank)D", Array(weight.shape.dropFirst(2)), windows,
      [groups > 1 ? "groups \(groups)" : nil, activation == .identity ? nil : "\(activation)"])
  }
}

extension MaxPooling: SummarizedLayer {
  public var summaryKind: String { described("MaxPool\(Over.rank)D", windowExtents, windows, []) }
}

extension AveragePooling: SummarizedLayer {
  public var summaryKind: String {
    described("AveragePool\(Over.rank)D", windowExtents, windows, [])
  }
}

extension LpPooling: SummarizedLayer {
  public var summaryKind: String { described("LpPool\(Over.rank)D", windowExtents, windows, []) }
}

/// As in `Conv2D 3×3, stride 2, relu`.
private func described(
  _ name: String, _ kernel: [Int], _ windows: Windows, _ more: [String?]
) -> String {
  func text(_ values: [Int]) -> String {
    Set(values).count == 1 ? "\(values[0])" : values.map(String.init).joined(separator: "×")
  }
  let (stride, dilation) = (windows.stride.values, windows.dilation.values)
  let parts = [
    stride.allSatisfy { $0 == 1 } ? nil : "stride \(text(stride))",
    dilation.allSatisfy { $0 == 1 } ? nil : "dilation \(text(dilation))",
  ]
  return
    (["\(name) \(kernel.map(String.init).joined(separator: "×"))"]
    + (parts + more).compactMap(\.self)).joined(separator: ", ")
}
