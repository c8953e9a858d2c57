/// A picture of a network in SVG: a box for each call of a layer, in the order in which they run, in
/// frames for those that call others.
///
/// ```swift
/// let svg = picture(of: model, input: [1, 1, 28, 28])
/// try svg.write(toFile: "network.svg", atomically: true, encoding: .utf8)
/// ```
///
/// A box has the layer's kind, its path and its parameters; filled ones have parameters. Beside an
/// arrow stands the shape of what the call above it gave. (Arrows say what runs next: a sum around
/// several layers, as in a residual network, shows in their frame alone.) Equal calls in a row are
/// drawn once, with their number. It is a trial run; see ``summary(of:input:dtype:)``.
///
/// - Parameters:
///   - shape: The input's, with its batch axis.
///   - dtype: Its element type; `.int64` for a layer that looks up rows; `.float32` by default.
public func picture<Model: Layer>(
  of model: Model, input shape: Shape, dtype: DType = .float32
) -> String where Model.Input == Tensor {
  summary(of: model, input: shape, dtype: dtype).picture
}

/// A picture of what a network makes of an input.
public func picture<Model: Layer>(of model: Model, at x: Model.Input) -> String {
  summary(of: model, at: x).picture
}

extension ModelSummary {
  /// The calls as boxes and frames, in SVG; see ``picture(of:input:dtype:)``.
  public var picture: String {
    let block = PictureBlock(model, within: "")
    let caption =
      "\(grouped(parameterCount)) parameters, \(grouped(multiplyAdds)) multiply-adds"
    let margin = 20
    let width = max(block.width, PictureText.width(caption)) + 2 * margin
    let arrow = PictureBlock.gap
    let top = margin + arrow
    let height = top + block.height + arrow + 24 + margin
    var drawing = PictureDrawing()
    let middle = width / 2
    drawing.arrow(x: middle, from: margin, to: top, label: PictureText.shapes(model.inputs))
    block.draw(x: middle - block.width / 2, y: top, into: &drawing)
    let bottom = top + block.height
    drawing.arrow(
      x: middle, from: bottom, to: bottom + arrow, label: PictureText.shapes(model.outputs))
    drawing.text(caption, x: middle, y: bottom + arrow + 20, isFaint: true)
    return drawing.document(width: width, height: height, title: "\(model.kind): \(caption)")
  }
}
