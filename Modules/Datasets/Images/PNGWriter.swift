/// The content of a PNG file.
///
/// Each row has the filter whose differences are smallest in sum, which packs well.
func encodePNG(_ pixels: Pixels) -> [UInt8] {
  let sampleBytes = pixels.greatest > 255 ? 2 : 1
  let colour: PNGHeader.Colour =
    switch pixels.channels {
    case 1: .grey
    case 2: .greyWithOpacity
    case 3: .colour
    default: .colourWithOpacity
    }
  var header: [UInt8] = []
  header.appendBigEndian(UInt32(pixels.width))
  header.appendBigEndian(UInt32(pixels.height))
  header += [UInt8(8 * sampleBytes), colour.rawValue, 0, 0, 0]

  var bytes: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
  appendChunk("IHDR", header[...], to: &bytes)
  let data = zlibCompressed(
    filteredRows(pixels, sampleBytes: sampleBytes, pixelBytes: sampleBytes * pixels.channels))
  let part = 1 << 20
  for start in stride(from: 0, to: data.count, by: part) {
    appendChunk("IDAT", data[start..<min(start + part, data.count)], to: &bytes)
  }
  appendChunk("IEND", [], to: &bytes)
  return bytes
}

private func filteredRows(_ pixels: Pixels, sampleBytes: Int, pixelBytes: Int) -> [UInt8] {
  var bytes: [UInt8] = []
  bytes.reserveCapacity(pixels.samples.count * sampleBytes)
  for sample in pixels.samples {
    if sampleBytes == 2 { bytes.append(UInt8(sample >> 8)) }
    bytes.append(UInt8(sample & 255))
  }
  let rowBytes = pixels.width * pixelBytes
  var result: [UInt8] = []
  result.reserveCapacity(bytes.count + pixels.height)
  for row in 0..<pixels.height {
    let start = row * rowBytes
    let above = row == 0 ? nil : bytes[start - rowBytes..<start]
    var best: (cost: Int, filter: PNGFilter, bytes: [UInt8])?
    for filter in PNGFilter.allCases {
      let candidate = filter.apply(
        bytes[start..<start + rowBytes], above: above, pixelBytes: pixelBytes)
      let cost = candidate.reduce(0) { $0 + Int(Int8(bitPattern: $1).magnitude) }
      if cost < best?.cost ?? .max { best = (cost, filter, candidate) }
    }
    if let best {
      result.append(best.filter.rawValue)
      result.append(contentsOf: best.bytes)
    }
  }
  return result
}

private func appendChunk(_ type: String, _ data: ArraySlice<UInt8>, to bytes: inout [UInt8]) {
  bytes.appendBigEndian(UInt32(data.count))
  var crc = CRC32()
  crc.update(Array(type.utf8))
  crc.update(Array(data))
  bytes.append(contentsOf: type.utf8)
  bytes.append(contentsOf: data)
  bytes.appendBigEndian(crc.value)
}
