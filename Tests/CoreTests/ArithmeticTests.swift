import Core
import Foundation
import LayerTesting
import Testing

@Suite struct ArithmeticTests {
  @Test(arguments: DType.allCases)
  func `operators do what they do to Swift numbers`(dtype: DType) throws {
    guard dtype != .bool else { return }
    let (a, b) = ([7.0, -7, 9, 0, 4], [2.0, 2, -4, 5, 4])
    let (x, y) = (Tensor(a, dtype: dtype), Tensor(b, dtype: dtype))
    func check(_ result: Tensor, _ dtype: DType, _ f: (Double, Double) -> Double) throws {
      #expect(result.dtype == dtype)
      try expectClose(result, Tensor(zip(a, b).map(f), dtype: .float64))
    }
    try check(x + y, dtype, +)
    try check(x - y, dtype, -)
    try check(x * y, dtype, *)
    try check(x / y, dtype.isFloating ? dtype : .float32, /)
    try check(x % y, dtype) { fmod($0, $1) }
    try check(-x, dtype) { a, _ in -a }
    try check(maximum(x, y), dtype, max)
    try check(minimum(x, y), dtype, min)
    try check(x + 3, dtype) { a, _ in a + 3 }
    try check(3 - x, dtype) { a, _ in 3 - a }
    try check(x * 3, dtype) { a, _ in a * 3 }
    try check(abs(x), dtype) { a, _ in abs(a) }
    try check(sign(x), dtype) { a, _ in a > 0 ? 1 : a < 0 ? -1 : 0 }
    try check(square(x), dtype) { a, _ in a * a }
    try check(x % 4, dtype) { a, _ in fmod(a, 4) }
  }

  @Test func `types promote, Swift numbers do not`() {
    let promoted: [(DType, DType, DType)] = [
      (.float32, .float64, .float64), (.int32, .float32, .float32), (.int64, .float32, .float32),
      (.int32, .int64, .int64), (.bool, .int32, .int32), (.bool, .float32, .float32),
      (.int64, .float64, .float64),
    ]
    for (a, b, expected) in promoted {
      #expect((Tensor.ones([2], dtype: a) + Tensor.ones([2], dtype: b)).dtype == expected)
      #expect((Tensor.ones([2], dtype: b) * Tensor.ones([2], dtype: a)).dtype == expected)
    }
    let x = Tensor([1, 2])
    let (count, double) = (3, 0.5)
    #expect((2 * x).dtype == .float32 && (x + double).dtype == .float32)
    #expect((x * count).dtype == .float32 && (count - x).dtype == .float32)
    #expect((x.cast(to: .float64) * Float(2)).dtype == .float64)
    #expect((Tensor([1, 2]).cast(to: .int32) * 2).dtype == .int32)
  }

  @Test func `literals are float32, variables keep their type`() {
    #expect(Tensor([1, 2]).dtype == .float32 && Tensor([[1.5]]).dtype == .float32)
    #expect(Tensor(3).dtype == .float32 && Tensor(2.5).dtype == .float32)
    let (ints, doubles, truths) = ([1, 2], [0.5, 1], [true, false])
    #expect(Tensor(ints).dtype == .int64 && Tensor(doubles).dtype == .float64)
    #expect(Tensor(truths).dtype == .bool && Tensor([Int32(1)]).dtype == .int32)
    #expect(Tensor([1, 2], dtype: .int32).dtype == .int32)
  }

  @Test(arguments: 0..<40)
  func `broadcasting equals the loop over all indices`(seed: UInt64) throws {
    var generator = RandomGenerator(seed: seed)
    let shapes = Shape.randomPair(using: &generator)
    let arrangements = (0..<2).map { _ in Arrangement.allCases.randomElement(using: &generator)! }
    let x = arrangements[0](Domain.real(shapes[0], .float64, using: &generator), using: &generator)
    let y = arrangements[1](Domain.real(shapes[1], .float64, using: &generator), using: &generator)
    let result = x - 2 * y
    #expect(result.shape == Shape.broadcast(shapes[0], shapes[1]))
    let expected = indices(of: result.shape).map { index in
      x.element(at: index) - 2 * y.element(at: index)
    }
    try expectClose(result, Tensor(scalars: expected, shape: result.shape))
  }

