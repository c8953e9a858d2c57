/// Reads PNG pictures (ISO/IEC 15948): every colour type, depth and interlacing.
struct PNGReader {
  private let chunks: PNGChunks
  private let header: PNGHeader
  private var palette: [UInt8] = []
  private var transparency: [UInt8] = []

  /// Reads a picture whose first two bytes were read.
  init(_ source: any ByteSource) throws(DataError) {
    let signature: [UInt8] = [0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    let found = try source.bytes(6, of: "the signature of a PNG file")
    guard found == signature else {
      throw DataError(
        .malformed, file: source.name, at: .offset(2),
        expected: "the signature of a PNG file, 4E 47 0D 0A 1A 0A",
        found: found.map { hexadecimal($0) }.joined(separator: " "))
    }
    chunks = try PNGChunks(source)
    guard chunks.current.type == "IHDR", chunks.current.length == 13 else {
      throw chunks.damage(
        .malformed, 8, "a chunk IHDR of 13 bytes",
        "\(chunks.current.type) of \(chunks.current.length)")
    }
    let data = try chunks.data(atMost: 13)
    header = try PNGHeader(data, file: source.name, at: chunks.current.offset)
  }

  consuming func read() throws(DataError) -> Pixels {
    try readUpToData()
    let data = ZlibSource(PNGDataSource(chunks))
    var bytes = try data.bytes(
      header.byteCount, of: "\(header.width)×\(header.height) pixels")
    try data.requireEnd(after: "\(header.width)×\(header.height) pixels")
    try readAfterData()
    var samples = [UInt16](
      repeating: 0, count: header.width * header.height * header.colour.channels)
    var start = 0
    for pass in header.passes {
      try unfilter(pass, &bytes, start)
      unpack(pass, bytes, start, &samples)
      start += pass.height * (header.rowBytes(pass.width) + 1)
    }
    return try expand(samples)
  }

  // MARK: - Chunks

  private mutating func readUpToData() throws(DataError) {
    while true {
      try chunks.advance()
      let offset = chunks.current.offset - 8
      switch chunks.current.type {
      case "IDAT":
        if header.colour == .palette, palette.isEmpty {
          throw chunks.damage(.malformed, offset, "a palette before the data", "none")
        }
        return
      case "PLTE":
        let entries = chunks.current.length / 3
        let most = header.colour == .palette ? 1 << header.depth : 256
        guard palette.isEmpty, chunks.current.length % 3 == 0, 1...most ~= entries else {
          throw chunks.damage(
            .malformed, offset, "one palette of 1 to \(most) colours of 3 bytes",
            palette.isEmpty ? "\(chunks.current.length) bytes" : "another one")
        }
        palette = try chunks.data(atMost: 768)
      case "tRNS":
        let length = chunks.current.length
        let isSound =
          switch header.colour {
          case .grey: length == 2
          case .colour: length == 6
          case .palette: length >= 1 && length <= palette.count / 3
          case .greyWithOpacity, .colourWithOpacity: false
          }
        guard isSound, transparency.isEmpty else {
          throw chunks.damage(
            .malformed, offset, "one chunk tRNS that suits the colour type and the palette",
            "\(length) bytes for colour type \(header.colour.rawValue)")
        }
        transparency = try chunks.data(atMost: 256)
      default: try skipOrdinary()
      }
    }
  }

  private func readAfterData() throws(DataError) {
    while chunks.current.type != "IEND" {
      guard chunks.current.type != "IDAT" else {
        throw chunks.damage(
          .malformed, chunks.current.offset - 8, "all IDAT chunks in a row", "another one")
      }
      try skipOrdinary()
      try chunks.advance()
    }
    try chunks.skip()
  }

  /// Skips a chunk that one need not know to show the picture: its name begins with a small letter.
  private func skipOrdinary() throws(DataError) {
    let type = chunks.current.type
    let isOrdinary = type.first?.isLowercase ?? false
    guard isOrdinary || type == "PLTE" && header.colour != .palette else {
      throw chunks.damage(
        type == "IEND" || type == "IHDR" ? .malformed : .unsupported, chunks.current.offset - 8,
        "a chunk that may stand here", type)
    }
    try chunks.skip()
  }

  // MARK: - Pixels

  /// Undoes the filters of the rows of a pass, in place.
  private func unfilter(
    _ pass: PNGHeader.Pass, _ bytes: inout [UInt8], _ start: Int
  ) throws(DataError) {
    let rowBytes = header.rowBytes(pass.width)
    let pixelBytes = max(1, header.colour.channels * header.depth / 8)
    try bytes.withUnsafeMutableBufferPointer { bytes throws(DataError) in
      for row in 0..<pass.height {
        let offset = start + row * (rowBytes + 1)
        guard let filter = PNGFilter(rawValue: bytes[offset]) else {
          throw DataError(
            .malformed, file: "\(chunks.source.name) (pixels)", at: .offset(offset),
            expected: "a filter from 0 to 4", found: "\(bytes[offset])")
        }
        filter.undo(
          UnsafeMutableBufferPointer(rebasing: bytes[offset + 1..<offset + 1 + rowBytes]),
          above: row == 0
            ? nil : UnsafeBufferPointer(rebasing: bytes[offset - rowBytes..<offset]),
          pixelBytes: pixelBytes)
      }
    }
  }

  /// Puts the samples of a pass in their places.
  private func unpack(
    _ pass: PNGHeader.Pass, _ bytes: [UInt8], _ start: Int, _ samples: inout [UInt16]
  ) {
    let channels = header.colour.channels
    let rowBytes = header.rowBytes(pass.width)
    let depth = header.depth
    bytes.withUnsafeBufferPointer { bytes in
      samples.withUnsafeMutableBufferPointer { samples in
        for row in 0..<pass.height {
          let source = start + row * (rowBytes + 1) + 1
          let target = (pass.y.start + row * pass.y.step) * header.width + pass.x.start
          for column in 0..<pass.width {
            let pixel = (target + column * pass.x.step) * channels
            for channel in 0..<channels {
              let index = column * channels + channel
              samples[pixel + channel] =
                switch depth {
                case 16:
                  UInt16(bytes[source + 2 * index]) << 8 | UInt16(bytes[source + 2 * index + 1])
                case 8: UInt16(bytes[source + index])
                default:
                  UInt16(bytes[source + index * depth / 8])
                    >> UInt16(8 - depth - index * depth % 8) & (1 << UInt16(depth) - 1)
                }
            }
          }
        }
      }
    }
  }

  /// Looks colours up and adds the opacity that a `tRNS` chunk gives.
  private func expand(_ samples: [UInt16]) throws(DataError) -> Pixels {
    let stored = header.colour.channels
    var result = samples
    var channels = stored
    var greatest = 1 << header.depth - 1
    if header.colour == .palette {
      let colours = palette.count / 3
      if let index = samples.firstIndex(where: { $0 >= colours }) {
        throw DataError(
          .outOfRange, file: "\(chunks.source.name) (pixels)", at: .offset(index),
          expected: "one of \(colours) colours of the palette", found: "\(samples[index])")
      }
      channels = transparency.isEmpty ? 3 : 4
      greatest = 255
      result.removeAll(keepingCapacity: true)
      result.reserveCapacity(samples.count * channels)
      for sample in samples {
        let index = Int(sample)
        for channel in 0..<3 { result.append(UInt16(palette[3 * index + channel])) }
        if channels == 4 {
          result.append(index < transparency.count ? UInt16(transparency[index]) : 255)
        }
      }
    } else if !transparency.isEmpty {
      channels = stored + 1
      let clear = stride(from: 0, to: transparency.count, by: 2).map {
        UInt16(transparency[$0]) << 8 | UInt16(transparency[$0 + 1])
      }
      result.removeAll(keepingCapacity: true)
      result.reserveCapacity(samples.count / stored * channels)
      for start in stride(from: 0, to: samples.count, by: stored) {
        let pixel = samples[start..<start + stored]
        result.append(contentsOf: pixel)
        result.append(pixel.elementsEqual(clear) ? 0 : UInt16(greatest))
      }
    }
    return Pixels(
      channels: channels, height: header.height, width: header.width, greatest: greatest,
      samples: result)
  }
}
