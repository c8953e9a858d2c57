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

  /// A picture as ``drawGray(_:at:on:)`` has it on paper that is warm where `heat`, from 0 to 1 and
  /// in the picture's shape, is high.
  func drawHeated(
    _ image: Tensor, heat: Tensor, at corner: SVGCanvas.Point, on canvas: inout SVGCanvas
  ) {
    let values = zip(image.scalars(as: Double.self), heat.scalars(as: Double.self))
    let colors = values.map { ink, heat in
      let warm = Palette.mixed(
        [(255, 255, 255), (254, 215, 130), (249, 115, 22), (194, 45, 18)],
        at: (min(max(heat, 0), 1) * 31).rounded() / 31)
      return Palette.blend([warm, (17, 24, 39)], at: (min(max(ink, 0), 1) * 27).rounded() / 31)
    }
    draw(colors, width: image.shape[1], at: corner, on: &canvas)
  }

  private func draw(
    _ matrix: Tensor, at corner: SVGCanvas.Point, on canvas: inout SVGCanvas,
    color: (Double) -> String
  ) {
    draw(
      matrix.scalars(as: Double.self).map(color), width: matrix.shape[1], at: corner, on: &canvas)
  }

  /// Runs of one colour in a row, each as a rectangle.
  private func draw(
    _ colors: [String], width: Int, at corner: SVGCanvas.Point, on canvas: inout SVGCanvas
  ) {
    let height = colors.count / max(width, 1)
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
