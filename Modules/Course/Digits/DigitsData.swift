import Core
import Datasets
import Foundation

/// Pictures that a perceptron learns to tell apart.
struct DigitsData {
  /// Inputs of shape [picture, pixel], from 0 to 1.
  let training: Dataset
  let test: Dataset
  let classCount: Int
  /// Height and width of a picture.
  let size: [Int]
  /// What the pictures are, in the plural.
  let noun: String
  /// Where they come from and how they were split, after a comma.
  let origin: String

  /// The bundled digits, split by a seed.
  init(seed: UInt64) throws(DataError) {
    let digits = try Digits(seed: seed)
    training = digits.training
    test = digits.test
    classCount = Digits.classCount
    size = [Digits.side, Digits.side]
    noun = "digits"
    origin = "split by seed \(seed)"
  }

  /// The pictures in a folder of four IDX files.
  ///
  /// Nothing in such files tells MNIST from Fashion-MNIST but the folder's name.
  init(folder: String) throws(DataError) {
    let name = (folder as NSString).standardizingPath
    let images =
      (name as NSString).lastPathComponent == "fashion-mnist"
      ? try FashionMNIST.load(folder) : try IDXImages(folder)
    for (part, dataset) in [("train", images.training), ("t10k", images.test)]
    where dataset.inputs.count == 0 {
      throw DataError(
        .empty, file: folder, at: .file, expected: "pictures in the files \(part)-…",
        found: "none")
    }
    func flat(_ dataset: Dataset) -> Dataset {
      dataset.mappingInputs { $0.reshaped([$0.shape[0], $0.count / $0.shape[0]]) }
    }
    training = flat(images.training)
    test = flat(images.test)
    classCount = images.classCount
    size = Array(images.training.inputs.shape.suffix(2))
    noun = "pictures"
    origin = "from \(folder)"
  }

  /// The name of a class in a sentence.
  func className(_ label: Int) -> String { training.classNames?[label] ?? "\(label)" }
}
