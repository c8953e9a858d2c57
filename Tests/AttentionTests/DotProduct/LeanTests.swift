import Attention
import Core
import Kernels
import LayerTesting
import Testing

@Suite struct LeanTests {
  static let levels = InstructionSet.allCases.filter { $0 <= InstructionSet.highest }

  /// Extents of one problem.
  struct Extents: CustomTestStringConvertible {
    let batch, heads, shared, queries, keys, features, values: Int
    var testDescription: String {
      "\(batch)×\(heads)(\(shared)) \(queries)×\(keys) \(features),\(values)"
    }
    var operands: [Shape] {
      [
        [batch, heads, queries, features], [batch, shared, keys, features],
        [batch, shared, keys, values],
      ]
    }
  }

  static let problems = [
    Extents(batch: 1, heads: 1, shared: 1, queries: 1, keys: 1, features: 1, values: 1),
    Extents(batch: 2, heads: 3, shared: 1, queries: 7, keys: 19, features: 5, values: 9),
    Extents(batch: 1, heads: 2, shared: 2, queries: 97, keys: 129, features: 32, values: 17),
    Extents(batch: 1, heads: 1, shared: 1, queries: 200, keys: 290, features: 8, values: 40),
  ]

  /// Result and gradients in both forms.
  func outcome(
    _ inputs: [Tensor], _ form: AttentionForm, mask: Tensor? = nil, isCausal: Bool = false,
    firstQuery: Int = 0, dropout: Double = 0
  ) -> [Tensor] {
    func attention(_ x: [Tensor]) -> Tensor {
      withRandom(seed: 9) {
        scaledDotProductAttention(
          x[0], x[1], x[2], mask: mask, isCausal: isCausal, firstQuery: firstQuery,
          dropout: dropout, form: form)
      }
    }
    let y = attention(inputs)
    let upstream = hashed(y.shape, 4, dtype: y.dtype)
    return [y] + valueWithGradient(at: inputs) { (attention($0) * upstream).sum() }.gradient
  }

  func at<Result>(_ level: InstructionSet, _ body: () throws -> Result) rethrows -> Result {
    apus_set_thread_level(level.rawValue)
    defer { apus_set_thread_level(-1) }
    return try body()
  }

  @Test(arguments: levels, [DType.float32, .float64])
  func `both forms agree at every level`(_ level: InstructionSet, _ dtype: DType) throws {
    for problem in Self.problems {
      let inputs = problem.operands.enumerated().map {
        hashed($1, UInt64($0 + 1), dtype: dtype) * 3
      }
      let weights: Shape = [problem.heads, problem.queries, problem.keys]
      let seen = hashed(weights, 6) .< 0.2
      let added = hashed([problem.queries, problem.keys], 7, dtype: dtype) * 4
      func compare(
        _ what: String, mask: Tensor? = nil, isCausal: Bool = false, firstQuery: Int = 0,
        dropout: Double = 0
      ) throws {
        let lean = at(level) {
          outcome(
            inputs, .lean, mask: mask, isCausal: isCausal, firstQuery: firstQuery,
            dropout: dropout)
        }
        let plain = outcome(
          inputs, .plain, mask: mask, isCausal: isCausal, firstQuery: firstQuery,
          dropout: dropout)
        for (lean, plain) in zip(lean, plain) {
          let scale = max(abs(plain).maximum().item(), 0.1)
          let error = abs(lean - plain).maximum().item()
          #expect(
            error <= (dtype == .float64 ? 1e-13 : 2e-6) * scale * 10,
            "\(what), \(problem.testDescription): \(error) of \(scale)")
        }
      }
      try compare("plain")
      try compare("bool mask", mask: seen)
      try compare("added mask", mask: added)
      try compare("one key's column", mask: hashed([problem.queries, 1], 8) .< 0.3)
      try compare("causal", isCausal: true)
      try compare("causal, later", isCausal: true, firstQuery: 11)
      try compare("causal, earlier", isCausal: true, firstQuery: -3)
      try compare("dropout", dropout: 0.3)
      try compare("dropout of a masked one", mask: seen, isCausal: true, dropout: 0.5)
      try compare("all dropped", dropout: 1)
    }
  }

  @Test func `operands in any layout give the same`() throws {
    let whole = [hashed([2, 40, 3, 16], 1), hashed([2, 16, 50, 3], 2), hashed([50, 2, 9, 3], 3)]
    let views = [
      whole[0].transposed(1, 2), whole[1].permuted([0, 3, 2, 1]),
      whole[2].permuted([1, 3, 0, 2]),
    ]
    let expected = outcome(views.map { $0.contiguous() }, .lean, isCausal: true)
    for (found, expected) in zip(outcome(views, .lean, isCausal: true), expected) {
      try expectClose(found, expected, relative: 1e-12)
    }
  }

  @Test func `several parts and threads give the same bits`() throws {
    let layer = withRandom(seed: 4) { MultiHeadAttention(8, heads: 1, dropout: 0.1) }
    try verify(layer: layer, at: hashed([1, 700, 8], 1), order: 0)
  }

  @Test func `not-a-numbers are passed on`() {
    let (q, k, v) = (hashed([1, 3, 4], 1), hashed([1, 5, 4], 2), hashed([1, 5, 2], 3))
    let bad = Tensor.full([], .nan, dtype: .float64)
    let row = q.replacing(
      where: (Tensor.range(0..<12) .== 4).reshaped([1, 3, 4]), with: bad.reshaped([1]))
    let y = scaledDotProductAttention(row, k, v)
    #expect(y[0, 1].isNaN().all())
    #expect(y[0, 0].isFinite().all() && y[0, 2].isFinite().all())
  }

  @Test func `memory grows in proportion to the sequence`() async {
    await #expect(processExitsWith: .success) {
      /// Bytes beyond those of operands and gradients that one pass took from the system.
      func scratch(_ time: Int) -> Int {
        let inputs = (0..<3).map { hashed([1, 1, time, 8], UInt64($0), dtype: .float32) }
        MemoryPool.trim()
        let before = MemoryPool.statistics
        _ = valueWithGradient(at: inputs) {
          scaledDotProductAttention($0[0], $0[1], $0[2], isCausal: true).sum()
        }
        let after = MemoryPool.statistics
        return after.bytesInUse + after.bytesCached - before.bytesInUse - before.bytesCached
      }
      _ = scratch(256)
      let (short, long) = (scratch(1024), scratch(4096))
      // All weights would be 64 MB.
      require(long < 5 * short && long < 8 << 20, "\(short) bytes of 1,024, \(long) of 4,096")
    }
  }
}
