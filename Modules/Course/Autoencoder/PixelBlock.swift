import Core

/// Draws matrices of numbers as blocks of coloured squares.
struct PixelBlock {
  /// The side of one square.
  let pixel: Double

  /// A picture with values from 0, white paper, to 1, dark ink.
  func drawGray(_ image: Tensor, at corner: SVGCanvas.Point, on canvas: inout SVGCanvas) {
    draw(image, at: corner, on: &canvas) { value in
      // 32 shades: neighbours of one shade are drawn as one rectangle.
      let shade = (min(max(value, 0), 1) * 31).rounded() / 31
      return Palette.blend([(255, 255, 255), (17, 24, 39)], at: shade)
    }
  }

  /// A kernel: 0 is white, the greatest magnitude, `scale`, blue where positive, orange where negative.
  func drawSigned(
    _ kernel: Tensor, scale: Double, at corner: SVGCanvas.Point, on canvas: inout SVGCanvas
  ) {
    draw(kernel, at: corner, on: &canvas) { value in
      let share = scale > 0 ? (value / scale + 1) / 2 : 0.5
      return Palette.blend(
        [(154, 52, 18), (249, 115, 22), (255, 255, 255), (59, 130, 246), (30, 58, 138)], at: share)
    }
  }

  /// Runs of one colour in a row, each as a rectangle.
  private func draw(
    _ matrix: Tensor, at corner: SVGCanvas.Point, on canvas: inout SVGCanvas,
    color: (Double) -> String
  ) {
    let (height, width) = (matrix.shape[0], matrix.shape[1])
    let colors = matrix.scalars(as: Double.self).map(color)
    for row in 0..<height {
      var first = 0
      for column in 1...width {
        let color = colors[row * width + first]
        if column < width, colors[row * width + column] == color { continue }
        canvas.rectangle(
          at: .init(corner.x + Double(first) * pixel, corner.y + Double(row) * pixel),
          width: Double(column - first) * pixel, height: pixel, color: color)
        first = column
      }
    }
  }
}
