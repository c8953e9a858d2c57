import Core

/// Pictures as PNG, PGM and PPM files.
///
/// ```swift
/// let picture = try ImageFile.read("photo.png")               // [3, height, width], 0…1
/// try ImageFile.write(1 - picture, to: "negative.png")
/// ```
///
/// A picture is a tensor [channel, height, width] with 1 channel (grey), 2 (grey, opacity),
/// 3 (red, green, blue) or 4 (red, green, blue, opacity), rows from the top.
public enum ImageFile {
  /// What the values of pixels mean.
  public enum Values: Sendable {
    /// `float32` from 0 to 1: the file's number divided by the greatest one.
    case unit
    /// `int32` as the file has them, for instance from 0 to 255.
    case integers
  }

  /// How many bits of each channel a file stores.
  public enum Depth: Int, Sendable, CaseIterable {
    /// Eight bits a sample.
    case eight = 8
    /// Sixteen bits a sample.
    case sixteen = 16

    /// The greatest number of a channel.
    var greatest: Int { 1 << rawValue - 1 }
  }

  /// Reads the picture at `path`, whose content, not its name, tells the format.
  ///
  /// PNG: all colour types, depths and interlacing; palettes become colours, and a transparent
  /// colour becomes a channel of opacity. PGM and PPM: text and binary, up to 16 bits.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - values: What to make of its numbers. Depths below 8 bits are `integers` as they are, for
  ///     instance 0 and 1, save those of a palette, which are 0 to 255.
  /// - Returns: The picture, [channel, height, width].
  /// - Throws: ``DataError`` when there is no such file or it is damaged.
  public static func read(_ path: String, as values: Values = .unit) throws(DataError) -> Tensor {
    try read(try openUnpacked(path), as: values)
  }

  /// Reads a picture that is in memory.
  ///
  /// - Parameters:
  ///   - bytes: The content of a file.
  ///   - values: What to make of its numbers.
  ///   - file: What error messages call it.
  public static func read(
    bytes: [UInt8], as values: Values = .unit, file: String = "picture"
  ) throws(DataError) -> Tensor {
    try read(MemorySource(bytes, name: file), as: values)
  }

  private static func read(
    _ source: any ByteSource, as values: Values
  ) throws(DataError) -> Tensor {
    let start = try source.bytes(2, of: "the start of a picture")
    switch (start[0], start[1]) {
    case (0x89, 0x50): return try PNGReader(source).read().tensor(values)
    case (UInt8(ascii: "P"), UInt8(ascii: "2")...UInt8(ascii: "6")):
      return try PNMReader(source, kind: start[1]).read().tensor(values)
    default:
      throw DataError(
        .unsupported, file: source.name, at: .offset(0),
        expected: "a picture in PNG, PGM or PPM", found: "bytes that begin none of them")
    }
  }

  /// Writes a picture in the format that the name's ending tells: `.png`, `.pgm` (1 channel),
  /// `.ppm` (3 channels) or `.pnm` (either). The file appears under its name only when it is
  /// complete.
  ///
  /// Traps for other endings and other numbers of channels.
  ///
  /// - Parameters:
  ///   - picture: [channel, height, width] or [height, width], not empty. Floating values are
  ///     rounded to the nearest of the steps from 0 to 1, those outside count as 0 or 1, and what is
  ///     not a number as 0; integers are from 0 to the greatest of the depth, 255 or 65,535, and
  ///     others count as the nearest.
  ///   - path: Where to.
  ///   - depth: Bits of each channel.
  ///   - isText: Whether PGM and PPM store digits to read rather than bytes.
  /// - Throws: ``DataError`` when the file cannot be written.
  public static func write(
    _ picture: Tensor, to path: String, depth: Depth = .eight, asText isText: Bool = false
  ) throws(DataError) {
    let pixels = Pixels(picture, depth)
    let ending = path.split(separator: ".").last?.lowercased() ?? ""
    switch (ending, pixels.channels) {
    case ("png", 1...4): try writeFile(encodePNG(pixels), to: path)
    case ("pgm", 1), ("ppm", 3), ("pnm", 1), ("pnm", 3):
      try writeFile(encodePNM(pixels, asText: isText), to: path)
    default:
      trap(
        "ImageFile: \(path) cannot hold \(pixels.channels) channels; name it .png for 1 to 4, .pgm "
          + "for 1 or .ppm for 3")
    }
  }
}
