import Activations
import Core
import LayerTesting
import Testing

// First and second derivatives against finite differences, for a random upstream gradient.

/// Points away from the kinks: every ±(k + 0.37)/1.9.
private func smoothPoints(_ activation: Activated) -> Tensor {
  let candidates = (-10..<10).map { (Double($0) + 0.37) / 1.9 }
  let points = candidates.filter { x in activation.kinks.allSatisfy { abs(x - $0) > 0.1 } }
  return Tensor(points, dtype: .float64)
}

@Test(arguments: elementwise)
func `first and second derivatives agree with finite differences`(_ activation: Activated) throws {
  try checkGradients(of: activation.function, at: smoothPoints(activation), order: 2)
}

@Test(arguments: rowwise.map(\.name))
func `derivatives of rows agree with finite differences`(_ name: String) throws {
  let function = try #require(rowwise.first { $0.name == name }).function
  let x = Tensor(RowwiseReferences.matrix, dtype: .float64).reshaped([2, 6])
  try checkGradients(of: function, at: x, order: 2)
}

@Test
func `derivatives with respect to learnt slopes agree with finite differences`() throws {
  let x = Tensor(RowwiseReferences.matrix, dtype: .float64).reshaped([2, 3, 2])
  let slopes = Tensor([0.25, -0.5, 2], dtype: .float64)
  try checkGradients(of: { prelu($0[0], weight: $0[1]) }, at: [x, slopes], order: 2)
}

@Test(arguments: elementwise)
func `third derivatives exist`(_ activation: Activated) throws {
  let x = smoothPoints(activation)
  func second(_ x: Tensor) -> Tensor {
    gradient(at: x) { x in gradient(at: x) { activation.function($0).sum() }.sum() }
  }
  try checkGradients(of: second, at: x, relative: 1e-5, absolute: 1e-7)
}

@Test(arguments: floatingTypes)
func `closed-form Jacobians are differentiable`(_ dtype: DType) throws {
  let x = Tensor([0.3, -1.2, 2], dtype: .float64)
  try checkGradients(of: { softmaxJacobian($0) }, at: x)
  try checkGradients(of: { logSoftmaxJacobian($0) }, at: x)
  try checkGradients(of: { sigmoidJacobian($0) }, at: x)
  try checkGradients(of: { tanhJacobian($0) }, at: x)
  try checkGradients(of: { softplusJacobian($0) }, at: x)
  #expect(softmaxJacobian(x.cast(to: dtype)).dtype == dtype)
}

@Test
func `derivatives at kinks are the stated ones`() {
  func slope(_ function: @escaping (Tensor) -> Tensor, at x: Double) -> Double {
    let x = Tensor([x], dtype: .float64)
    let value = gradient(at: x) { function($0).sum() }.item()
    #expect(recordedSlope(of: function, at: x).item() == value)
    return value
  }
  #expect(slope(relu, at: 0) == 0)
  #expect(slope({ leakyReLU($0, slope: 0.3) }, at: 0) == 0.3)
  #expect(slope({ elu($0, alpha: 0.7) }, at: 0) == 0.7)
  #expect(slope({ celu($0, alpha: 0.7) }, at: 0) == 1)
  #expect(slope({ hardTanh($0) }, at: -1) == 0 && slope({ hardTanh($0) }, at: 1) == 0)
  #expect(slope(hardSigmoid, at: -3) == 0 && slope(hardSigmoid, at: 3) == 0)
  #expect(slope(hardSwish, at: -3) == 0 && slope(hardSwish, at: 3) == 1)
  #expect(slope({ prelu($0, weight: Tensor([0.25])) }, at: 0) == 0.25)
}
