import Core
import Foundation
import Optim
import Testing

/// Every schedule at each update of a run against its closed form.
private func expect(
  _ schedule: Schedule, over count: Int = 40, is closedForm: (Double) -> Double,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  for t in 0..<count {
    let (a, b) = (schedule(t), closedForm(Double(t)))
    #expect(abs(a - b) <= 1e-14, "at \(t): \(a), \(b)", sourceLocation: sourceLocation)
  }
}

@Test
func `falling schedules have their closed forms`() {
  expect(.exponential(by: 0.9)) { pow(0.9, $0) }
  expect(.exponential(by: 0.5, over: 10)) { pow(0.5, $0 / 10) }
  expect(.inverseTime(0.2)) { 1 / (1 + 0.2 * $0) }
  expect(.polynomial(over: 20)) { max(0, 1 - $0 / 20) }
  expect(.polynomial(over: 20, power: 3, to: 0.1)) { 0.1 + 0.9 * pow(max(0, 1 - $0 / 20), 3) }
  expect(.linear(from: 0.2, to: 0.7, over: 10)) { min(0.2 + 0.05 * $0, 0.7) }
}

@Test
func `restarts begin again at 1, in longer and longer waves`() {
  expect(.cosineRestarts(every: 8)) {
    (1 + cos(.pi * $0.truncatingRemainder(dividingBy: 8) / 8)) / 2
  }
  let growing = Schedule.cosineRestarts(every: 2, growth: 3, to: 0.1)
  // Waves begin at 0, 2, 8 and 26.
  #expect([0, 2, 8, 26].allSatisfy { growing($0) == 1 })
  #expect(abs(growing(5) - 0.55) < 1e-15 && abs(growing(17) - 0.55) < 1e-15)
  #expect((0...80).count { growing($0) == 1 } == 5)
}

@Test
func `one cycle rises to 1, falls to its end and stays there`() {
  let cycle = Schedule.oneCycle(over: 21, rise: 10.0 / 21, from: 0.2, to: 0.01)
  #expect(abs(cycle(0) - 0.2) < 1e-15 && abs(cycle(9) - 1) < 1e-15)
  #expect(abs(cycle(20) - 0.01) < 1e-15 && abs(cycle(99) - 0.01) < 1e-15)
  #expect((0..<9).allSatisfy { cycle($0) < cycle($0 + 1) })
  #expect((9..<20).allSatisfy { cycle($0) > cycle($0 + 1) })
}

@Test
func `joined schedules start at their own beginnings`() {
  let pair = Schedule.linear(from: 0, to: 1, over: 4).then(.exponential(by: 0.5), after: 5)
  expect(pair) { $0 < 5 ? min($0 / 4, 1) : pow(0.5, $0 - 5) }
  let three = Schedule.joined([(.constant(0.1), 2), (.constant(0.5), 3), (.inverseTime(1), 1)])
  expect(three) { $0 < 2 ? 0.1 : $0 < 5 ? 0.5 : 1 / (1 + $0 - 5) }
}

@Test
func `a plateau lowers the rate after its patience, with rest and a floor`() {
  var rule = GradientDescent(learningRate: 1)
  var plateau = ReduceOnPlateau(factor: 0.5, patience: 2, cooldown: 1, minimum: 0.2)
  // Best, better, three that are not: reduced. One is forgiven, then three more; the floor.
  let metrics = [3.0, 2, 2, 2.5, 2, 9, 2, 2, 2, 9, 2, 2, 2, 9]
  let rates = metrics.map { metric -> Double in
    plateau.observe(metric, adjusting: &rule)
    return rule.learningRate
  }
  #expect(rates == [1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.25, 0.2, 0.2])
}

@Test
func `progress counts what beats the best by the threshold`() {
  var relative = MetricProgress(patience: 1, threshold: .relative(0.1), goal: .more)
  #expect(
    [10, 10.5, 11.1, .nan, 12, 12.3].map { relative.observe($0) }
      == [true, false, true, false, false, true])
  var absolute = MetricProgress(patience: 0, threshold: .absolute(1))
  #expect([5, 4.5, 3.9].map { absolute.observe($0) } == [true, false, true])
  #expect(!absolute.isStalled)
  absolute.observe(3.5)
  #expect(absolute.isStalled && absolute.best == 3.9)
}

@Test
func `a plateau moves the rate beneath a schedule and survives being written down`() throws {
  var rule = Adam(learningRate: 1).scheduled(.constant(0.5)).clipped(toNorm: 1)
  var plateau = ReduceOnPlateau(patience: 0)
  plateau.observe(1, adjusting: &rule)
  plateau = try JSONDecoder().decode(
    ReduceOnPlateau.self, from: JSONEncoder().encode(plateau))
  let reduced = plateau.observe(1, adjusting: &rule)
  #expect(reduced && rule.learningRate == 0.1 && rule.learningRate(at: 1) == 0.05)
}
