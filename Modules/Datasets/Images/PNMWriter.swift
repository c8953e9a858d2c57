/// The content of a PGM file for one channel, of a PPM file for three.
func encodePNM(_ pixels: Pixels, asText isText: Bool) -> [UInt8] {
  let isColour = pixels.channels == 3
  let kind = (isText ? 2 : 5) + (isColour ? 1 : 0)
  var bytes = Array("P\(kind)\n\(pixels.width) \(pixels.height)\n\(pixels.greatest)\n".utf8)
  if isText {
    // One pixel a line of colour, one row of grey broken before 70 columns, as the format asks.
    let inLine = isColour ? 3 : 11
    for row in 0..<pixels.height {
      let length = pixels.width * pixels.channels
      for column in 0..<length {
        bytes.append(contentsOf: "\(pixels.samples[row * length + column])".utf8)
        let isLast = column + 1 == length || (column + 1) % inLine == 0
        bytes.append(UInt8(ascii: isLast ? "\n" : " "))
      }
    }
  } else if pixels.greatest > 255 {
    for sample in pixels.samples { bytes.appendBigEndian(sample) }
  } else {
    bytes.append(contentsOf: pixels.samples.lazy.map(UInt8.init))
  }
  return bytes
}
