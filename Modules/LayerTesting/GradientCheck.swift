import Core

/// How derivatives are compared with finite differences.
struct GradientCheck {
  /// What is differentiated with respect to, all float64.
  let variables: [(name: String, parameter: Parameter)]
  /// State that a call may change, such as running statistics: put back before each call.
  let state: Snapshot
  let mode: Mode
  let relative, absolute: Double
  /// The most elements of a variable that are moved one by one.
  let positions: Int
  let seed: UInt64
  /// The variables as a model.
  let group: ParameterGroup
  /// Reads the variables.
  let function: () -> Tensor

  /// The function's value, the same on each call.
  func value() -> Tensor {
    state.restore()
    return inMode(mode) { withRandom(seed: seed) { function() } }
  }

  /// The gradients of ⟨upstream, f⟩, one for each variable.
  private func gradients(_ upstream: Tensor, _ f: () -> Tensor) -> [Tensor] {
    let (_, gradients) = valueWithGradient(of: group, mode: mode) { (f() * upstream).sum() }
    return variables.map { gradients[$0.parameter]! }
  }

  /// Compares the gradient of f, and the gradient of its gradient if `order` is 2.
  func run(order: Int) throws {
    guard !variables.isEmpty else { return }
    var generator = RandomGenerator(seed: seed ^ 0x9E37_79B9_7F4A_7C15)
    let value = stopGradient(value())
    if value.dtype == .float32 { throw UncheckableError.singlePrecision }
    guard (value .== self.value()).all() || value.isNaN().any() else {
      throw UncheckableError.nondeterministic
    }
    let upstream = Tensor.randomNormal(value.shape, dtype: .float64, using: &generator)
    try compare(order: 1, upstream, using: &generator) { self.value() }
    guard order > 1 else { return }
    // All gradients in one vector: a function of the variables like any other.
    let gradient = {
      concatenated(gradients(upstream) { self.value() }.map { $0.flattened() })
    }
    let count = variables.reduce(0) { $0 + $1.parameter.shape.elementCount }
    let second = Tensor.randomNormal([count], dtype: .float64, using: &generator)
    try compare(order: 2, second, using: &generator, gradient)
  }

  private func compare(
    order: Int, _ upstream: Tensor, using generator: inout RandomGenerator, _ f: () -> Tensor
  ) throws {
    let analytic = gradients(upstream, f)
    let weights = upstream.scalars(as: Double.self)
    for (variable, gradient) in zip(variables, analytic) {
      let values = gradient.scalars(as: Double.self)
      let largest = values.reduce(0) { max($0, abs($1)) }
      var worst: (Probe, analytic: Double, numeric: Double, allowed: Double, excess: Double)?
      var count = 0
      let probes = probes(count: values.count, using: &generator)
      for probe in probes {
        let a: Double
        switch probe {
        case .element(let index): a = values[index]
        case .direction(let direction): a = zip(direction, values).reduce(0) { $0 + $1.0 * $1.1 }
        }
        func allowed(_ n: Double) -> Double {
          absolute + relative * (max(abs(a), abs(n)) + 1e-3 * largest)
        }
        let n = numeric(variable.parameter, probe, weights, f) { estimate in
          estimate.error < 0.1 * allowed(estimate.value)
            || abs(estimate.value - a) < 0.1 * allowed(a) && estimate.error < allowed(a)
        }
        let excess = abs(a - n) / allowed(n)
        if excess <= 1 { continue }
        count += 1
        let severity = excess.isNaN ? .infinity : excess
        if worst == nil || severity > worst!.excess { worst = (probe, a, n, allowed(n), severity) }
      }
      guard let worst else { continue }
      var place: [Int]?
      if case .element(let index) = worst.0 {
        place = position(of: index, in: variable.parameter.shape)
      }
      throw GradientError(
        variable: variable.name, order: order, position: place, analytic: worst.analytic,
        numeric: worst.numeric, allowed: worst.allowed, count: count, positions: probes.count,
        mode: mode)
    }
  }

  /// Every element of a small variable; some of a large one, and all of it along one direction.
  private func probes(count: Int, using generator: inout RandomGenerator) -> [Probe] {
    if count <= positions { return (0..<count).map(Probe.element) }
    let chosen = (0..<count).shuffled(using: &generator).prefix(positions).sorted()
    let direction = Tensor.randomNormal([count], dtype: .float64, using: &generator)
    return chosen.map(Probe.element) + [.direction(direction.scalars(as: Double.self))]
  }

  private func numeric(
    _ parameter: Parameter, _ probe: Probe, _ weights: [Double], _ f: () -> Tensor,
    isGoodEnough: (NumericDerivative) -> Bool
  ) -> Double {
    let original = stopGradient(parameter.value)
    defer { parameter.value = original }
    let base = original.scalars(as: Double.self)

    func outputs(_ h: Double) -> [Double] {
      var moved = base
      switch probe {
      case .element(let index): moved[index] += h
      case .direction(let direction):
        for index in moved.indices { moved[index] += h * direction[index] }
      }
      parameter.value = Tensor(scalars: moved, shape: original.shape)
      return f().scalars(as: Double.self)
    }
    var scale = 1.0
    if case .element(let index) = probe { scale = abs(base[index]) }
    return extrapolatedDerivative(scale: scale, isGoodEnough: isGoodEnough) { h in
      let (ahead, behind) = (outputs(h), outputs(-h))
      var sum = 0.0
      // Outputs that do not move cancel here exactly, whatever their size.
      for index in weights.indices where ahead[index] != behind[index] {
        sum += weights[index] * (ahead[index] - behind[index])
      }
      return sum / (2 * h)
    }.value
  }
}
