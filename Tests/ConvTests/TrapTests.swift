import Conv
import Core
import Testing

/// Impossible configurations stop the program, and say both shapes and the arithmetic.
@Suite struct TrapTests {
  static func text(_ result: ExitTest.Result?) -> String {
    String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
  }

  @Test func `a kernel larger than the padded input`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = crossCorrelation(
        Tensor.zeros([2, 3, 8, 4]), Tensor.zeros([5, 3, 3, 4]), padding: [0, 1], dilation: [1, 2])
    }
    let text = Self.text(result)
    #expect(
      text.contains(
        "crossCorrelation: the kernel is larger than the padded input along width: 4 + 1 + 1 < 2 · (4 − 1) + 1 = 7; input [2, 3, 8, 4], weight [5, 3, 3, 4]"
      ))
  }

  @Test func `groups that do not divide`() async {
    let operands = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = convolution(Tensor.zeros([2, 4, 8]), Tensor.zeros([6, 2, 3]), groups: 3)
    }
    #expect(
      Self.text(operands).contains(
        "convolution: 3 groups do not divide 4 channels and 6 filters; input [2, 4, 8], weight [6, 2, 3]"
      ))
    let layer = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Conv2D(6, 8, kernel: 3, groups: 3)
    }
    #expect(
      Self.text(layer).contains("Conv2D: 3 groups do not divide 6 channels and 8 filters"))
    let back = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = TransposedConv1D(6, 8, kernel: 3, groups: 4)
    }
    #expect(
      Self.text(back).contains(
        "TransposedConv1D: 4 groups do not divide 6 inputs and 8 outputs"))
  }

  @Test func `a negative padding`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Conv2D(3, 4, kernel: 3, padding: [1, -2])(Tensor.zeros([1, 3, 9, 9]))
    }
    #expect(
      Self.text(result).contains(
        "Conv2D: the padding -2, -2 along width is negative; input [1, 3, 9, 9], weight [4, 3, 3, 3]"
      ))
  }

  @Test func `channels that do not fit`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Conv1D(3, 4, kernel: 3)(Tensor.zeros([2, 5, 9]))
    }
    #expect(
      Self.text(result).contains(
        "Conv1D: the input has 5 channels, the weight is for 3; input [2, 5, 9], weight [4, 3, 3]"))
    let groups = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = crossCorrelation(Tensor.zeros([2, 6, 9]), Tensor.zeros([4, 2, 3]), groups: 2)
    }
    #expect(
      Self.text(groups).contains(
        "the input has 6 channels, the weight is for 4 in 2 groups; input [2, 6, 9], weight [4, 2, 3]"
      ))
  }

  @Test func `a bias of another shape`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = crossCorrelation(
        Tensor.zeros([2, 3, 9]), Tensor.zeros([4, 3, 3]), bias: Tensor.zeros([3]))
    }
    #expect(
      Self.text(result).contains(
        "the bias has shape [3], there are 4 filters; input [2, 3, 9], weight [4, 3, 3]"))
  }

  @Test func `operands of other ranks and types`() async {
    let rank = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = crossCorrelation(Tensor.zeros([2, 3, 9, 9]), Tensor.zeros([4, 3, 3]))
    }
    #expect(Self.text(rank).contains("input [2, 3, 9, 9], weight [4, 3, 3]"))
    let type = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = crossCorrelation(
        Tensor.zeros([2, 3, 9]), Tensor.zeros([4, 3, 3], dtype: .float64))
    }
    #expect(
      Self.text(type).contains(
        "the operands must have one floating type: input float32, weight float64"))
  }

  @Test func `a transposed convolution of which the padding leaves nothing`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = transposedConvolution(Tensor.zeros([1, 2, 1]), Tensor.zeros([2, 1, 2]), padding: 1)
    }
    #expect(
      Self.text(result).contains(
        "transposedConvolution: the padding leaves no output along width: (1 − 1) · 1 + 1 + 1 − 1 − 1 + 0 = 0; input [1, 2, 1], weight [2, 1, 2]"
      ))
    let extra = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = transposedConvolution(
        Tensor.zeros([1, 2, 4]), Tensor.zeros([2, 1, 2]), stride: 2, outputPadding: 2)
    }
    #expect(
      Self.text(extra).contains(
        "the output padding 2 along width is not less than the stride 2; input [1, 2, 4], weight [2, 1, 2]"
      ))
  }

  @Test func `a decoded size that the encoder does not take to the code's`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = TransposedConv2D(2, 1, kernel: 2, stride: 2)(Tensor.zeros([1, 2, 3, 3]), size: [6, 9])
    }
    #expect(
      Self.text(result).contains("a size of 9 along width has 4 windows, not 3; input [1, 2, 3, 3]")
    )
  }

  @Test func `arithmetic traps as the layer itself does`() async {
    let kernel = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Conv2D(3, 4, kernel: 5).outputShape(for: [1, 3, 4, 9])
    }
    #expect(
      Self.text(kernel).contains(
        "Conv2D: the kernel is larger than the padded input along height: 4 + 0 + 0 < 1 · (5 − 1) + 1 = 5; input [1, 3, 4, 9], weight [4, 3, 5, 5]"
      ))
    let rank = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Conv2D(3, 4, kernel: 5).multiplyAdds(for: [9, 9])
    }
    #expect(Self.text(rank).contains("Conv2D: the input is not [batch, channels, space…]"))
    let matrix = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = ConvolutionMatrix(weight: [1, 1, 3], input: [1, 2])
    }
    #expect(
      Self.text(matrix).contains("2 + 0 + 0 < 1 · (3 − 1) + 1 = 3; input [1, 2], weight [1, 1, 3]"))
  }
}
