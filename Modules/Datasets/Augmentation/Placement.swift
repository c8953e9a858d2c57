import Core

/// Where a picture's pixels go, without interpolation: pixel (0, 0) of the result shows pixel
/// (top, left), before it is mirrored.
struct Placement {
  var top = 0
  var left = 0
  var flipsColumns = false
  var flipsRows = false
}

/// Each picture at its place, in pictures of `height`×`width` that are `fill` elsewhere.
func placed(
  _ images: Tensor, _ placements: [Placement], height: Int, width: Int, fill: Double
) -> Tensor {
  images.dtype == .float64
    ? placed(images, placements, height, width, fill: fill)
    : placed(images, placements, height, width, fill: Float(fill))
}

private func placed<Scalar: TensorScalar>(
  _ images: Tensor, _ placements: [Placement], _ height: Int, _ width: Int, fill: Scalar
) -> Tensor {
  let source = (height: images.shape[2], width: images.shape[3])
  let channels = images.shape[1]
  return mappedImages(images, as: Scalar.self, height: height, width: width) { index, from, to in
    let place = placements[index]
    // The columns of the result that show some of the picture.
    let columns = max(0, -place.left)..<max(0, -place.left, min(width, source.width - place.left))
    for channel in 0..<channels {
      for row in 0..<height {
        let target = to + (channel * height + row) * width
        let sourceRow = place.top + row
        guard 0..<source.height ~= sourceRow, !columns.isEmpty else {
          target.update(repeating: fill, count: width)
          continue
        }
        let line =
          from
          + (channel * source.height
            + (place.flipsRows ? source.height - 1 - sourceRow : sourceRow)) * source.width
        target.update(repeating: fill, count: columns.lowerBound)
        (target + columns.upperBound).update(repeating: fill, count: width - columns.upperBound)
        if place.flipsColumns {
          for column in columns { target[column] = line[source.width - 1 - place.left - column] }
        } else {
          (target + columns.lowerBound).update(
            from: line + place.left + columns.lowerBound, count: columns.count)
        }
      }
    }
  }
}
