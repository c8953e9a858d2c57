import Core
import Datasets
import Testing

private let tolerance = 1e-5

/// The greatest distance between two tensors.
private func distance(_ a: Tensor, _ b: Tensor) -> Double { abs(a - b).maximum().item() }

@Suite struct ScalingTests {
  @Test(arguments: [DType.float32, .float64])
  func `standardised features have mean 0 and deviation 1`(dtype: DType) {
    var generator = RandomGenerator(seed: 9)
    let x = Tensor.randomNormal([200, 5], mean: 40, deviation: 3, dtype: dtype, using: &generator)
    let standardize = Standardization(fitting: x)
    let z = standardize(x)
    #expect(z.dtype == dtype)
    #expect(distance(z.mean(along: 0), .zeros([5], dtype: dtype)) < tolerance)
    #expect(distance(z.variance(along: 0), .ones([5], dtype: dtype)) < tolerance)
    #expect(distance(standardize.inverse(z), x) < 100 * tolerance)
  }

  @Test func `what was measured on one part is applied to another`() {
    let standardize = Standardization(fitting: Tensor([[0], [2]]))  // mean 1, deviation 1
    #expect(standardize(Tensor([[5]])).scalars(as: Float.self) == [4])
    let scale = RangeScaling(fitting: Tensor([[0], [2]]))
    #expect(scale(Tensor([[5]])).scalars(as: Float.self) == [2.5])
    #expect(scale.inverse(Tensor([[2.5]])).scalars(as: Float.self) == [5])
  }

  @Test func `constant features stay finite`() {
    // The mean of three times 0.1 is not quite 0.1 in binary.
    let x = Tensor([[0.1, 1], [0.1, 2], [0.1, 3]])
    let z = Standardization(fitting: x)(x)
    #expect(z.isFinite().all())
    #expect(abs(z[AxisIndex.all, 0]).maximum().item() < tolerance)
    let scaled = RangeScaling(fitting: x)(x)
    #expect(scaled.scalars(as: Float.self) == [0, 0, 0, 0.5, 0, 1])
  }

  @Test func `a smallest deviation keeps quiet features quiet`() {
    let x = Tensor([[0], [0], [0], [0.01]])
    let z = Standardization(fitting: x, smallestDeviation: 0.05)(x)
    #expect(z.maximum().item() < 0.2)
  }

  @Test func `pictures keep their axes`() {
    var generator = RandomGenerator(seed: 1)
    let x = Tensor.randomUniform([6, 3, 4], using: &generator)
    #expect(Standardization(fitting: x).mean.shape == [3, 4])
    #expect(Standardization(fitting: x)(x).shape == [6, 3, 4])
  }
}
