import Kernels
import Testing

extension KernelTests {
  /// Every method of convolution, at every instruction set, against the plain method in float64.
  @Suite(.serialized) struct ConvolutionTests {
    struct Shape: Sendable, CustomStringConvertible {
      var name: String
      var batch = 2, channels: Int, filters: Int, groups = 1
      var size: [Int], kernel: [Int], stride = [1, 1, 1], dilation = [1, 1, 1]
      var before = [0, 0, 0], after = [0, 0, 0]
      var isExact = false

      var output: [Int] {
        (0..<3).map {
          (size[$0] + before[$0] + after[$0] - dilation[$0] * (kernel[$0] - 1) - 1) / stride[$0] + 1
        }
      }
      var inputCount: Int { batch * channels * size.reduce(1, *) }
      var outputCount: Int { batch * filters * output.reduce(1, *) }
      var weightCount: Int { filters * channels / groups * kernel.reduce(1, *) }
      var description: String { name }

      var kernelShape: apus_convolution {
        func triple(_ values: [Int]) -> (Int, Int, Int) { (values[0], values[1], values[2]) }
        return apus_convolution(
          batch: batch, channels: channels, filters: filters, groups: groups, size: triple(size),
          kernel: triple(kernel), output: triple(output), stride: triple(stride),
          dilation: triple(dilation), before: triple(before), exact: isExact)
      }
    }

    static let shapes = [
      // Tiles over the edge, channels and filters that fill no block, several blocks of tiles.
      Shape(
        name: "winograd", batch: 3, channels: 17, filters: 35, size: [1, 13, 18],
        kernel: [1, 3, 3], before: [0, 1, 1], after: [0, 1, 1]),
      Shape(
        name: "winograd, uneven borders", channels: 24, filters: 16, size: [1, 6, 7],
        kernel: [1, 3, 3], before: [0, 2, 0], after: [0, 0, 2]),
      Shape(
        name: "winograd, wide", batch: 1, channels: 16, filters: 16, size: [1, 4, 141],
        kernel: [1, 3, 3], before: [0, 1, 1], after: [0, 1, 1]),
      Shape(
        name: "direct, exact", channels: 17, filters: 35, size: [1, 9, 14], kernel: [1, 3, 3],
        before: [0, 1, 1], after: [0, 1, 1], isExact: true),
      Shape(
        name: "direct, strided", channels: 9, filters: 20, size: [1, 15, 13], kernel: [1, 5, 4],
        stride: [1, 2, 3], before: [0, 2, 1], after: [0, 0, 3]),
      Shape(
        name: "direct, dilated", channels: 8, filters: 8, size: [1, 11, 12], kernel: [1, 3, 3],
        dilation: [1, 2, 3], before: [0, 2, 3], after: [0, 2, 3]),
      Shape(
        name: "direct, stride beyond the kernel", channels: 12, filters: 10, size: [1, 10, 11],
        kernel: [1, 1, 2], stride: [1, 3, 3]),
      Shape(
        name: "direct, volume in groups", channels: 20, filters: 16, groups: 2, size: [5, 6, 7],
        kernel: [3, 2, 3], stride: [2, 1, 2], before: [1, 0, 2], after: [1, 1, 2]),
      Shape(
        name: "few channels", channels: 3, filters: 21, size: [1, 19, 21], kernel: [1, 7, 7],
        stride: [1, 2, 2], before: [0, 3, 3], after: [0, 3, 3]),
      Shape(
        name: "one channel", channels: 1, filters: 11, size: [1, 9, 28], kernel: [1, 3, 3],
        before: [0, 1, 1], after: [0, 1, 1]),
      Shape(
        name: "depthwise", channels: 6, filters: 6, groups: 6, size: [1, 14, 37],
        kernel: [1, 3, 3], before: [0, 1, 1], after: [0, 1, 1]),
      Shape(
        name: "depthwise, narrow, five rows in a volume", channels: 3, filters: 3, groups: 3,
        size: [3, 11, 5], kernel: [2, 5, 3], before: [1, 2, 1], after: [0, 2, 1]),
      Shape(
        name: "depthwise, seven rows, dilated across, in parts", channels: 2, filters: 2,
        groups: 2, size: [1, 70, 67], kernel: [1, 7, 2], dilation: [1, 1, 3],
        before: [0, 6, 4], after: [0, 3, 0]),
      Shape(
        name: "depthwise, between one and two vectors wide", channels: 4, filters: 4, groups: 4,
        size: [1, 6, 11], kernel: [1, 3, 3], before: [0, 1, 1], after: [0, 1, 1]),
      Shape(
        name: "depthwise, strided, twice as many filters", channels: 5, filters: 10, groups: 5,
        size: [1, 12, 17], kernel: [1, 5, 5], stride: [1, 2, 2], before: [0, 2, 2],
        after: [0, 2, 2]),
      Shape(
        name: "pointwise", channels: 19, filters: 23, size: [1, 7, 9], kernel: [1, 1, 1]),
      Shape(
        name: "pointwise in groups", channels: 6, filters: 4, groups: 2, size: [1, 5, 5],
        kernel: [1, 1, 1]),
      Shape(
        name: "kernel too large for a plan", channels: 9, filters: 9, size: [1, 3, 40],
        kernel: [1, 1, 19], before: [0, 0, 9], after: [0, 0, 9]),
    ]

