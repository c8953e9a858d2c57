import Conv
import Core
import Testing

/// The network of course document 001, question 3, as a user would write it.
private struct Worked: Layer {
  let first = Conv2D(3, 32, kernel: 8, stride: 2, padding: 3, activation: .relu)
  let pool = MaxPool2D(kernel: 2)
  let second = Conv2D(32, 64, kernel: 3, padding: 1)

  func callAsFunction(_ x: Tensor) -> Tensor { second(pool(first(x))) }
}

/// Operations of its own, a branch, a layer used twice, a parameter that nobody uses.
private struct Branched: Layer {
  let scale = Parameter(Tensor([2, 2, 2]))
  let shared = Dense(4, 4, hasBias: false)
  let blocks = [Dense(4, 3), Dense(4, 3)]
  let unused = Parameter(.zeros([7]))
  let running = Buffer(.zeros([5]))

  func callAsFunction(_ x: Tensor) -> Tensor {
    let h = shared(tanh(shared(x)))
    return matmul(blocks[0](h) + blocks[1](h), scale.value)
  }
}

/// A layer that reports itself.
private struct Projection: Layer {
  let matrix = Parameter(.ones([4, 2]))

  func callAsFunction(_ x: Tensor) -> Tensor {
    reported(self, x) { x in matmul(x, matrix.value) }
  }
}

@Suite struct SummaryTests {
  @Test func `the worked network: shapes, parameters and multiply-adds`() {
    let summary = summary(of: Worked(), input: [1, 3, 128, 128])
    #expect(summary.rows.map(\.name) == ["first", "pool", "second"])
    #expect(
      summary.rows.map(\.outputs) == [[[1, 32, 64, 64]], [[1, 32, 32, 32]], [[1, 64, 32, 32]]])
    #expect(summary.rows.map(\.inputs)[0] == [[1, 3, 128, 128]])
    #expect(summary.rows.map(\.parameterCount) == [6144 + 32, 0, 18_432 + 64])
    #expect(summary.rows.map(\.multiplyAdds) == [25_165_824, 0, 18_874_368])
    #expect(summary.parameterCount == 6176 + 18_496)
    #expect(summary.multiplyAdds == 44_040_192)
    let lines = summary.description.split(separator: "\n").map(String.init)
    #expect(lines.count == 7)
    #expect(lines[2].contains("Conv2D 8×8, stride 2, relu  [1, 32, 64, 64]"))
    #expect(lines[4].hasSuffix("18,496     18,874,368"))
    #expect(lines[6].hasPrefix("total") && lines[6].hasSuffix("24,672     44,040,192"))
  }

  @Test func `a layer's foretold products are those counted`() {
    let x: Shape = [2, 4, 9, 8]
    let conv = Conv2D(4, 6, kernel: [3, 2], stride: 2, padding: 1, dilation: [1, 2], groups: 2)
    #expect(summary(of: conv, input: x).multiplyAdds == conv.multiplyAdds(for: x))
    let back = TransposedConv2D(4, 6, kernel: 3, stride: 2, groups: 2)
    #expect(summary(of: back, input: x).multiplyAdds == back.multiplyAdds(for: x))
    let separable = DepthwiseSeparableConv2D(4, 8, kernel: 3)
    let parts = summary(of: separable, input: x)
    #expect(parts.multiplyAdds == separable.multiplyAdds(for: x))
    #expect(parts.rows.map(\.name) == ["depthwise", "pointwise"])
    #expect(parts.rows[0].kind == "Conv2D 3×3, groups 4")
  }

  @Test func `layers in a sequence are named by position, whatever they are`() {
    let model = Sequential {
      Conv1D(2, 3, kernel: 3)
      Lambda { tanh($0) }
      MaxPool1D(kernel: 2)
      Lambda { $0.flattened(from: 1) }
      Sequential {
        Dense(9, 4, activation: .relu)
        for _ in 0..<2 { Dense(4, 4) }
      }
    }
    let summary = summary(of: model, input: [5, 2, 8])
    #expect(summary.rows.map(\.name) == ["0", "1", "2", "3", "4.0", "4.1", "4.2"])
    #expect(
      summary.rows.map(\.kind) == [
        "Conv1D 3", "Lambda", "MaxPool1D 2, stride 2", "Lambda", "Dense, relu", "Dense", "Dense",
      ])
    #expect(summary.rows.map { $0.outputs[0] }[3] == [5, 9])
    #expect(summary.rows[4].multiplyAdds == 5 * 9 * 4)
    // The tree keeps the sequence inside.
    #expect(summary.model.parts.map(\.kind)[4] == "Sequential")
    #expect(summary.model.parts[4].parts.count == 3)
    #expect(summary.parameterCount == model.parameterCount)
  }

  @Test func `what a layer does beside its parts has a row of its own`() {
    let summary = summary(of: Branched(), input: [6, 4])
    #expect(summary.rows.map(\.name) == ["shared", "shared", "blocks.0", "blocks.1", ""])
    #expect(summary.rows.map(\.parameterCount) == [16, 0, 15, 15, 3 + 7])
    #expect(summary.rows.map(\.sharedCount) == [0, 16, 0, 0, 0])
    #expect(summary.rows.map(\.multiplyAdds) == [96, 96, 72, 72, 18])
    #expect(summary.rows[4].kind == "Branched" && summary.rows[4].outputs == [[6]])
    #expect(summary.parameterCount == 56 && summary.bufferCount == 5)
    #expect(summary.description.contains("0 + 16 shared"))
    #expect(summary.description.hasSuffix("buffers: 5"))
  }

  @Test func `a layer of one's own can report itself`() {
    let model = Sequential {
      Projection()
      Untouched()
    }
    let summary = summary(of: model, input: [3, 4])
    // Reported by the sequence and by itself, it is there once.
    #expect(summary.rows.map(\.kind) == ["Projection", "Untouched"])
    #expect(summary.rows.map(\.multiplyAdds) == [24, 0])
  }

  @Test func `a tied decoder counts the weight once`() {
    let model = ConvolutionalAutoencoder(1, 8, kernel: 3)
    let summary = summary(of: model, input: [1, 1, 8, 8])
    #expect(summary.rows.map(\.name) == ["encoder", "decoder"])
    #expect(summary.rows.map(\.parameterCount) == [80, 1])
    #expect(summary.rows.map(\.sharedCount) == [0, 72])
  }

  @Test func `frozen parameters are counted apart, and nothing is recorded or left behind`() {
    let model = Dense(3, 2)
    model.setFrozen(true)
    let frozen = summary(of: model, input: [1, 3])
    #expect(frozen.parameterCount == 0 && frozen.frozenCount == 8)
    let x = Tensor([[1.0, 2, 3]])
    let gradient = gradient(at: x) { x in
      _ = summary(of: model, at: x)
      return (x * x).sum()
    }
    #expect(gradient == 2 * x)
  }
}

private struct Untouched: Layer {
  func callAsFunction(_ x: Tensor) -> Tensor { x }
}