  @Test func `comparisons are elementwise and give truth values`() {
    let (x, y) = (Tensor([1, 2, 3]), Tensor([3, 2, 1]))
    #expect((x .< y).scalars(as: Bool.self) == [true, false, false])
    #expect((x .<= y).scalars(as: Bool.self) == [true, true, false])
    #expect((x .> y).scalars(as: Bool.self) == [false, false, true])
    #expect((x .>= 2).scalars(as: Bool.self) == [false, true, true])
    #expect((x .== y).scalars(as: Bool.self) == [false, true, false])
    #expect((x .!= y).scalars(as: Bool.self) == [true, false, true])
    #expect(((x .> 1) .&& (y .> 1)).scalars(as: Bool.self) == [false, true, false])
    #expect(((x .> 2) .|| (y .> 2)).scalars(as: Bool.self) == [true, false, true])
    #expect((!(x .> 1)).scalars(as: Bool.self) == [true, false, false])
    #expect((Tensor([1, 2], dtype: .int32) .> 1.5).scalars(as: Bool.self) == [false, true])
    let odd = Tensor([1, .nan, .infinity, -.infinity])
    #expect((odd .== odd).scalars(as: Bool.self) == [true, false, true, true])
    #expect(odd.isNaN().scalars(as: Bool.self) == [false, true, false, false])
    #expect(odd.isFinite().scalars(as: Bool.self) == [true, false, false, false])
    #expect(odd.isInfinite().scalars(as: Bool.self) == [false, false, true, true])
    #expect(x == Tensor([1, 2, 3]) && x != y && x != x.cast(to: .float64) && odd != odd)
  }

  @Test func `selection passes gradients to the chosen side only`() throws {
    let x = Tensor([-1, 4])
    // The other side's NaN does not leak into value or gradient.
    let (value, gradient) = valueWithGradient(at: x) { x in
      select(x .> 0, sqrt(x), Tensor.zeros(like: x)).sum()
    }
    try expectClose(value, 2)
    try expectClose(gradient[1], 0.25)
    let (a, b) = gradient2(at: Tensor([1, 2, 3]), Tensor(5)) { x, y in
      select(Tensor([true, false, true]), x, y).sum()
    }
    try expectClose(a, Tensor([1, 0, 1]))
    try expectClose(b, 1)
  }

  private func gradient2(at x: Tensor, _ y: Tensor, _ f: (Tensor, Tensor) -> Tensor)
    -> (Tensor, Tensor)
  { gradient(at: x, y, f) }

  @Test func `ties share the gradient`() throws {
    let x = Tensor([1, 2, 3])
    let (a, b) = gradient2(at: x, Tensor([3, 2, 1])) { maximum($0, $1).sum() }
    try expectClose(a, Tensor([0, 0.5, 1]))
    try expectClose(b, Tensor([1, 0.5, 0]))
    try expectClose(gradient(at: x) { minimum($0, 2).sum() }, Tensor([1, 0.5, 0]))
    try expectClose(gradient(at: Tensor([2, 1, 2])) { $0.maximum() }, Tensor([0.5, 0, 0.5]))
    try expectClose(gradient(at: x) { $0.clamped(to: 1...2).sum() }, Tensor([1, 1, 0]))
    try expectClose(gradient(at: Tensor([-2, 0, 2])) { abs($0).sum() }, Tensor([-1, 0, 1]))
  }

  @Test func `NaN is never hidden by an extremum`() {
    let x = Tensor([.nan, 1, .nan])
    let y = Tensor([1, .nan, .nan])
    #expect(maximum(x, y).isNaN().all() && minimum(x, y).isNaN().all())
    #expect(maximum(x, 3).isNaN().scalars(as: Bool.self) == [true, false, true])
  }

