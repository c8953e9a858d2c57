import Core

/// Words as points in the plane.
struct WordMap {
  var title: String
  var subtitle: String
  var words: [String]
  /// [word, 2]
  var points: Tensor

  /// Vectors in the plane of their two greatest variances, [word, 2], and the share of the variance
  /// that lies in it.
  static func principalPlane(of vectors: Tensor) -> (points: Tensor, share: Double) {
    let centred = (vectors - vectors.mean(along: 0, keepingAxes: true)).cast(to: .float64)
    let (values, axes) = symmetricEigen(matmul(centred.transposed(), centred))
    // Eigenvalues ascend.
    let width = vectors.shape[1]
    let plane = width > 1 ? axes[.all, (width - 2)...] : concatenated([axes, axes * 0], along: 1)
    let total = values.sum().item()
    let inside = values[max(width - 2, 0)...].sum().item()
    return (matmul(centred, plane), total > 0 ? inside / total : 0)
  }

  private static let width = 960.0
  private static let height = 760.0

  /// The picture as an SVG file. A word is left out, but not its point, where its text would lie on
  /// another's; earlier words go first.
  func svg() -> String {
    var canvas = SVGCanvas(width: Self.width, height: Self.height, title: title)
    canvas.text(title, at: .init(24, 32), size: 18, isBold: true)
    canvas.text(subtitle, at: .init(24, 52), size: 12, color: Palette.faintText)
    let x = points[.all, 1].scalars(as: Double.self)
    let y = points[.all, 0].scalars(as: Double.self)
    let (horizontal, vertical) = (Self.range(x), Self.range(y))
    var taken: [(left: Double, right: Double, y: Double)] = []
    for (index, word) in words.enumerated() {
      let place = SVGCanvas.Point(
        40 + (Self.width - 140) * (x[index] - horizontal.lowerBound)
          / (horizontal.upperBound - horizontal.lowerBound),
        Self.height - 36 - (Self.height - 116) * (y[index] - vertical.lowerBound)
          / (vertical.upperBound - vertical.lowerBound))
      canvas.disc(at: place, radius: 2.5, color: Palette.ordered(0, of: 2))
      let box = (left: place.x, right: place.x + 9 + 6.4 * Double(word.count), y: place.y)
      let isFree = !taken.contains {
        $0.left < box.right && box.left < $0.right && abs($0.y - box.y) < 12
      }
      guard isFree else { continue }
      taken.append(box)
      canvas.text(word, at: .init(place.x + 5, place.y + 4), size: 12)
    }
    return canvas.text
  }

  /// All values, with some room where they are one.
  private static func range(_ values: [Double]) -> ClosedRange<Double> {
    let (low, high) = (values.min() ?? 0, values.max() ?? 1)
    return high > low ? low...high : (low - 1)...(low + 1)
  }
}
