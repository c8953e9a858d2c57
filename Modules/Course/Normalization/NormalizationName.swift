import Conv
import Core
import Normalization

/// The normalisations that `course normalization` compares.
enum NormalizationName: String, CaseIterable {
  case none, batch, layer, instance, group, rms, weight, spectral

  var title: String { self == .rms ? "RMS" : rawValue }

  /// What it takes its statistics over, or does to the weight.
  var explanation: String {
    switch self {
    case .none: "as it is"
    case .batch: "batch and space, for each channel"
    case .layer: "channels and space, for each digit"
    case .instance: "space, for each channel of each digit"
    case .group: "space and four channels, for each digit"
    case .rms: "channels, for each pixel of each digit"
    case .weight: "the weight is a length and a direction"
    case .spectral: "the weight's largest singular value is 1"
    }
  }

  var color: String {
    switch self {
    case .none: "#6b7280"
    case .spectral: "#db2777"
    default: Palette.series[Self.allCases.firstIndex(of: self)! - 1]
    }
  }

  /// A convolution with the normalisation after it, or on its weight.
  ///
  /// - Parameter size: Height and width of the pictures.
  func block(_ convolution: Conv2D, channels: Int, size: [Int]) -> any Layer<Tensor, Tensor> {
    switch self {
    case .none: convolution
    case .batch: Normalized(convolution, by: BatchNormalization(channels))
    case .layer: Normalized(convolution, by: LayerNormalization([channels, size[0], size[1]]))
    case .instance:
      Normalized(convolution, by: InstanceNormalization(channels, isAffine: true))
    case .group: Normalized(convolution, by: GroupNormalization(groups: channels / 4, channels))
    case .rms: Normalized(convolution, by: ChannelNormalization(base: RMSNormalization(channels)))
    case .weight: WeightNormalized(convolution, of: \.weight)
    case .spectral: SpectrallyNormalized(convolution, of: \.weight)
    }
  }
}

/// A convolution and what comes after it.
private struct Normalized<Normalization: Layer<Tensor, Tensor>>: Layer {
  let convolution: Conv2D
  let normalization: Normalization

  init(_ convolution: Conv2D, by normalization: Normalization) {
    self.convolution = convolution
    self.normalization = normalization
  }

  func callAsFunction(_ x: Tensor) -> Tensor { normalization(convolution(x)) }
}

/// RMS normalisation over the channels of each pixel.
private struct ChannelNormalization: Layer {
  let base: RMSNormalization

  func callAsFunction(_ x: Tensor) -> Tensor {
    base(x.permuted([0, 2, 3, 1])).permuted([0, 3, 1, 2])  // [batch, channel, height, width]
  }
}
