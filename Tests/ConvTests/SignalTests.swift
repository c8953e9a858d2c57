import Conv
import Core
import Testing

/// Course document 001, question 3(c), on the signal [1, 1, 4, 4, 4, 1, 1].
@Suite struct SignalTests {
  static let signal = Tensor([[[1.0, 1, 4, 4, 4, 1, 1]]], dtype: .float64)

  /// The convolution of mathematics with some taps.
  func filtered(_ taps: [Double], _ padding: Padding) -> [Double] {
    let kernel = Tensor(taps, dtype: .float64).reshaped([1, 1, taps.count])
    return convolution(Self.signal, kernel, padding: padding).scalars(as: Double.self)
  }

  // y[o] = Σ_j k[j] s[o − j]: sums of four neighbours of the signal, quartered.
  @Test func `3c: four taps of a quarter`() {
    let quarter = [Double](repeating: 0.25, count: 4)
    let full = [0.25, 0.5, 1.5, 2.5, 3.25, 3.25, 2.5, 1.5, 0.5, 0.25]
    #expect(filtered(quarter, .full) == full)
    #expect(filtered(quarter, .valid) == Array(full[3..<7]))
    // Three zeros are to be given: one before, two after.
    #expect(filtered(quarter, .same) == Array(full[2..<9]))
  }

  // What a circulated answer computes instead of it.
  @Test func `3c with three taps of a quarter`() {
    let quarter = [Double](repeating: 0.25, count: 3)
    let full = [0.25, 0.5, 1.5, 2.25, 3, 2.25, 1.5, 0.5, 0.25]
    #expect(filtered(quarter, .full) == full)
    #expect(filtered(quarter, .valid) == Array(full[2..<7]))
    #expect(filtered(quarter, .same) == Array(full[1..<8]))
  }

  @Test func `an asymmetric kernel shows the flip`() {
    let taps = [1.0, 2, 3]
    // 1·s[o] + 2·s[o − 1] + 3·s[o − 2]
    let full = [1.0, 3, 9, 15, 24, 21, 15, 5, 3]
    #expect(filtered(taps, .full) == full)
    #expect(filtered(taps, .valid) == Array(full[2..<7]))
    #expect(filtered(taps, .same) == Array(full[1..<8]))
    // Without the flip: 1·s[o − 2] + 2·s[o − 1] + 3·s[o].
    let kernel = Tensor(taps, dtype: .float64).reshaped([1, 1, 3])
    let plain = crossCorrelation(Self.signal, kernel, padding: .full)
    #expect(plain.scalars(as: Double.self) == [3.0, 5, 15, 21, 24, 15, 9, 3, 1])
    // An impulse comes out as the kernel itself, or turned around.
    let impulse = Tensor([[[0.0, 0, 1, 0, 0]]], dtype: .float64)
    #expect(
      convolution(impulse, kernel, padding: .same).scalars(as: Double.self) == [0, 1, 2, 3, 0])
    #expect(
      crossCorrelation(impulse, kernel, padding: .same).scalars(as: Double.self) == [0, 3, 2, 1, 0])
  }

  @Test(arguments: [2, 4, 6])
  func `same padding gives an even kernel its extra zero at the end`(taps: Int) {
    // A kernel of which only the first tap counts reads each place's window from its start, which
    // lies `before` places to the left; the last window then lacks as many places at the right.
    let kernel = Tensor([1.0] + [Double](repeating: 0, count: taps - 1), dtype: .float64)
    let y = crossCorrelation(Self.signal, kernel.reshaped([1, 1, taps]), padding: .same)
    let before = (taps - 1) / 2
    let values = [Double](repeating: 0, count: before) + [1.0, 1, 4, 4, 4, 1, 1].dropLast(before)
    #expect(y.scalars(as: Double.self) == values)
    let explicit = crossCorrelation(
      Self.signal, kernel.reshaped([1, 1, taps]),
      padding: .explicit(before: PerAxis(before), after: PerAxis(taps / 2)))
    #expect(y == explicit)
  }

  @Test func `same padding with a stride gives as many outputs as strides`() {
    for (size, stride) in [(7, 2), (7, 3), (8, 2), (8, 3), (1, 5)] {
      let x = Tensor.ones([1, 1, size])
      let y = crossCorrelation(
        x, Tensor.ones([1, 1, 3]), stride: PerAxis(stride), padding: .same)
      #expect(y.shape == [1, 1, (size + stride - 1) / stride])
    }
  }

  @Test func `a filter whose taps sum to one keeps the level and lowers the steps`() {
    let (signal, smooth) = ([1.0, 1, 4, 4, 4, 1, 1], filtered([0.25, 0.25, 0.25, 0.25], .valid))
    func steps(_ values: [Double]) -> [Double] {
      zip(values, values.dropFirst()).map { abs($1 - $0) }
    }
    #expect(steps(signal).max() == 3 && steps(smooth).max() == 0.75)
    let full = filtered([0.25, 0.25, 0.25, 0.25], .full)
    #expect(full.reduce(0, +) == signal.reduce(0, +))
  }
}
