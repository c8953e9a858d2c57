/// The header of a PNG file: its size and the form of its pixels.
struct PNGHeader {
  enum Colour: UInt8 {
    case grey = 0
    case colour = 2
    case palette = 3
    case greyWithOpacity = 4
    case colourWithOpacity = 6

    /// Samples of a pixel as stored.
    var channels: Int {
      switch self {
      case .grey, .palette: 1
      case .greyWithOpacity: 2
      case .colour: 3
      case .colourWithOpacity: 4
      }
    }

    var depths: [Int] {
      switch self {
      case .grey: [1, 2, 4, 8, 16]
      case .palette: [1, 2, 4, 8]
      case .colour, .greyWithOpacity, .colourWithOpacity: [8, 16]
      }
    }
  }

  /// A part of the picture that is stored on its own: every `step`th pixel from a first one on.
  struct Pass {
    let x: (start: Int, step: Int)
    let y: (start: Int, step: Int)
    let width: Int
    let height: Int
  }

  let width: Int
  let height: Int
  let depth: Int
  let colour: Colour
  let isInterlaced: Bool

  /// Reads the 13 bytes of an `IHDR` chunk.
  init(_ data: [UInt8], file: String, at offset: Int) throws(DataError) {
    func damage(_ place: Int, _ expected: String, _ found: String) -> DataError {
      DataError(
        .malformed, file: file, at: .offset(offset + place), expected: expected, found: found)
    }
    width = data[0..<4].reduce(0) { $0 << 8 | Int($1) }
    height = data[4..<8].reduce(0) { $0 << 8 | Int($1) }
    guard 1..<1 << 31 ~= width, 1..<1 << 31 ~= height else {
      throw damage(0, "a width and a height from 1 to 2³¹ − 1", "\(width)×\(height)")
    }
    depth = Int(data[8])
    guard let colour = Colour(rawValue: data[9]) else {
      throw damage(9, "a colour type 0, 2, 3, 4 or 6", "\(data[9])")
    }
    self.colour = colour
    guard colour.depths.contains(depth) else {
      throw damage(8, "a depth among \(colour.depths) for colour type \(data[9])", "\(depth)")
    }
    guard data[10] == 0 else { throw damage(10, "compression method 0", "\(data[10])") }
    guard data[11] == 0 else { throw damage(11, "filter method 0", "\(data[11])") }
    guard data[12] <= 1 else { throw damage(12, "interlace method 0 or 1", "\(data[12])") }
    isInterlaced = data[12] == 1
  }

  /// Bytes of a row of `width` pixels, without the filter's.
  func rowBytes(_ width: Int) -> Int { (width * colour.channels * depth + 7) / 8 }

  /// The passes that have pixels: one, or up to seven of Adam7's.
  var passes: [Pass] {
    guard isInterlaced else {
      return [Pass(x: (0, 1), y: (0, 1), width: width, height: height)]
    }
    let starts = [(0, 0), (4, 0), (0, 4), (2, 0), (0, 2), (1, 0), (0, 1)]
    let steps = [(8, 8), (8, 8), (4, 8), (4, 4), (2, 4), (2, 2), (1, 2)]
    return zip(starts, steps).map { start, step in
      Pass(
        x: (start.0, step.0), y: (start.1, step.1),
        width: (width - start.0 + step.0 - 1) / step.0,
        height: (height - start.1 + step.1 - 1) / step.1)
    }.filter { $0.width > 0 && $0.height > 0 }
  }

  /// Bytes of all passes, with the filters'.
  var byteCount: Int {
    passes.reduce(0) { total, pass in
      let (sum, overflow) = total.addingReportingOverflow(
        pass.height.multipliedSaturating(by: rowBytes(pass.width) + 1))
      return overflow ? .max : sum
    }
  }
}
