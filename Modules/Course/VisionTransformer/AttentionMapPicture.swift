import Core

/// Pictures, and beside each where every layer of a vision transformer looked.
struct AttentionMapPicture {
  let title: String
  let subtitle: String
  /// [picture, height, width], from 0 to 1.
  let pictures: Tensor
  /// For each layer, [picture, height, width], from 0 to 1.
  let maps: [Tensor]
  /// What is said of each picture.
  let captions: [String]

  private static let left = 190.0
  private static let top = 108.0
  private static let gap = 12.0

  /// The picture as an SVG file.
  func svg() -> String {
    let (height, width) = (pictures.shape[1], pictures.shape[2])
    let block = PixelBlock(pixel: max((88 / Double(width)).rounded(), 2))
    let (stepX, stepY) = (
      Double(width) * block.pixel + Self.gap, Double(height) * block.pixel + Self.gap
    )
    var canvas = SVGCanvas(
      width: max(Self.left + Double(maps.count + 1) * stepX + 20, 620),
      height: Self.top + Double(captions.count) * stepY + 16, title: title)
    canvas.text(title, at: .init(24, 34), size: 20, isBold: true)
    canvas.text(subtitle, at: .init(24, 56), size: 13, color: Palette.faintText)
    for column in 0...maps.count {
      canvas.text(
        column == 0 ? "picture" : "layer \(column)",
        at: .init(Self.left + (Double(column) + 0.5) * stepX - Self.gap / 2, Self.top - 12),
        size: 12, color: Palette.faintText, anchor: .middle)
    }
    for (row, caption) in captions.enumerated() {
      let y = Self.top + Double(row) * stepY
      canvas.text(caption, at: .init(24, y + stepY / 2), size: 13)
      for column in 0...maps.count {
        let corner = SVGCanvas.Point(Self.left + Double(column) * stepX, y)
        // A hairline around each, so that white paper has a border.
        canvas.rectangle(
          at: .init(corner.x - 1, corner.y - 1), width: stepX - Self.gap + 2,
          height: stepY - Self.gap + 2, color: Palette.grid)
        if column == 0 {
          block.drawGray(pictures[row], at: corner, on: &canvas)
        } else {
          block.drawHeated(pictures[row], heat: maps[column - 1][row], at: corner, on: &canvas)
        }
      }
    }
    return canvas.text
  }
}
