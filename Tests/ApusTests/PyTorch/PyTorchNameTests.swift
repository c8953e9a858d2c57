import Apus
import Testing

/// The keys of PyTorch's `state_dict`s, as torch 2.15 prints them, with their shapes.
@Suite struct PyTorchStateNameTests {
  private func names(_ layer: some Layer) -> Set<String> {
    Set(zip(layer.pyTorchNames, layer.parameters).map { "\($0.pyTorch) \($1.shape)" })
  }

  @Test func `recurrent layers and cells`() {
    let network = Sequential { LSTM(2, 3, layers: 2, bidirectional: true) }
    var expected: Set<String> = []
    for (layer, inputs) in [2, 6].enumerated() {
      for direction in ["", "_reverse"] {
        let end = "_l\(layer)\(direction)"
        expected.formUnion([
          "0.weight_ih\(end) [12, \(inputs)]", "0.weight_hh\(end) [12, 3]", "0.bias_ih\(end) [12]",
          "0.bias_hh\(end) [12]",
        ])
      }
    }
    #expect(names(network) == expected)
    #expect(
      names(GRUCell(2, 3)) == [
        "weight_ih [9, 2]", "weight_hh [9, 3]", "bias_ih [9]", "bias_hh [9]",
      ])
    #expect(
      names(ElmanRNN(2, 3, hasBias: false)) == ["weight_ih_l0 [3, 2]", "weight_hh_l0 [3, 3]"])
    let own = LSTMCell(2, 3, hasPeepholes: true).pyTorchNames.map(\.pyTorch)
    #expect(own.contains("peepholes") && own.contains("weight_hh"))
  }

  @Test func `attention and transformers`() {
    #expect(
      names(MultiHeadAttention(4, heads: 2)) == [
        "in_proj_weight [12, 4]", "in_proj_bias [12]", "out_proj.weight [4, 4]",
        "out_proj.bias [4]",
      ])
    #expect(
      names(MultiHeadAttention(4, heads: 2, keyWidth: 3, valueWidth: 5)) == [
        "q_proj_weight [4, 4]", "k_proj_weight [4, 3]", "v_proj_weight [4, 5]", "in_proj_bias [12]",
        "out_proj.weight [4, 4]", "out_proj.bias [4]",
      ])
    let layer = TransformerDecoderLayer(.init(width: 4, heads: 2, hidden: 6))
    let found = names(layer)
    for name in [
      "self_attn.in_proj_weight [12, 4]", "multihead_attn.out_proj.bias [4]",
      "linear1.weight [6, 4]",
      "linear2.weight [4, 6]", "norm3.bias [4]",
    ] { #expect(found.contains(name), "\(name)") }
  }

  @Test func `layers whose names are PyTorch's own`() {
    #expect(names(Embedding(3, 2)) == ["weight [3, 2]"])
    #expect(names(PReLU(channels: 4)) == ["weight [4]"])
    #expect(
      names(TransposedConv2D(2, 4, kernel: 3, groups: 2)) == ["weight [2, 2, 3, 3]", "bias [4]"])
  }
}
