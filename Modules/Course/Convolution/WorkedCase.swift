import Conv
import Core

/// One of the two worked cases of course document 000: a square image under a 2×2 kernel.
struct WorkedCase {
  let side: Int
  let stride: Int
  let matrix: ConvolutionMatrix

  init(side: Int, stride: Int) {
    self.side = side
    self.stride = stride
    matrix = ConvolutionMatrix(
      weight: [1, 1, 2, 2], input: [1, side, side], stride: PerAxis(stride))
  }

  private var codeSide: Int { matrix.outputShape[1] }

  /// The code z₁, z₂, … with zeros around it and, at a stride, between its elements.
  var interleaved: [[String]] {
    symbols("z", interleavedCode(numbered(codeSide), kernel: 2, stride: PerAxis(stride)))
  }

  /// The kernel of the decoder as an ordinary convolution.
  var decoder: [[String]] { symbols("w", decoderKernel(of: numbered(2))) }

  /// The greatest difference between the three ways to compute y, on whole numbers: 0.
  var disagreement: Double {
    let (w, z) = (numbered(2), numbered(codeSide))
    let y = transposedConvolution(z, w, stride: PerAxis(stride))
    let code = interleavedCode(z, kernel: 2, stride: PerAxis(stride))
    let others = [
      matrix.transposedProduct(w, z), crossCorrelation(code, decoderKernel(of: w)),
      matmul(matrix.dense(of: w).transposed(), z.flattened()).reshaped(y.shape),
    ]
    return others.map { abs($0 - y).maximum().item() }.max() ?? 0
  }

  /// 1, 2, 3, … as an image: the place of each element stands for its symbol.
  private func numbered(_ side: Int) -> Tensor {
    Tensor.range(from: 1, to: Double(side * side + 1), dtype: .float64).reshaped([1, 1, side, side])
  }

  /// The elements of an image of numbers as symbols, 0 as itself.
  private func symbols(_ name: String, _ image: Tensor) -> [[String]] {
    let numbers = image.scalars(as: Int.self)
    let width = image.shape[3]
    return rows(of: numbers, width).map { row in
      row.map { $0 == 0 ? "0" : name + indexed($0) }
    }
  }

  private func rows(of values: [Int], _ width: Int) -> [[Int]] {
    Swift.stride(from: 0, to: values.count, by: width).map { Array(values[$0..<$0 + width]) }
  }
}

extension WorkedCase {
  /// All of it as text, question by question.
  func text() -> String {
    let image = symbols("x", numbered(side))
    let kernel = symbols("w", numbered(2))
    let code = symbols("z", numbered(codeSide))
    let sums = zip(code.joined(), matrix.productSymbols()).map { "\($0) = \(lowered($1))" }
    let back = matrix.transposedProductSymbols().enumerated().map {
      "y\(indexed($0 + 1))".filled(to: 3) + " = \(lowered($1))"
    }
    return """
      \(side)×\(side) image, 2×2 kernel, stride \(stride)

      \(beside([("X = ", image), ("W = ", kernel), ("Z = ", code)]))

      z = w x, with
      \(indent(sums))

      w, \(matrix.rows) × \(matrix.columns):
      \(indent(grid(matrix.symbols().map { $0.map(lowered) })))

      y = wᵀ z, the transposed convolution:
      \(indent(back))

      The decoder as an ordinary convolution at stride 1, y = W′ ⋆ Z′:

      \(beside([("Z′ = ", interleaved), ("W′ = ", decoder)]))

      matrix, sparse product, kernel and convolution of Z′: largest difference \
      \(scientific(disagreement))

      """
  }

  /// w1 as w₁.
  private func lowered(_ text: String) -> String {
    var result = ""
    for letter in text {
      let isIndex = result.last.map { $0.isLetter || "₀" <= $0 && $0 <= "₉" } ?? false
      result +=
        isIndex ? letter.wholeNumberValue.map(indexed) ?? String(letter) : String(letter)
    }
    return result
  }

  private func grid(_ rows: [[String]]) -> [String] {
    let width = rows.joined().map(\.count).max() ?? 0
    return rows.map { $0.map { $0.filled(to: width) }.joined(separator: " ") }
  }

  private func indent(_ lines: [String]) -> String {
    lines.map { "  " + $0.trimmingSuffix(" ") }.joined(separator: "\n")
  }

  /// Named matrices side by side.
  private func beside(_ parts: [(name: String, rows: [[String]])]) -> String {
    let height = parts.map(\.rows.count).max() ?? 0
    let blocks = parts.map { name, rows in
      let lines = grid(rows)
      return (0..<height).map { row in
        let lead = row == 0 ? name : String(repeating: " ", count: name.count)
        return lead + (row < lines.count ? lines[row] : "".filled(to: lines[0].count))
      }
    }
    return indent((0..<height).map { row in blocks.map { $0[row] }.joined(separator: "    ") })
  }
}

extension String {
  fileprivate func trimmingSuffix(_ letter: Character) -> String {
    var result = self
    while result.last == letter { result.removeLast() }
    return result
  }
}
