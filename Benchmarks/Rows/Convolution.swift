import Conv
import Core

// Convolutions of images without bias, forward, and forward with the gradients of input and weight
// for a random upstream gradient. Floating-point operations are those of the definition, whatever
// the algorithm; so a fraction of the peak may exceed 1.

extension Catalogue {
  static var convolution: [Row] {
    let cases = [
      ConvolutionCase([32, 1, 28, 28], 32, kernel: 3, padding: 1),
      ConvolutionCase([32, 32, 28, 28], 64, kernel: 3, padding: 1),
      ConvolutionCase([16, 64, 56, 56], 64, kernel: 3, padding: 1),
      ConvolutionCase([16, 128, 28, 28], 128, kernel: 3, padding: 1),
      ConvolutionCase([8, 256, 14, 14], 256, kernel: 3, padding: 1),
      ConvolutionCase([1, 3, 224, 224], 64, kernel: 7, stride: 2, padding: 3),
      ConvolutionCase([16, 64, 56, 56], 64, kernel: 1, padding: 0),
      ConvolutionCase([32, 3, 128, 128], 32, kernel: 8, stride: 2, padding: 3),
      ConvolutionCase([16, 64, 56, 56], 64, kernel: 3, padding: 1, groups: 64),
      ConvolutionCase([16, 64, 28, 28], 64, kernel: 3, padding: 2, dilation: 2),
    ]
    return cases.map(\.forward) + cases.map(\.both) + [transposedRow(false), transposedRow(true)]
  }

  private static func transposedRow(_ isBoth: Bool) -> Row {
    let flops = 2.0 * 32 * 64 * 32 * 28 * 28
    return Row(
      "convT-\(isBoth ? "fwdbwd" : "fwd")/32x64x14x14-oc32-k2s2", flops: isBoth ? 3 * flops : flops
    ) {
      let (x, weight) = (normal([32, 64, 14, 14]), normal([64, 32, 2, 2]))
      if !isBoth { return { _ = transposedConvolution(x, weight, stride: 2) } }
      let upstream = normal([32, 32, 28, 28])
      return {
        _ = vjp(at: x, weight) { transposedConvolution($0, $1, stride: 2) }.pullback(upstream)
      }
    }
  }
}

private struct ConvolutionCase {
  let input: Shape
  let filters, kernel, stride, padding, dilation, groups: Int

  init(
    _ input: Shape, _ filters: Int, kernel: Int, stride: Int = 1, padding: Int, dilation: Int = 1,
    groups: Int = 1
  ) {
    self.input = input
    self.filters = filters
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
    self.groups = groups
  }

  var name: String {
    input.map(String.init).joined(separator: "x") + "-oc\(filters)-k\(kernel)s\(stride)p\(padding)"
      + (groups > 1 ? "-depthwise" : "") + (dilation > 1 ? "-dil\(dilation)" : "")
  }

  var weight: Shape { [filters, input[1] / groups, kernel, kernel] }

  var output: Int { (input[2] + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1 }

  var flops: Double {
    2 * Double(input[0] * filters * output * output) * Double(weight[1] * kernel * kernel)
  }

  func apply(_ x: Tensor, _ weight: Tensor) -> Tensor {
    crossCorrelation(
      x, weight, stride: PerAxis(stride), padding: .symmetric(PerAxis(padding)),
      dilation: PerAxis(dilation), groups: groups)
  }

  var forward: Row {
    Row("conv-fwd/\(name)", flops: flops) {
      let (x, weight) = (normal(input), normal(weight))
      return { _ = apply(x, weight) }
    }
  }

  var both: Row {
    Row("conv-fwdbwd/\(name)", flops: 3 * flops) {
      let (x, weight) = (normal(input), normal(weight))
      let upstream = normal([input[0], filters, output, output])
      return { _ = vjp(at: x, weight, apply).pullback(upstream) }
    }
  }
}
