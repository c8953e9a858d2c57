import Core
import Foundation

/// Pictures to classify, in a folder of four IDX files as MNIST has them.
///
/// ```swift
/// let clothes = try IDXImages("/usr/share/datasets/fashion-mnist")
/// print(clothes.training.inputs.shape)                        // [60000, 1, 28, 28]
/// ```
///
/// The files are `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, `t10k-images-idx3-ubyte` and
/// `t10k-labels-idx1-ubyte`; `.gz` may follow the name, and a dot may stand for the last hyphen but
/// one. Inputs are `float32` of shape [image, 1, height, width], the file's bytes divided by 255, so
/// that they go from 0 to 1; labels are `int64`.
public struct IDXImages: Sendable {
  /// The pictures to learn from.
  public let training: Dataset
  /// The pictures to test on.
  public let test: Dataset
  /// The number of classes: one more than the greatest label, or as many as there are names.
  public let classCount: Int

  /// Loads the four files of a folder.
  ///
  /// - Parameters:
  ///   - folder: Where the files are.
  ///   - classNames: The names of the classes, if they have any; a label beyond them is an error.
  /// - Throws: ``DataError`` when a file is missing or damaged, or does not fit the others.
  public init(_ folder: String, classNames: [String]? = nil) throws(DataError) {
    let names = ["train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"]
    // All four must be there before the first is read.
    let paths = try names.map { name throws(DataError) in try Self.find(name, in: folder) }
    training = try Self.load(paths[0], paths[1], classNames)
    test = try Self.load(paths[2], paths[3], classNames)
    guard Self.size(training) == Self.size(test) else {
      throw DataError(
        .mismatched, file: paths[2], at: .offset(8),
        expected: "pictures of \(Self.size(training)) as in \(paths[0])", found: Self.size(test))
    }
    let greatest = [training, test].map {
      $0.isEmpty ? -1 : Int($0.labels.maximum().item())
    }
    classCount = classNames?.count ?? max(greatest[0], greatest[1]) + 1
  }

  private static func find(_ name: String, in folder: String) throws(DataError) -> String {
    let dotted = name.replacing("-idx", with: ".idx")
    let path = (folder as NSString).appendingPathComponent(name + "-ubyte")
    for candidate in [name, dotted] {
      for ending in ["-ubyte", "-ubyte.gz"] {
        let path = (folder as NSString).appendingPathComponent(candidate + ending)
        if FileManager.default.fileExists(atPath: path) { return path }
      }
    }
    throw DataError(
      .unreadable, file: path, at: .file, expected: "a file of this name, or with .gz behind it",
      found: FileManager.default.fileExists(atPath: folder) ? "none" : "no such folder")
  }

  private static func load(
    _ images: String, _ labels: String, _ classNames: [String]?
  ) throws(DataError) -> Dataset {
    let (pixels, classes) = (try IDXFile(images), try IDXFile(labels))
    try expect(pixels, rank: 3, "pictures, [image, height, width]")
    try expect(classes, rank: 1, "labels, [image]")
    guard pixels.shape[0] == classes.shape[0] else {
      throw DataError(
        .mismatched, file: labels, at: .offset(4),
        expected: "\(pixels.shape[0]) labels, as many as \(images) has pictures",
        found: "\(classes.shape[0])")
    }
    let y = try classes.read(as: .int64)
    if let classNames,
      let index = y.scalars(as: Int.self).firstIndex(where: { $0 >= classNames.count })
    {
      throw DataError(
        .badLabel, file: labels, at: .offset(8 + index),
        expected: "a class from 0 to \(classNames.count - 1)", found: "\(Int(y[index].item()))")
    }
    let x = try pixels.read(as: .float32) / 255
    return Dataset(
      inputs: x.reshaped([x.shape[0], 1, x.shape[1], x.shape[2]]), labels: y,
      classNames: classNames)
  }

  private static func expect(
    _ file: IDXFile, rank: Int, _ content: String
  ) throws(DataError) {
    guard file.elementType == .uint8, file.shape.count == rank else {
      throw DataError(
        .mismatched, file: file.path, at: .offset(2), expected: "\(content) of uint8",
        found: "\(file.shape) \(file.elementType)")
    }
  }

  private static func size(_ dataset: Dataset) -> String {
    "\(dataset.inputs.shape[2])×\(dataset.inputs.shape[3])"
  }
}

/// 70,000 pictures of clothes, 28×28, in ten classes, split 60,000 to 10,000.
///
/// ```swift
/// let clothes = try FashionMNIST.load()
/// print(clothes.training.classNames?[0] ?? "")                // T-shirt
/// ```
///
/// The data are not part of this package: Debian's package `dataset-fashion-mnist` installs them.
///
/// Source: [Xiao, Rasul and Vollgraf 2017]: https://arxiv.org/abs/1708.07747, MIT licence.
public enum FashionMNIST {
  /// Where Debian's package puts the files.
  public static let folder = "/usr/share/datasets/fashion-mnist"

  /// The names of the classes.
  public static let classNames = [
    "T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "trainer", "bag",
    "ankle boot",
  ]

  /// Loads the pictures.
  ///
  /// - Parameter folder: Where the four files are.
  /// - Throws: ``DataError``; where files are missing it says which package to install.
  public static func load(_ folder: String = folder) throws(DataError) -> IDXImages {
    do throws(DataError) {
      return try IDXImages(folder, classNames: classNames)
    } catch {
      guard error.kind == .unreadable, error.found == "none" || error.found == "no such folder"
      else { throw error }
      throw DataError(
        .unreadable, file: error.file, at: .file,
        expected: "Fashion-MNIST, which Debian's package dataset-fashion-mnist installs",
        found: error.found)
    }
  }
}
