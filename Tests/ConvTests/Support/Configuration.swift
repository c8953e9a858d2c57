import Conv
import Core

/// A random convolution, small.
struct Configuration: CustomStringConvertible, Sendable {
  let batch, channels, filters, groups: Int
  let size, kernel, stride, before, after, dilation: [Int]

  init(rank: Int, using generator: inout some RandomNumberGenerator) {
    func draw(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
    func each(_ range: ClosedRange<Int>) -> [Int] { (0..<rank).map { _ in draw(range) } }
    groups = [1, 1, 2, 3].randomElement(using: &generator)!
    batch = draw(1...3)
    channels = groups * draw(1...3)
    filters = groups * draw(1...4)
    kernel = each(1...3)
    stride = each(1...3)
    before = each(0...2)
    after = each(0...2)
    dilation = each(1...2)
    let extra = each(0...(rank == 1 ? 9 : rank == 2 ? 5 : 3))
    let sizes = (kernel, before, after, dilation)
    size = (0..<rank).map {
      max(sizes.3[$0] * (sizes.0[$0] - 1) + 1 - sizes.1[$0] - sizes.2[$0], 1) + extra[$0]
    }
  }

  var input: Shape { Shape([batch, channels] + size) }
  var weight: Shape { Shape([filters, channels / groups] + kernel) }
  var padding: Padding { .explicit(before: PerAxis(before), after: PerAxis(after)) }

  func apply(_ x: Tensor, _ w: Tensor, bias: Tensor? = nil) -> Tensor {
    crossCorrelation(
      x, w, bias: bias, stride: PerAxis(stride), padding: padding, dilation: PerAxis(dilation),
      groups: groups)
  }

  /// wᵀ z. Where the last window leaves a part of the input over, the output is padded up to it.
  func adjoint(_ z: Tensor, _ w: Tensor) -> Tensor {
    let output = Array(z.shape.dropFirst(2))
    let leftover = size.indices.map {
      size[$0] + before[$0] + after[$0] - dilation[$0] * (kernel[$0] - 1) - 1
        - (output[$0] - 1) * stride[$0]
    }
    return transposedConvolution(
      z, w, stride: PerAxis(stride), padding: padding, outputPadding: PerAxis(leftover),
      dilation: PerAxis(dilation), groups: groups)
  }

  var description: String {
    "input \(input) weight \(weight) stride \(stride) padding \(before), \(after) dilation \(dilation) groups \(groups)"
  }

  /// `count` of them over one to three axes of space.
  static func several(_ count: Int, seed: UInt64) -> [Configuration] {
    var generator = SystemlessGenerator(state: seed)
    return (0..<count).map { Configuration(rank: [1, 2, 2, 3][$0 % 4], using: &generator) }
  }
}

/// splitmix64: the same choices in every run.
struct SystemlessGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
