import Core
import Embeddings
import LayerTesting
import Testing

/// The derivatives of the course's questions 2 and 3.3: 1,000 random pairs for each form, 50 in each
/// of 1 to 20 dimensions, against automatic and finite differences.
@Suite struct GaussianGradientTests {
  enum Function: CaseIterable, CustomTestStringConvertible {
    case logKernel, divergence

    func callAsFunction(_ i: Gaussians, _ j: Gaussians) -> Tensor {
      self == .logKernel ? i.logKernel(with: j) : j.divergence(from: i)
    }

    func gradients(
      _ i: Gaussians, _ j: Gaussians, _ entries: CovarianceEntries = .independent
    ) -> GaussianGradients {
      self == .logKernel
        ? i.logKernelGradients(with: j, entries: entries)
        : i.divergenceGradients(of: j, entries: entries)
    }

    var testDescription: String { self == .logKernel ? "log K" : "D" }
  }

  struct Case: CustomTestStringConvertible {
    var form: GaussianCovariance
    var symmetric = true
    var testDescription: String { symmetric ? form.rawValue : "unconstrained" }

    static let all =
      GaussianCovariance.allCases.map { Case(form: $0) } + [
        Case(form: .full, symmetric: false)
      ]
  }

  @Test(arguments: Function.allCases, Case.all)
  func `closed forms equal automatic and finite differences`(
    function: Function, kind: Case
  ) throws {
    var generator = RandomGenerator(seed: 20)
    for n in 1...20 {
      let i = randomGaussians([50], n, kind.form, symmetric: kind.symmetric, using: &generator)
      let j = randomGaussians([50], n, kind.form, symmetric: kind.symmetric, using: &generator)
      let closed = function.gradients(i, j).list
      let variables = [i.mean, i.parameters, j.mean, j.parameters]
      func value(_ x: [Tensor]) -> Tensor {
        function(i.with(mean: x[0], parameters: x[1]), j.with(mean: x[2], parameters: x[3]))
      }
      let upstream = Tensor.randomNormal([50], dtype: .float64, using: &generator)
      for (place, gradient) in closed.enumerated() {
        #expect(gradient.shape == variables[place].shape)
        let (_, pullback) = vjp(at: variables[place]) { x in
          var all = variables
          all[place] = x
          return value(all)
        }
        let weight = upstream.reshaped(Shape([50] + Array(repeating: 1, count: gradient.rank - 1)))
        try expectClose(
          weight * gradient, pullback(upstream), relative: 1e-8, absolute: 1e-8, "n = \(n)")
      }
      try expectFinite(closed, variables, value, &generator)
    }
  }

  /// Along random directions of all variables together, by central differences of fourth order.
  private func expectFinite(
    _ gradients: [Tensor], _ variables: [Tensor], _ value: ([Tensor]) -> Tensor,
    _ generator: inout RandomGenerator
  ) throws {
    for place in 0..<4 {
      let n = Double(max(variables[place].count / 50, 1)).squareRoot()
      let direction = Tensor.randomNormal(
        variables[place].shape, deviation: 1 / n, dtype: .float64, using: &generator)
      func moved(_ distance: Double) -> Tensor {
        var all = variables
        all[place] = all[place] + distance * direction
        return value(all)
      }
      let h = 2e-4
      let difference =
        (8 * (moved(h) - moved(-h)) - (moved(2 * h) - moved(-2 * h))) / (12 * h)
      let product = (gradients[place] * direction).reshaped([50, -1]).sum(along: -1)
      try expectClose(product, difference, relative: 1e-8, absolute: 1e-8)
    }
  }

  @Test(arguments: Function.allCases)
  func `symmetric entries move two at a time`(function: Function) throws {
    var generator = RandomGenerator(seed: 21)
    for n in 1...20 {
      let i = randomGaussians([50], n, .full, using: &generator)
      let j = randomGaussians([50], n, .full, using: &generator)
      let closed = function.gradients(i, j, .symmetric)
      // Σ as a function of its lower triangle.
      func spread(_ lower: Tensor) -> Tensor {
        lowerTriangle(lower) + lowerTriangle(lower, offset: -1).transposed()
      }
      let own = vjp(at: i.parameters) { function(i.with(mean: i.mean, parameters: spread($0)), j) }
      let others = vjp(at: j.parameters) {
        function(i, j.with(mean: j.mean, parameters: spread($0)))
      }
      let ones = Tensor.ones([50], dtype: .float64)
      try expectClose(
        lowerTriangle(closed.covariance), own.pullback(ones), relative: 1e-8, absolute: 1e-8)
      try expectClose(
        lowerTriangle(closed.otherCovariance), others.pullback(ones), relative: 1e-8,
        absolute: 1e-8)
      try expectClose(closed.covariance, closed.covariance.transposed(), absolute: 1e-9)
    }
  }

  @Test(arguments: Function.allCases)
  func `forms may differ`(function: Function) throws {
    var generator = RandomGenerator(seed: 22)
    for a in GaussianCovariance.allCases {
      for b in GaussianCovariance.allCases {
        let i = randomGaussians([7], 3, a, using: &generator)
        let j = randomGaussians([7], 3, b, using: &generator)
        let closed = function.gradients(i, j)
        let ones = Tensor.ones([7], dtype: .float64)
        let own = vjp(at: i.parameters) { function(i.with(mean: i.mean, parameters: $0), j) }
        let others = vjp(at: j.parameters) { function(i, j.with(mean: j.mean, parameters: $0)) }
        try expectClose(closed.covariance, own.pullback(ones), relative: 1e-9, absolute: 1e-10)
        try expectClose(
          closed.otherCovariance, others.pullback(ones), relative: 1e-9, absolute: 1e-10)
      }
    }
  }

  @Test(arguments: Function.allCases, GaussianCovariance.allCases)
  func `second derivatives hold`(function: Function, form: GaussianCovariance) throws {
    var generator = RandomGenerator(seed: 23)
    let i = randomGaussians([2], 3, form, using: &generator)
    let j = randomGaussians([2], 3, form, using: &generator)
    try checkGradients(
      of: { x in
        function(i.with(mean: x[0], parameters: x[1]), j.with(mean: x[2], parameters: x[3]))
      }, at: [i.mean, i.parameters, j.mean, j.parameters], order: 2)
  }
}

extension GaussianGradients {
  fileprivate var list: [Tensor] { [mean, covariance, otherMean, otherCovariance] }
}
