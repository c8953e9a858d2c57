import Conv
import Core
import Normalization
import Testing

/// The keys of PyTorch's `state_dict`s, as torch 2.15 prints them.
@Suite struct PyTorchNameTests {
  private func names(_ layer: some Layer) -> [String] { layer.pyTorchNames.map(\.pyTorch) }

  @Test func `layers`() {
    #expect(
      names(BatchNormalization(2)) == [
        "weight", "bias", "running_mean", "running_var", "num_batches_tracked",
      ])
    #expect(names(BatchNormalization(2, averaging: .none, isAffine: false)) == [])
    #expect(names(LayerNormalization(2)) == ["weight", "bias"])
    #expect(names(RMSNormalization(2)) == ["weight"])
    #expect(names(GroupNormalization(groups: 2, 4)) == ["weight", "bias"])
    #expect(names(InstanceNormalization(2, isAffine: true)) == ["weight", "bias"])
  }

  @Test func `wrapped layers, as parametrizations have them`() {
    #expect(
      Set(names(WeightNormalized(Dense(2, 3), of: \.weight))) == [
        "bias", "parametrizations.weight.original0", "parametrizations.weight.original1",
      ])
    #expect(
      Set(names(SpectrallyNormalized(Conv2D(1, 2, kernel: 3), of: \.weight))) == [
        "bias", "parametrizations.weight.original", "parametrizations.weight.0._u",
        "parametrizations.weight.0._v",
      ])
    let inner = Sequential {
      Dense(2, 2)
      LayerNormalization(2)
    }
    #expect(
      Set(names(WeightNormalized(inner, of: \.body.first.weight))) == [
        "0.bias", "0.parametrizations.weight.original0", "0.parametrizations.weight.original1",
        "1.weight", "1.bias",
      ])
  }

  @Test func `networks`() {
    let network = Sequential {
      Conv2D(1, 2, kernel: 3, hasBias: false)
      BatchNormalization(2, isAffine: false)
      Dense(2, 2)
    }
    #expect(
      names(network) == [
        "0.weight", "1.running_mean", "1.running_var", "1.num_batches_tracked", "2.weight",
        "2.bias",
      ])
  }
}