    static func results<T: KernelScalar>(_ shape: Shape, _: T.Type) -> [[T]] {
      var numbers = Numbers(state: 7)
      func draw(_ count: Int) -> [T] {
        // Exact in float32, so that both types compute on the same numbers.
        (0..<count).map { _ in T(Float.random(in: -1..<1, using: &numbers)) }
      }
      let (x, w, z) = (draw(shape.inputCount), draw(shape.weightCount), draw(shape.outputCount))
      let (bias, back) = (draw(shape.filters), draw(shape.channels))
      var sizes = shape.kernelShape
      var y = [T](repeating: .nan, count: shape.outputCount)
      var dx = [T](repeating: .nan, count: shape.inputCount)
      var dw = [T](repeating: .nan, count: shape.weightCount)
      apus_convolution_forward(T.type, &sizes, x, w, bias, .relu, &y)
      apus_convolution_input_gradient(T.type, &sizes, z, w, back, .identity, &dx)
      apus_convolution_weight_gradient(T.type, &sizes, x, z, &dw)
      return [y, dx, dw]
    }

    @Test(arguments: levels, shapes)
    func `the three products agree with float64`(_ level: Level, _ shape: Shape) {
      at(level) {
        let exact = Self.results(shape, Double.self)
        let threads = onAnyThreads { Self.results(shape, Float.self).flatMap { $0 } }
        var rest = threads[...]
        for (expected, name) in zip(exact, ["output", "input's gradient", "weight's gradient"]) {
          let found = rest.prefix(expected.count)
          rest = rest.dropFirst(expected.count)
          var (error, norm) = (0.0, 0.0)
          for (a, b) in zip(found, expected) {
            error += (Double(a) - b) * (Double(a) - b)
            norm += b * b
          }
          let bound = shape.name.hasPrefix("winograd") ? 2e-5 : 1e-6
          #expect(error.squareRoot() <= bound * norm.squareRoot(), "\(name)")
        }
      }
    }

    @Test func `float64 is the formula`() {
      // Two windows of a signal of three: [1, 2] and [2, 3] under the taps [10, 1].
      var shape = Shape(
        name: "", batch: 1, channels: 1, filters: 1, size: [1, 1, 3], kernel: [1, 1, 2]
      ).kernelShape
      var (y, dx, dw) = ([0.0, 0], [0.0, 0, 0], [0.0, 0])
      apus_convolution_forward(.float64, &shape, [1.0, 2, 3], [10.0, 1], nil, .identity, &y)
      apus_convolution_input_gradient(.float64, &shape, [1.0, 5], [10.0, 1], nil, .identity, &dx)
      apus_convolution_weight_gradient(.float64, &shape, [1.0, 2, 3], [1.0, 5], &dw)
      #expect(y == [12, 23])
      #expect(dx == [10, 51, 5])
      #expect(dw == [11, 17])
    }
  }
}
