import Core
import Datasets

/// Pictures for the auto-encoder, [picture, 1, height, width], from 0 to 1.
struct AutoencoderData {
  let training: Dataset
  let test: Dataset
  /// Where they come from.
  let origin: String

  /// The bundled digits, split by a seed.
  init(seed: UInt64) throws(DataError) {
    let digits = try Digits(seed: seed)
    func pictures(_ dataset: Dataset) -> Dataset {
      dataset.mappingInputs { $0.reshaped([$0.shape[0], 1, Digits.side, Digits.side]) }
    }
    training = pictures(digits.training)
    test = pictures(digits.test)
    origin = "the bundled digits, split by seed \(seed)"
  }

  /// The pictures in a folder of four IDX files.
  init(folder: String) throws(DataError) {
    let images = try IDXImages(folder)
    for (name, dataset) in [("train", images.training), ("t10k", images.test)]
    where dataset.inputs.count == 0 {
      throw DataError(
        .empty, file: folder, at: .file, expected: "pictures in the files \(name)-…", found: "none")
    }
    training = images.training
    test = images.test
    origin = folder
  }

  /// Height and width.
  var size: [Int] { Array(training.inputs.shape.suffix(2)) }

  /// The mean squared error of the best constant answer, the mean picture of the training part.
  var variance: Double {
    let difference = test.inputs - training.inputs.mean(along: 0)
    return (difference * difference).mean().item()
  }
}