  @Test(arguments: [DType.float32, .float64])
  func `elementary functions agree with the C library`(dtype: DType) throws {
    let x = Tensor.linspace(from: -3, to: 3, count: 101, dtype: dtype)
    let p = Tensor.linspace(from: 0.01, to: 30, count: 101, dtype: dtype)
    let relative = dtype == .float32 ? 4e-7 : 1e-14
    func check(_ x: Tensor, _ f: (Tensor) -> Tensor, _ g: (Double) -> Double, _ name: String) throws
    {
      let expected = x.scalars(as: Double.self).map(g)
      try expectClose(
        f(x), Tensor(scalars: expected, shape: x.shape), relative: relative,
        absolute: relative * 0.1, name)
    }
    try check(x, { exp($0) }, { exp($0) }, "exp")
    try check(x, { expm1($0) }, { expm1($0) }, "expm1")
    try check(x, { sin($0) }, { sin($0) }, "sin")
    try check(x, { cos($0) }, { cos($0) }, "cos")
    try check(x, { tan($0) }, { tan($0) }, "tan")
    try check(x, { atan($0) }, { atan($0) }, "atan")
    try check(x, { tanh($0) }, { tanh($0) }, "tanh")
    try check(x, { erf($0) }, { erf($0) }, "erf")
    try check(x, { sigmoid($0) }, { 1 / (1 + exp(-$0)) }, "sigmoid")
    try check(x, { softplus($0) }, { log1p(exp($0)) }, "softplus")
    try check(x, { floor($0) }, { floor($0) }, "floor")
    try check(x, { ceil($0) }, { ceil($0) }, "ceil")
    try check(x, { round($0) }, { $0.rounded(.toNearestOrEven) }, "round")
    try check(x, { truncate($0) }, { trunc($0) }, "truncate")
    try check(x, { heaviside($0) }, { $0 > 0 ? 1 : $0 < 0 ? 0 : 0.5 }, "heaviside")
    try check(p, { log($0) }, { log($0) }, "log")
    try check(p, { log1p($0) }, { log1p($0) }, "log1p")
    try check(p, { sqrt($0) }, { $0.squareRoot() }, "sqrt")
    try check(p, { rsqrt($0) }, { 1 / $0.squareRoot() }, "rsqrt")
    try check(p, { reciprocal($0) }, { 1 / $0 }, "reciprocal")
    try check(p, { pow($0, 1.7) }, { pow($0, 1.7) }, "pow")
    try check(p, { pow($0, Tensor(-0.3, dtype: dtype)) }, { pow($0, -0.3) }, "pow")
    try check(x, { atan2($0, Tensor(-1.5, dtype: dtype)) }, { atan2($0, -1.5) }, "atan2")
  }

  @Test func `casting truncates, saturates and round-trips`() {
    let x = Tensor([1.9, -1.9, 3e10, -3e10, .nan, 0])
    #expect(
      x.cast(to: .int32).scalars(as: Int32.self) == [1, -1, .max, .min, 0, 0])
    #expect(x.cast(to: .bool).scalars(as: Bool.self) == [true, true, true, true, true, false])
    #expect(x.cast(to: .float64).cast(to: .float32)[..<4] == x[..<4])
    #expect(Tensor([true, false]).cast(to: .float32) == Tensor([1, 0]))
    let gradient = gradient(at: Tensor([1, 2])) { x in
      (x.cast(to: .float64) * Tensor([2, 3], dtype: .float64)).sum()
    }
    #expect(gradient == Tensor([2, 3]))
  }

  @Test func `gradients at the edges of a domain are what the limits say`() throws {
    // d/dx xᵇ at 0 is 0 for b = 0 and for b = 2, and 1 for b = 1.
    let (base, _) = gradient2(at: Tensor([0, 0, 0]), Tensor([0, 1, 2])) { pow($0, $1).sum() }
    try expectClose(base, Tensor([0, 1, 0]))
    for (exponent, slope) in [(0.0, 0.0), (1, 1), (2, 0), (3, 0)] {
      try expectClose(gradient(at: Tensor(0)) { pow($0, exponent) }, slope)
      let second = gradient(at: Tensor(0)) { x in gradient(at: x) { pow($0, exponent) } }
      try expectClose(second, exponent == 2 ? 2 : 0)
    }
    // Masks are infinite: ties among them share the gradient like others.
    let (a, b) = gradient2(at: Tensor([-.infinity, 1]), Tensor([-.infinity, -.infinity])) {
      maximum($0, $1).sum()
    }
    try expectClose(a, Tensor([0.5, 1]))
    try expectClose(b, Tensor([0.5, 0]))
    try expectClose(gradient(at: Tensor([0, 0])) { $0.norm() }, Tensor([0, 0]))
  }
}
