import Conv
import Core
import LayerTesting
import Normalization
import Testing

@Suite struct DerivativeTests {
  /// Channels and space for every path of the kernels: planes, single columns, a block and a rest.
  @Test(arguments: [[4, 3], [3, 2, 5], [2, 3, 2, 3], [2, 2, 2, 2, 2], [3, 35]])
  func `batch normalisation keeps the laws of layers, to the second derivative`(
    _ shape: [Int]
  ) throws {
    try withRandom(seed: 1) {
      for averaging in [Averaging.exponential(momentum: 0.2), .cumulative] {
        let layer = BatchNormalization(shape[1], averaging: averaging)
        randomize(layer)
        try verify(layer: layer, at: normal(Shape(shape)), order: 2)
      }
    }
  }

  @Test func `without scale and shift, and without running statistics`() throws {
    try withRandom(seed: 2) {
      let plain = BatchNormalization(3, isAffine: false)
      try verify(layer: plain, at: normal([4, 3, 2]), order: 2)
      // Inference takes the batch's statistics, and an empty one has none.
      let forgetful = BatchNormalization(3, averaging: .none)
      randomize(forgetful)
      try verify(layer: forgetful, at: normal([4, 3, 2]), batchAxis: nil, order: 2)
    }
  }

  @Test func `layer and RMS normalisation`() throws {
    try withRandom(seed: 3) {
      for features in [[5], [3, 4], [19]] as [Shape] {
        let layer = LayerNormalization(features)
        let rms = RMSNormalization(features)
        randomize(layer)
        randomize(rms)
        let x = normal(Shape([3] + Array(features)))
        try verify(layer: layer, at: x, order: 2)
        try verify(layer: rms, at: x, order: 2)
        try verify(layer: LayerNormalization(features, isAffine: false), at: x, order: 2)
        try verify(layer: LayerNormalization(features, hasShift: false), at: x, order: 2)
        try verify(layer: RMSNormalization(features, isAffine: false), at: x, order: 2)
      }
    }
  }

  @Test func `group, instance and local response normalisation`() throws {
    try withRandom(seed: 4) {
      let group = GroupNormalization(groups: 2, 4)
      let instance = InstanceNormalization(3, isAffine: true)
      randomize(group)
      randomize(instance)
      try verify(layer: group, at: normal([2, 4, 3]), order: 2)
      try verify(layer: instance, at: normal([2, 3, 2, 2]), order: 2)
      try verify(
        layer: LocalResponseNormalization(3, alpha: 0.7), at: normal([2, 5, 2]), order: 2)
    }
  }

  @Test func `wrapped weights`() throws {
    try withRandom(seed: 5) {
      let dense = WeightNormalized(Dense(4, 3), of: \.weight)
      let whole = WeightNormalized(Dense(4, 3), of: \.weight, axis: nil)
      let conv = WeightNormalized(Conv2D(2, 3, kernel: 2), of: \.weight)
      try verify(layer: dense, at: normal([2, 4]), order: 2)
      try verify(layer: whole, at: normal([2, 4]), order: 2)
      try verify(layer: conv, at: normal([1, 2, 3, 3]), order: 2)
    }
  }

  @Test func `a spectrally normalised weight, its vectors constant`() throws {
    try withRandom(seed: 6) {
      // Without rounds the vectors stay as they are, so finite differences see them constant too.
      let dense = SpectrallyNormalized(Dense(4, 3), of: \.weight, rounds: 0)
      let conv = SpectrallyNormalized(Conv2D(2, 3, kernel: 2), of: \.weight, rounds: 0)
      try verify(layer: dense, at: normal([2, 4]), order: 2)
      try verify(layer: conv, at: normal([1, 2, 3, 3]), order: 2)
    }
  }

  @Test func `dropout of every kind`() throws {
    try withRandom(seed: 7) {
      try verify(layer: Dropout(0.4), at: normal([3, 5]), order: 2)
      try verify(layer: ChannelDropout(0.4), at: normal([3, 4, 2]), order: 2)
      try verify(layer: AlphaDropout(0.4), at: normal([3, 5]), order: 2)
      try verify(layer: AlphaDropout(0.4, isChannelwise: true), at: normal([3, 4, 2]), order: 2)
      try verify(layer: DropPath(0.4), at: normal([6, 4]), order: 2)
    }
  }
}

/// Other values than the ones and zeros that scale and shift start from.
func randomize(_ layer: some Layer) {
  for parameter in layer.parameters where !(parameter is Buffer) {
    parameter.value = normal(parameter.shape)
  }
}

/// Normal numbers from the innermost random scope.
func normal(_ shape: Shape, dtype: DType = .float32) -> Tensor {
  var generator = RandomGenerator.split()
  return .randomNormal(shape, dtype: dtype, using: &generator)
}
