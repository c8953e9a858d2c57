import Conv
import Core
import LayerTesting
import Normalization
import Testing

@Suite struct WrapperTests {
  @Test func `a wrapped layer starts as the function that it was, and ends as what it became`()
    throws
  {
    try withRandom(seed: 1) {
      let dense = Dense(4, 3)
      let x = normal([5, 4])
      let before = dense(x)
      let wrapped = WeightNormalized(dense, of: \.weight)
      try expectClose(wrapped(x), before)
      wrapped.magnitude.value = normal([3, 1])
      wrapped.layer.weight.value = normal([3, 4])
      let after = wrapped(x)
      let removed = wrapped.removed()
      #expect(removed(x) == after)
      #expect(removed.weight === dense.weight)
      #expect(removed.namedParameters.map(\.name) == ["weight", "bias"])
    }
  }

  @Test func `parameters are named once`() {
    let conv = Conv2D(2, 3, kernel: 3)
    #expect(
      WeightNormalized(conv, of: \.weight).namedParameters.map(\.name)
        == ["layer.weight", "layer.bias", "magnitude"])
    #expect(
      SpectrallyNormalized(conv, of: \.weight).namedParameters.map(\.name)
        == ["layer.weight", "layer.bias", "left", "right"])
    #expect(
      BatchNormalization(3).namedParameters.map(\.name)
        == ["scale", "shift", "runningMean", "runningVariance", "batchCount"])
    #expect(BatchNormalization(3, averaging: .none, isAffine: false).namedParameters.isEmpty)
    #expect(LayerNormalization(3, hasShift: false).namedParameters.map(\.name) == ["scale"])
  }

  @Test func `power iteration finds the largest singular value`() throws {
    try withRandom(seed: 2) {
      // A reflection, a stretching by 5, 2 and 1, and another reflection.
      func reflection(_ n: Int) -> Tensor {
        let v = normal([n, 1], dtype: .float64)
        return Tensor.identity(n, dtype: .float64)
          - 2 * matmul(v, v.transposed()) / square(v).sum()
      }
      let stretch = Tensor([[5, 0, 0, 0], [0, 2, 0, 0], [0, 0, 1, 0]], dtype: .float64)
      let matrix = matmul(matmul(reflection(3), stretch), reflection(4))
      let layer = SpectrallyNormalized(Dense(weight: Parameter(matrix)), of: \.weight)
      inMode(.training) { for _ in 0..<10 { _ = layer(Tensor.zeros([1, 4], dtype: .float64)) } }
      try expectClose(layer.largestSingularValue, 5)
      try expectClose(layer.weight, matrix / 5)
      let removed = layer.removed()
      try expectClose(removed.weight.value, matrix / 5)
    }
  }

  @Test func `inference leaves the vectors and the running statistics alone`() {
    withRandom(seed: 3) {
      let spectral = SpectrallyNormalized(Dense(6, 5), of: \.weight)
      let batch = BatchNormalization(5)
      let before = [spectral.left, spectral.right, batch.runningMean!].map(\.value)
      _ = batch(spectral(normal([7, 6])))
      let after = [spectral.left, spectral.right, batch.runningMean!].map(\.value)
      #expect(zip(before, after).allSatisfy { $0 == $1 })
      inMode(.training) { _ = batch(spectral(normal([7, 6]))) }
      #expect(batch.runningMean!.value != before[2] && spectral.left.value != before[0])
    }
  }

  @Test func `a substituted value counts inside, with its gradient`() throws {
    let parameter = Parameter(Tensor([1, 2]))
    let (value, gradient) = valueWithGradient(at: Tensor([3, 4])) { w in
      substituting(w * w, for: parameter) { (parameter.value * Tensor([1, 10])).sum() }
    }
    #expect(value.item() == 169)
    #expect(gradient == Tensor([6, 80]))
    #expect(parameter.value == Tensor([1, 2]))
    substituting(Tensor([5, 6]), for: parameter) {
      substituting(Tensor([7, 8]), for: parameter) { #expect(parameter.value == Tensor([7, 8])) }
      #expect(parameter.value == Tensor([5, 6]))
    }
  }

  @Test func `programmers' errors trap`() async {
    await #expect(processExitsWith: .failure) {
      _ = WeightNormalized(Dense(weight: Parameter(.zeros([2, 2]))), of: \.weight)
    }
    await #expect(processExitsWith: .failure) {
      _ = inMode(.training) { BatchNormalization(3)(Tensor.ones([1, 3])) }
    }
    await #expect(processExitsWith: .failure) { _ = BatchNormalization(3)(Tensor.ones([2, 4])) }
    await #expect(processExitsWith: .failure) { _ = LayerNormalization(3)(Tensor.ones([2, 4])) }
    await #expect(processExitsWith: .failure) { _ = GroupNormalization(groups: 2, 3) }
    await #expect(processExitsWith: .failure) {
      substituting(Tensor([1]), for: Parameter(Tensor([1, 2]))) {}
    }
  }
}
