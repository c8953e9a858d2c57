import Core
import Testing

@Suite struct DescriptionTests {
  @Test func `scalars print as numbers`() {
    #expect("\(Tensor(3))" == "3.0")
    #expect("\(Tensor(0.1))" == "0.1")
    #expect("\(Tensor(-2.718281828))" == "-2.718282")
    #expect("\(Tensor(1e-9))" == "1.0e-09")
    #expect("\(Tensor(1.23456789e20))" == "1.234568e+20")
    #expect("\(Tensor(7 as Int))" == "7")
    #expect("\(Tensor(true))" == "true")
    #expect("\(Tensor(-Float.infinity))" == "-inf")
    #expect("\(Tensor(Float.nan))" == "nan")
    #expect("\(Tensor(-0.0))" == "-0.0")
    #expect("\(Tensor(Double.leastNonzeroMagnitude, dtype: .float64))" == "5.0e-324")
    #expect("\(Tensor(Double.greatestFiniteMagnitude, dtype: .float64))" == "1.797693e+308")
  }

  @Test func `vectors share one notation`() {
    #expect("\(Tensor([0.5, 0, 0, 0]))" == "[0.5, 0.0, 0.0, 0.0]")
    #expect("\(Tensor([1, 2.25, -3]))" == "[ 1.00,  2.25, -3.00]")
    #expect("\(Tensor([1 / 3, 2 / 3, 1]))" == "[0.3333, 0.6667, 1.0000]")
    #expect("\(Tensor([0.1, 0.2, 0.7]))" == "[0.1, 0.2, 0.7]")
    #expect("\(Tensor([999.99999, 1]))" == "[1000.0,    1.0]")
    #expect("\(Tensor([1e-6, 1, -0.5]))" == "[ 1.0e-06,  1.0e+00, -5.0e-01]")
    #expect("\(Tensor([123_456_792, 1]))" == "[1.2346e+08, 1.0000e+00]")
    #expect("\(Tensor([1_000_000, 0.5, 12.3456789]))" == "[1.0000e+06, 5.0000e-01, 1.2346e+01]")
    #expect("\(Tensor([1e6, 2e7]))" == "[ 1000000.0, 20000000.0]")
    #expect("\(Tensor([1e-100, 1e100], dtype: .float64))" == "[1.0e-100, 1.0e+100]")
  }

  @Test func `matrices have aligned columns`() {
    #expect(
      "\(Tensor([[1, 2.5], [-30, 4]]))" == """
        [[  1.0,   2.5],
         [-30.0,   4.0]]
        """)
    #expect(
      "\(Tensor([[1, -200], [30, 4]] as [[Int]]))" == """
        [[   1, -200],
         [  30,    4]]
        """)
    #expect(
      "\(Tensor([[true, false], [false, true]]))" == """
        [[ true, false],
         [false,  true]]
        """)
    #expect(
      "\(Tensor([[.nan, 1], [-.infinity, 0.25]]))" == """
        [[ nan, 1.00],
         [-inf, 0.25]]
        """)
  }

  @Test func `blank lines part the matrices of a higher rank`() {
    let x = Tensor.range(0..<8).reshaped([2, 2, 2])
    #expect(
      "\(x)" == """
        [[[0, 1],
          [2, 3]],

         [[4, 5],
          [6, 7]]]
        """)
  }

  @Test func `views print what they show`() {
    let x = Tensor([[1, 2, 3], [4, 5, 6]])
    #expect("\(x.transposed())" == "[[1.0, 4.0],\n [2.0, 5.0],\n [3.0, 6.0]]")
    #expect("\(x[1, 1...])" == "[5.0, 6.0]")
    #expect("\(Tensor(2).broadcast(to: [3]))" == "[2.0, 2.0, 2.0]")
  }

  @Test func `empty tensors say so`() {
    #expect("\(Tensor.zeros([0]))" == "[]")
    #expect("\(Tensor.zeros([2, 0, 3]))" == "[] of shape [2, 0, 3]")
  }

  @Test func `long axes are elided`() {
    let x = Tensor.range(0..<2000)
    #expect("\(x)" == "[   0,    1,    2, …, 1997, 1998, 1999]")
    let matrix = x.reshaped([1000, 2])
    #expect(
      "\(matrix)" == """
        [[   0,    1],
         [   2,    3],
         [   4,    5],
         …,
         [1994, 1995],
         [1996, 1997],
         [1998, 1999]]
        """)
    let huge = Tensor(1).broadcast(to: [100_000, 100_000])
    #expect("\(huge)".split(separator: "\n").count == 7)
    #expect(!"\(Tensor.range(0..<1000))".contains("…"))
  }

  @Test func `long rows are broken into lines`() {
    let lines = "\(Tensor.range(0..<100))".split(separator: "\n")
    #expect(lines.count > 1 && lines.allSatisfy { $0.count <= 100 })
    #expect(lines.dropFirst().allSatisfy { $0.hasPrefix(" ") && !$0.hasSuffix(" ") })
  }

  @Test func `limits can be chosen`() {
    #expect(Tensor([1 / 3, 2]).formatted(decimals: 2) == "[0.33, 2.00]")
    #expect(
      Tensor([1.0 / 3, 2], dtype: .float64).formatted(decimals: 8) == "[0.33333333, 2.00000000]")
    #expect(Tensor(1 / 3).formatted() == "\(Tensor(1 / 3))")
    #expect(Tensor.range(0..<9).formatted(threshold: 5, edge: 1) == "[0, …, 8]")
    #expect(!Tensor.range(0..<5000).formatted(threshold: .max).contains("…"))
    let lines = Tensor.range(0..<30).formatted(width: 20).split(separator: "\n")
    #expect(lines.count > 4 && lines.allSatisfy { $0.count <= 22 })
  }

  @Test func `debugging shows shape and type`() {
    #expect(String(reflecting: Tensor([1, 2])) == "Tensor [2] float32: [1.0, 2.0]")
    #expect(
      String(reflecting: Tensor([[1], [2]] as [[Int]])) == "Tensor [2, 1] int64:\n[[1],\n [2]]")
    #expect(String(reflecting: Tensor.zeros([3, 0])) == "Tensor [3, 0] float32: []")
  }

  @Test func `text with decimals to spare reads back as the number`() throws {
    var generator = RandomGenerator(seed: 9)
    for exponent in [-20.0, -3, 0, 2, 6, 12, 30] {
      for value in Tensor.randomNormal([50], using: &generator).scalars(as: Double.self) {
        let number = value * pow(10, exponent)
        let text = "\(Tensor(number, dtype: .float64))"
        let back = try #require(Double(text))
        #expect(abs(back - number) <= max(5.1e-7 * abs(number), text.contains("e") ? 0 : 5.1e-7))
      }
    }
  }

  private func pow(_ base: Double, _ exponent: Double) -> Double {
    (0..<Int(abs(exponent))).reduce(1) { power, _ in exponent < 0 ? power / base : power * base }
  }
}
