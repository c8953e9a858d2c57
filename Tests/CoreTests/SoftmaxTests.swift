import Core
import Foundation
import LayerTesting
import Testing

@Suite struct SoftmaxTests {
  @Test(
    arguments: [DType.float32, .float64],
    [[5], [3, 7], [2, 3, 40], [1, 1], [0, 4], [4, 1000]] as [Shape])
  func `rows of softmax are e^x over their sum`(dtype: DType, shape: Shape) throws {
    var generator = RandomGenerator(seed: 1)
    let x = Tensor.randomNormal(shape, deviation: 3, dtype: dtype, using: &generator)
    for axis in 0..<shape.count {
      let e = exp(x.cast(to: .float64))
      let expected = e / e.sum(along: axis, keepingAxes: true)
      let result = softmax(x, along: axis)
      #expect(result.dtype == dtype)
      try expectClose(result, expected)
      if shape[axis] > 0 {
        let sums = result.sum(along: axis)
        try expectClose(sums, Tensor.ones(like: sums))
      }
      try expectClose(logSoftmax(x, along: axis), log(expected), relative: 1e-5, absolute: 1e-5)
      let arranged = Arrangement.transposed(x, using: &generator)
      try expectClose(softmax(arranged, along: axis), result)
    }
  }

  @Test func `extremes neither overflow nor give NaN`() throws {
    try expectClose(softmax(Tensor([1e30, 0, -1e30])), Tensor([1, 0, 0]))
    try expectClose(softmax(Tensor([-1e30, -1e30])), Tensor([0.5, 0.5]))
    try expectClose(softmax(Tensor([-.infinity, 0])), Tensor([0, 1]))
    try expectClose(logSoftmax(Tensor([1000, 0])), Tensor([0, -1000]))
    #expect(softmax(Tensor([.nan, 1])).isNaN().all())
    try expectClose(sigmoid(Tensor([-1e4, -100, 0, 100, 1e4])), Tensor([0, 0, 0.5, 1, 1]))
    try expectClose(softplus(Tensor([-200, 0, 200, 1e30])), Tensor([0, 0.6931472, 200, 1e30]))
    try expectClose(
      gradient(at: Tensor([-1e4, 0, 1e4])) { softplus($0).sum() }, Tensor([0, 0.5, 1]))
  }

  @Test func `adding a constant that is exact changes nothing`() {
    let x = Tensor([1, 2, 4, -8])
    #expect(softmax(x + 64) == softmax(x))
    #expect(logSoftmax(x + 64) == logSoftmax(x))
  }

  @Test func `the logarithm of softmax has its own derivative`() throws {
    let x = Tensor([0.5, -1, 2], dtype: .float64)
    // ∇ log S_i = e_i − S
    let expected = Tensor.identity(3, dtype: .float64) - softmax(x)
    try expectClose(jacobian(at: x) { logSoftmax($0) }, expected)
    try expectClose(hessian(at: x) { logSumExp($0) }, jacobian(at: x) { softmax($0) })
  }

  @Test func `large softmaxes do not depend on the threads`() {
    var generator = RandomGenerator(seed: 2)
    let x = Tensor.randomNormal([512, 300], using: &generator)
    let u = Tensor.randomNormal([512, 300], using: &generator)
    let original = Parallel.threadCount
    defer { Parallel.threadCount = original }
    let results = (1...3).map { count in
      Parallel.threadCount = count
      return (
        softmax(x), gradient(at: x) { (softmax($0) * u).sum() },
        gradient(at: x) { (logSoftmax($0) * u).sum() }
      )
    }
    for result in results {
      #expect(result.0 == results[0].0 && result.1 == results[0].1 && result.2 == results[0].2)
    }
  }
}
