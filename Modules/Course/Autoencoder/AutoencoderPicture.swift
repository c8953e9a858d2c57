import Conv
import Core

/// Pictures, what each auto-encoder makes of them, and the filters it has learned.
struct AutoencoderPicture {
  let title: String
  let subtitle: String
  /// [picture, 1, height, width]
  let originals: Tensor
  let trainings: [AutoencoderTraining]
  /// The last errors on the test part, one for each training.
  let errors: [Double]

  private static let left = 176.0
  private static let top = 92.0
  private static let gap = 10.0

  private struct Row {
    var name: String
    var caption: String
    var images: [Tensor]
    /// The greatest magnitude of a kernel; `nil` for a row of pictures.
    var scale: Double?
  }

  /// The picture as an SVG file.
  func svg() -> String {
    let (pictures, kernels) = (pictureRows, kernelRows)
    let pictureBlock = PixelBlock(pixel: max((72 / Double(originals.shape[3])).rounded(), 2))
    let kernelBlock = PixelBlock(
      pixel: max((54 / Double(kernels[0].images[0].shape[1])).rounded(), 2))
    func extent(_ rows: [Row], _ block: PixelBlock) -> (width: Double, height: Double) {
      let image = rows[0].images[0]
      return (
        (Double(image.shape[1]) * block.pixel + Self.gap) * Double(rows[0].images.count),
        (Double(image.shape[0]) * block.pixel + Self.gap) * Double(rows.count)
      )
    }
    let (first, second) = (extent(pictures, pictureBlock), extent(kernels, kernelBlock))
    var canvas = SVGCanvas(
      width: Self.left + max(first.width, second.width, 560) + 14,
      height: Self.top + first.height + 62 + second.height + 20, title: title)
    canvas.text(title, at: .init(24, 34), size: 20, isBold: true)
    canvas.text(subtitle, at: .init(24, 56), size: 13, color: Palette.faintText)
    draw(pictures, pictureBlock, top: Self.top, on: &canvas)
    let below = Self.top + first.height + 50
    canvas.text(
      "Filters", at: .init(24, below - 16), size: 14, isBold: true)
    canvas.text(
      "blue adds ink, orange takes it away", at: .init(Self.left, below - 16), size: 11.5,
      color: Palette.faintText)
    draw(kernels, kernelBlock, top: below, on: &canvas)
    return canvas.text
  }

  private var pictureRows: [Row] {
    func images(_ batch: Tensor) -> [Tensor] { (0..<batch.shape[0]).map { batch[$0, 0] } }
    return [Row(name: "original", caption: "test pictures", images: images(originals))]
      + zip(trainings, errors).map { training, error in
        Row(
          name: training.name, caption: "squared error \(fixed(error, 4))",
          images: images(training.model(originals)))
      }
  }

  private var kernelRows: [Row] {
    func row(_ name: String, _ caption: String, _ weight: Parameter) -> Row {
      let kernels = weight.value  // [filter, 1, height, width]
      return Row(
        name: name, caption: caption,
        images: (0..<min(kernels.shape[0], 12)).map { kernels[$0, 0] },
        scale: abs(kernels).maximum().item())
    }
    return trainings.flatMap { training in
      training.model.isTied
        ? [row(training.name, "encoder and decoder", training.model.encoder.weight)]
        : [
          row(training.name, "encoder", training.model.encoder.weight),
          row(training.name, "decoder", training.model.decoder.weight),
        ]
    }
  }

  private func draw(
    _ rows: [Row], _ block: PixelBlock, top: Double, on canvas: inout SVGCanvas
  ) {
    for (index, row) in rows.enumerated() {
      let height = Double(row.images[0].shape[0]) * block.pixel
      let y = top + Double(index) * (height + Self.gap)
      canvas.text(row.name, at: .init(24, y + height / 2 - 2), size: 13, isBold: true)
      canvas.text(
        row.caption, at: .init(24, y + height / 2 + 14), size: 11.5, color: Palette.faintText)
      for (place, image) in row.images.enumerated() {
        let width = Double(image.shape[1]) * block.pixel
        let corner = SVGCanvas.Point(Self.left + Double(place) * (width + Self.gap), y)
        // A hairline around each, so that white paper has a border.
        canvas.rectangle(
          at: .init(corner.x - 1, corner.y - 1), width: width + 2, height: height + 2,
          color: Palette.grid)
        if let scale = row.scale {
          block.drawSigned(image, scale: scale, at: corner, on: &canvas)
        } else {
          block.drawGray(image, at: corner, on: &canvas)
        }
      }
    }
  }
}
