import Kernels
import Testing

extension KernelTests {
  /// The fused optimizer steps against their formulas, one element at a time.
  @Suite(.serialized) struct OptimizerTests {
    /// The last is cut into parts.
    static let counts = [0, 1, 3, 17, 64, 1001, 70_000]

    static func checkMomentum<Scalar: KernelScalar>(_: Scalar.Type, _ count: Int, _ level: Level) {
      var numbers = Numbers(state: 6)
      let p: [Scalar] = numbers.values(count)
      let g: [Scalar] = numbers.values(count)
      let v: [Scalar] = numbers.values(count)
      let cases: [(apus_momentum_step, usesVelocity: Bool)] = [
        (
          .init(rate: 0.1, momentum: 0, dampening: 0, decay: 0.01, nesterov: false, first: false),
          false
        ),
        (
          .init(rate: 0.1, momentum: 0.9, dampening: 0, decay: 0, nesterov: false, first: false),
          true
        ),
        (
          .init(
            rate: 0.1, momentum: 0.9, dampening: 0.1, decay: 0.01, nesterov: true, first: false),
          true
        ),
        (
          .init(rate: 0.1, momentum: 0.9, dampening: 0.5, decay: 0.01, nesterov: true, first: true),
          true
        ),
      ]
      for (step, usesVelocity) in cases {
        let results = onAnyThreads("\(level)") { () -> [Scalar] in
          var (parameter, velocity) = (p, v)
          withUnsafePointer(to: step) { step in
            velocity.withUnsafeMutableBytes { velocity in
              apus_momentum(
                Scalar.type, count, step, &parameter, g,
                usesVelocity ? velocity.baseAddress : nil)
            }
          }
          return parameter + velocity
        }
        let isRight = (0..<count).allSatisfy { i in
          let gradient = Double(g[i]) + step.decay * Double(p[i])
          let next =
            step.first
            ? gradient : step.momentum * Double(v[i]) + (1 - step.dampening) * gradient
          let move =
            !usesVelocity ? gradient : step.nesterov ? gradient + step.momentum * next : next
          let expected = Double(p[i]) - step.rate * move
          let allowed = 8 * Double(Scalar.ulpOfOne)
          let velocity = usesVelocity ? next : Double(v[i])
          return Swift.abs(Double(results[i]) - expected) <= allowed
            && Swift.abs(Double(results[count + i]) - velocity) <= allowed
        }
        #expect(isRight, "\(Scalar.self), \(count) elements, \(step)")
      }
    }

    static func checkAdam<Scalar: KernelScalar>(_: Scalar.Type, _ count: Int, _ level: Level) {
      var numbers = Numbers(state: 7)
      let p: [Scalar] = numbers.values(count)
      let g: [Scalar] = numbers.values(count)
      let m: [Scalar] = numbers.values(count)
      let s: [Scalar] = numbers.values(count, in: 0.01...1)
      for (decay, decoupled) in [(0.0, 0.0), (0.1, 0), (0, 0.1)] {
        let step = apus_adam_step(
          rate: 0.01, beta1: 0.9, beta2: 0.99, epsilon: 1e-4, decay: decay,
          decoupled_decay: decoupled, correction1: 0.271, correction2: 0.0297)
        let results = onAnyThreads("\(level)") { () -> [Scalar] in
          var (parameter, first, second) = (p, m, s)
          withUnsafePointer(to: step) {
            apus_adam(Scalar.type, count, $0, &parameter, g, &first, &second)
          }
          return parameter + first + second
        }
        let isRight = (0..<count).allSatisfy { i in
          let gradient = Double(g[i]) + decay * Double(p[i])
          let first = 0.9 * Double(m[i]) + 0.1 * gradient
          let second = 0.99 * Double(s[i]) + 0.01 * gradient * gradient
          let move = first / 0.271 / ((second / 0.0297).squareRoot() + 1e-4)
          let expected = Double(p[i]) * (1 - 0.01 * decoupled) - 0.01 * move
          let allowed = 16 * Double(Scalar.ulpOfOne)
          return Swift.abs(Double(results[i]) - expected) <= allowed
            && Swift.abs(Double(results[count + i]) - first) <= allowed
            && Swift.abs(Double(results[2 * count + i]) - second) <= allowed
        }
        #expect(isRight, "\(Scalar.self), \(count) elements, \(step)")
      }
    }

    @Test(arguments: levels, counts)
    func `fused steps are their formulas`(level: Level, count: Int) {
      at(level) {
        Self.checkMomentum(Float.self, count, level)
        Self.checkMomentum(Double.self, count, level)
        Self.checkAdam(Float.self, count, level)
        Self.checkAdam(Double.self, count, level)
      }
    }
  }
}
