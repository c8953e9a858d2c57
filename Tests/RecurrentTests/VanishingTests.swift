import Core
import LayerTesting
import Recurrent
import Testing

/// Course document 003, questions 1.2 and 1.3.
@Suite struct VanishingTests {
  func random(_ shape: Shape, seed: UInt64) -> Tensor { CellTests.random(shape, seed: seed) }

  func cell(_ w: Tensor, _ activation: Activation, seed: UInt64) -> ElmanCell {
    let size = w.shape[0]
    let cell = withRandom(seed: seed) { ElmanCell(3, size, activation: activation) }
    cell.convert(to: .float64)
    cell.weights.recurrent.value = w
    return cell
  }

  @Test func `Jacobians are diag(σ′) W`() throws {
    for (seed, activation) in Activation.allCases.enumerated() {
      let w = random([4, 4], seed: UInt64(seed))
      let cell = cell(w, activation, seed: UInt64(seed))
      let x = random([5, 2, 3], seed: UInt64(seed + 50))
      let start = random([2, 4], seed: 77)
      let jacobians = cell.stateJacobians(x, from: start)
      var state = start
      var whole = stacked([Tensor.identity(4, dtype: .float64), .identity(4, dtype: .float64)])
      for time in 0..<5 {
        let (g, next) = (state, cell.step(x[time], state).state)
        for row in 0..<2 {
          let expected = jacobian(at: g[row]) {
            cell.step(x[time, row..<(row + 1)], $0.expandingShape(at: 0)).state[0]
          }
          try expectClose(
            jacobians.steps[time][row], expected, relative: 1e-12, absolute: 1e-12, "J")
        }
        if activation == .tanh {
          let expected = (1 - next * next).expandingShape(at: 2) * w
          try expectClose(jacobians.steps[time], expected, relative: 1e-12, absolute: 1e-12, "J")
        }
        whole = matmul(jacobians.steps[time], whole)
        try expectClose(
          jacobians.products[time], whole, relative: 1e-11, absolute: 1e-12, "∂g_t/∂g_0")
        state = next
      }
      #expect(jacobians.norms.shape == [5, 2])
      let last = spectralNorm(jacobians.products[4])
      try expectClose(jacobians.norms[4], last, relative: 1e-12, absolute: 1e-12, "norm")
    }
  }

  @Test func `a small λ₁ makes gradients vanish`() {
    for seed in 0..<25 as Range<UInt64> {
      for activation in Activation.allCases {
        let delta = 0.3 + 0.65 * Double(seed) / 25
        let gamma = activation.greatestSlope
        let w = random([5, 5], seed: seed)
        let scaled = w * (delta / gamma / spectralNorm(w).item())
        let cell = cell(scaled, activation, seed: seed)
        // λ₁(WᵀW) ≤ δ²/γ²
        let largest = symmetricEigenvalues(matmul(scaled.transposed(), scaled)).maximum().item()
        #expect(abs(largest - delta * delta / (gamma * gamma)) < 1e-9)
        #expect(abs(cell.contraction - delta) < 1e-12)
        let time = 3 + Int(seed) % 10
        let x = random([time, 2, 3], seed: seed + 200) * 2
        let norms = cell.stateJacobians(x, from: random([2, 5], seed: seed + 300)).norms
        for t in 0..<time {
          #expect(
            norms[t].maximum().item() <= cell.gradientBound(steps: t + 1) * (1 + 1e-12),
            "\(activation), seed \(seed), t \(t + 1)")
        }
      }
    }
  }

  @Test func `the bound is reached by a linear cell with an orthogonal W`() throws {
    let w = withRandom(seed: 3) {
      Initializer.orthogonal().tensor([4, 4], inputs: 4, outputs: 4)
    }.cast(to: .float64)
    let cell = cell(0.8 * w, .identity, seed: 1)
    let norms = cell.stateJacobians(random([6, 1, 3], seed: 2)).norms
    for t in 0..<6 {
      #expect(abs(norms[t].item() / cell.gradientBound(steps: t + 1) - 1) < 1e-5)
    }
  }

  @Test func `a large λ₁ is not enough to explode`() {
    // Nilpotent: λ₁ = 100², and yet W² = 0.
    let shift = Tensor([[0, 100], [0, 0]], dtype: .float64)
    for activation in Activation.allCases {
      let cell = cell(shift, activation, seed: 5)
      #expect(cell.contraction > 1)
      let norms = cell.stateJacobians(random([4, 1, 3], seed: 6)).norms
      // diag(d₂) W diag(d₁) W = 0 whatever the slopes.
      for t in 1..<4 { #expect(norms[t].item() == 0, "\(activation)") }
    }
    // Saturated: every unit holds itself where tanh is flat.
    let cell = cell(20 * Tensor.identity(3, dtype: .float64), .tanh, seed: 5)
    let start = Tensor.ones([1, 3], dtype: .float64)
    let norms = cell.stateJacobians(Tensor.zeros([5, 1, 3], dtype: .float64), from: start).norms
    #expect(cell.contraction == 20)
    #expect(norms[4].item() < 1e-30)
  }

  @Test func `a large λ₁ is necessary to explode`() {
    var exploded = 0
    for seed in 0..<30 as Range<UInt64> {
      let w = random([4, 4], seed: seed) * (0.2 + 0.1 * Double(seed))
      let cell = cell(w, .tanh, seed: seed)
      let norms = cell.stateJacobians(random([8, 1, 3], seed: seed + 9) * 0.1).norms
      if norms[7].item() > 1 {
        exploded += 1
        #expect(cell.contraction > 1)
      }
    }
    #expect(exploded > 3 && exploded < 30)
  }

  @Test func `a gate keeps the gradient alive where the plain cell loses it`() {
    let plain = withRandom(seed: 1) {
      ElmanCell(3, 6, recurrentInitializer: .spectralNorm(0.9))
    }
    let gated = withRandom(seed: 1) { LSTMCell(3, 6, forgetBias: 5) }
    plain.convert(to: .float64)
    gated.convert(to: .float64)
    let x = random([40, 1, 3], seed: 8)
    let lost = plain.stateJacobians(x).norms[39].item()
    let kept = gated.stateJacobians(x).norms[39].item()
    #expect(lost < 0.02)
    #expect(kept > 0.5)
  }

  @Test func `initial matrices have the spectrum asked for`() {
    withRandom(seed: 4) {
      let w = Initializer.spectralNorm(0.7).tensor([6, 4], inputs: 4, outputs: 6)
      #expect(abs(spectralNorm(w).item() - 0.7) < 1e-6)
      let v = Initializer.spectralRadius(1.1).tensor([7, 7], inputs: 7, outputs: 7)
      #expect(abs(spectralRadius(v) - 1.1) < 1e-5)
      #expect(spectralNorm(v).item() > 1.1)
    }
    let rotation = Tensor([[0, -2], [2, 0]], dtype: .float64)
    #expect(abs(spectralRadius(rotation) - 2) < 1e-12)
    #expect(abs(spectralRadius(Tensor([[3, 5], [0, -4]], dtype: .float64)) - 4) < 1e-9)
    #expect(spectralRadius(Tensor([[0, 9], [0, 0]], dtype: .float64)) == 0)
    // A Jordan block, whose powers grow like k ρᵏ.
    #expect(abs(spectralRadius(Tensor([[0.5, 1], [0, 0.5]], dtype: .float64)) - 0.5) < 1e-9)
  }
}
