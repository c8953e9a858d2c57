import Core

/// Where a pixel of the result comes from, seen from the centres:
///
/// ```
/// x = c (x′ − shiftX) + s (y′ − shiftY),   y = −s (x′ − shiftX) + c (y′ − shiftY)
/// ```
struct AffineMap {
  var cosine: Double
  var sine: Double
  var shiftX: Double
  var shiftY: Double
}

/// Each picture through its map, interpolated linearly, in pictures of the same size that are `fill`
/// outside.
func resampled(_ images: Tensor, _ maps: [AffineMap], fill: Double) -> Tensor {
  images.dtype == .float64
    ? interpolated(images, maps, fill: fill) : interpolated(images, maps, fill: Float(fill))
}

private func interpolated<Scalar: TensorScalar & BinaryFloatingPoint>(
  _ images: Tensor, _ maps: [AffineMap], fill: Scalar
) -> Tensor {
  let (channels, height, width) = (images.shape[1], images.shape[2], images.shape[3])
  let plane = height * width
  let centre = (x: Double(width - 1) / 2, y: Double(height - 1) / 2)
  return mappedImages(images, as: Scalar.self, height: height, width: width) { index, from, to in
    let map = maps[index]
    for row in 0..<height {
      let dy = Double(row) - centre.y - map.shiftY
      for column in 0..<width {
        let dx = Double(column) - centre.x - map.shiftX
        let x = map.cosine * dx + map.sine * dy + centre.x
        let y = map.cosine * dy - map.sine * dx + centre.y
        let target = to + row * width + column
        // Comparing before converting also keeps huge numbers from overflowing.
        guard x > -1, y > -1, x < Double(width), y < Double(height) else {
          for channel in 0..<channels { target[channel * plane] = fill }
          continue
        }
        // ⌊x⌋ for x > −1, without a call of the system's.
        let (left, top) = (Int(x + 1) - 1, Int(y + 1) - 1)
        let (right, down) = (Scalar(x - Double(left)), Scalar(y - Double(top)))
        let isInside = left >= 0 && top >= 0 && left + 1 < width && top + 1 < height
        for channel in 0..<channels {
          let picture = from + channel * plane
          let corner = top * width + left
          func pixel(_ dy: Int, _ dx: Int) -> Scalar {
            0..<height ~= top + dy && 0..<width ~= left + dx
              ? picture[corner + dy * width + dx] : fill
          }
          let (a, b, c, d) =
            isInside
            ? (
              picture[corner], picture[corner + 1], picture[corner + width],
              picture[corner + width + 1]
            ) : (pixel(0, 0), pixel(0, 1), pixel(1, 0), pixel(1, 1))
          let upper = a * (1 - right) + b * right
          let lower = c * (1 - right) + d * right
          target[channel * plane] = upper * (1 - down) + lower * down
        }
      }
    }
  }
}
