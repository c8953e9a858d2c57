import Core

/// A picture as files store it: channels side by side, row by row from the top.
struct Pixels {
  let channels: Int
  let height: Int
  let width: Int
  /// The number that stands for full intensity.
  let greatest: Int
  /// [height, width, channel]
  var samples: [UInt16]

  init(channels: Int, height: Int, width: Int, greatest: Int, samples: [UInt16]) {
    self.channels = channels
    self.height = height
    self.width = width
    self.greatest = greatest
    self.samples = samples
  }

  /// The picture as a tensor, [channel, height, width].
  func tensor(_ values: ImageFile.Values) -> Tensor {
    let shape: Shape = [channels, height, width]
    switch values {
    case .unit:
      // Dividing, rather than multiplying by the inverse, rounds correctly; there are few numbers.
      let steps = (0...greatest).map { Float($0) / Float(greatest) }
      return planes(shape) { steps[Int($0)] }
    case .integers: return planes(shape) { Int32($0) }
    }
  }

  private func planes<Scalar: TensorScalar>(
    _ shape: Shape, _ convert: (UInt16) -> Scalar
  ) -> Tensor {
    var result = Tensor(uninitialized: shape, dtype: Scalar.dtype)
    result.withMutableScalars(as: Scalar.self) { scalars in
      samples.withUnsafeBufferPointer { samples in
        let plane = height * width
        for channel in 0..<channels {
          for pixel in 0..<plane {
            scalars[channel * plane + pixel] = convert(samples[pixel * channels + channel])
          }
        }
      }
    }
    return result
  }

  /// The samples of a picture, [channel, height, width] or [height, width].
  init(_ picture: Tensor, _ depth: ImageFile.Depth) {
    require(
      (2...3).contains(picture.rank) && picture.count > 0 && picture.dtype != .bool,
      "ImageFile: a picture is [channel, height, width] and not empty; this is "
        + "\(picture.dtype) \(picture.shape)")
    let shape = Array(picture.shape)
    channels = picture.rank == 2 ? 1 : shape[0]
    height = shape[picture.rank - 2]
    width = shape[picture.rank - 1]
    greatest = depth.greatest
    let top = Double(greatest)
    let scale = picture.dtype.isFloating ? top : 1
    let scalars = picture.scalars(as: Double.self)
    samples = [UInt16](repeating: 0, count: scalars.count)
    let plane = height * width
    for channel in 0..<channels {
      for pixel in 0..<plane {
        let value = (scalars[channel * plane + pixel] * scale).rounded()
        // A comparison with what is not a number is false.
        samples[pixel * channels + channel] = value > 0 ? UInt16(min(value, top)) : 0
      }
    }
  }
}
