/// How PNG stores a row: as differences from what is left of it and above it.
enum PNGFilter: UInt8, CaseIterable {
  case none, left, above, average, paeth

  /// The bytes of a row from their differences, in place.
  ///
  /// - Parameters:
  ///   - row: The differences.
  ///   - above: The row above, of which the first has none.
  ///   - pixelBytes: How far left a byte's counterpart is.
  func undo(
    _ row: UnsafeMutableBufferPointer<UInt8>, above: UnsafeBufferPointer<UInt8>?, pixelBytes: Int
  ) {
    if self == .none || self == .above && above == nil { return }
    for index in row.indices {
      let left = index >= pixelBytes ? row[index - pixelBytes] : 0
      let up = above?[index] ?? 0
      let corner = index >= pixelBytes ? above?[index - pixelBytes] ?? 0 : 0
      row[index] &+= prediction(left, up, corner)
    }
  }

  /// The differences of a row from its prediction.
  func apply(_ row: ArraySlice<UInt8>, above: ArraySlice<UInt8>?, pixelBytes: Int) -> [UInt8] {
    row.withUnsafeBufferPointer { row in
      row.indices.map { index in
        let left = index >= pixelBytes ? row[index - pixelBytes] : 0
        var (up, corner) = (UInt8(0), UInt8(0))
        if let above {
          up = above[above.startIndex + index]
          if index >= pixelBytes { corner = above[above.startIndex + index - pixelBytes] }
        }
        return row[index] &- prediction(left, up, corner)
      }
    }
  }

  @inline(__always)
  private func prediction(_ left: UInt8, _ above: UInt8, _ corner: UInt8) -> UInt8 {
    switch self {
    case .none: return 0
    case .left: return left
    case .above: return above
    case .average: return UInt8((Int(left) + Int(above)) / 2)
    case .paeth:
      // The neighbour nearest to left + above − corner; of equally near ones the first.
      let (a, b, c) = (Int(left), Int(above), Int(corner))
      let (toLeft, toAbove, toCorner) = (abs(b - c), abs(a - c), abs(a + b - 2 * c))
      if toLeft <= toAbove && toLeft <= toCorner { return left }
      return toAbove <= toCorner ? above : corner
    }
  }
}
