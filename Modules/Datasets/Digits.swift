import Core
import Foundation

/// 1,797 handwritten digits of 8×8 pixels, bundled with the package, split 80/20.
///
/// ```swift
/// let digits = try Digits()
/// for batch in digits.training.batches(of: 32, using: &generator) {
///   print(batch.inputs.shape, batch.labels.shape)           // [32, 64] [32]
/// }
/// ```
///
/// Inputs are `float32` of shape [digit, 64], row by row from the top left pixel, from 0 (paper) to
/// 1 (ink); labels are `int64` from 0 to 9. The file stores pixels in sixteenths, so the inputs are
/// exact.
///
/// The split is drawn from a seed: 1,437 digits to train on and 360 to test on, always the same
/// ones for the same seed. Other seeds show whether a result depends on the split.
///
/// Source: [Alpaydin and Kaynak 1998]: https://doi.org/10.24432/C50P49, CC BY 4.0.
public struct Digits: Sendable {
  /// The side of a picture in pixels.
  public static let side = 8
  /// The number of classes.
  public static let classCount = 10

  /// The digits to train on.
  public let training: Dataset
  /// The digits to test on.
  public let test: Dataset

  /// Loads the digits and draws the split.
  ///
  /// - Parameter seed: Which split.
  /// - Throws: ``DataError`` when the bundled file was damaged.
  public init(seed: UInt64 = 7) throws(DataError) {
    var generator = RandomGenerator(seed: seed)
    (training, test) = try Digits.all().split(training: 0.8, using: &generator)
  }

  /// All digits in the order of the file.
  ///
  /// - Throws: ``DataError`` when the bundled file was damaged.
  public static func all() throws(DataError) -> Dataset {
    guard let path = Bundle.module.path(forResource: "digits", ofType: "csv") else {
      throw DataError(
        .unreadable, file: "digits.csv", at: .file, expected: "a resource of the module Datasets",
        found: "none in \(Bundle.module.bundlePath)")
    }
    return try load(path)
  }

  /// Reads a file of digits: 64 numbers from 0 to 16 and a label on each line.
  static func load(_ path: String) throws(DataError) -> Dataset {
    var reader = CSVReader(labelColumn: .last, labelKind: .classes(count: classCount))
    reader.valueRange = 0...16
    let table = try reader.read(path)
    guard table.columnCount == side * side else {
      throw DataError(
        .ragged, file: path, at: .line(1, column: nil), expected: "\(side * side + 1) fields",
        found: "\(table.columnCount + 1)")
    }
    return Dataset(table).mappingInputs { $0 / 16 }
  }
}
