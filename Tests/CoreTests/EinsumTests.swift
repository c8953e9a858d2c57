import Core
import LayerTesting
import Testing

@Suite struct EinsumTests {
  /// The sum of products by one loop over all labels: the definition.
  static func reference(_ equation: String, _ operands: [Tensor]) -> Tensor {
    let sides = equation.split(separator: ">").map { $0.filter { $0.isLetter || $0 == "," } }
    let inputs = sides[0].split(separator: ",", omittingEmptySubsequences: false).map(Array.init)
    let output = sides.count > 1 ? Array(sides[1]) : []
    var extents: [Character: Int] = [:]
    for (labels, operand) in zip(inputs, operands) {
      for (label, extent) in zip(labels, operand.shape) {
        extents[label] = extents[label].map { $0 == 1 ? extent : $0 } ?? extent
      }
    }
    let labels = output + extents.keys.filter { !output.contains($0) }.sorted()
    let sizes = labels.map { extents[$0]! }
    let shape = Shape(output.map { extents[$0]! })
    var sums = [Double](repeating: 0, count: shape.elementCount)
    let values = operands.map { $0.scalars(as: Double.self) }
    for index in 0..<sizes.reduce(1, *) {
      var rest = index
      var position: [Character: Int] = [:]
      for (label, size) in zip(labels, sizes).reversed() {
        position[label] = rest % size
        rest /= size
      }
      var product = 1.0
      for (operand, labels) in inputs.enumerated() {
        var place = 0
        for (label, extent) in zip(labels, operands[operand].shape) {
          place = place * extent + (extent == 1 ? 0 : position[label]!)
        }
        product *= values[operand][place]
      }
      let inner = sizes.dropFirst(output.count).reduce(1, *)
      sums[index / inner] += product
    }
    return Tensor(scalars: sums, shape: shape)
  }

  static func operands(
    _ equation: String, using generator: inout RandomGenerator, extents: ClosedRange<Int> = 1...4
  ) -> [Tensor] {
    var sizes: [Character: Int] = [:]
    return equation.split(separator: ">")[0].filter { $0.isLetter || $0 == "," }
      .split(separator: ",", omittingEmptySubsequences: false)
      .map { labels in
        let shape = labels.map { label -> Int in
          let size = sizes[label] ?? Int.random(in: extents, using: &generator)
          sizes[label] = size
          // Now and then an extent of 1, which stretches.
          return Int.random(in: 0..<8, using: &generator) == 0 ? 1 : size
        }
        return Tensor.randomNormal(Shape(shape), dtype: .float64, using: &generator)
      }
  }

  static let equations = [
    "i->i", "ij->ji", "ij->", "ij->i", "ii->i", "ii->", "iii->i", "iij->ji", "ijij->ij",
    "i,i->", "i,j->ij", "i,j->ji", "i,i->i", ",i->i", ",->", "i,->",
    "ij,jk->ik", "ij,jk->ki", "ji,kj->ik", "ij,jk->", "ij,jk->j", "ij,ij->ij", "ij,ji->", "ij,j->i",
    "bij,bjk->bik", "bij,bkj->bik", "bij,jk->bik", "ij,bjk->bik", "bij,bjk->ik", "bij,bij->b",
    "bhqd,bhkd->bhqk", "bhqk,bhkd->bqhd", "abc,cd->abd", "abcd,acd->ab", "aab,bc->ac",
    "ijk,jlk->il", "ijkl,lkmn->ijmn", "bn,anm,bm->ba", "i,ij,j->", "ij,jk,kl->il",
    "ij,jk,kl,lm->im",
    "ab,bc,cd,de,ef->af", "ab,bc,cd,de,ef,fg->ag", "ab,bc,ca->", "abc,bd,cd->a", "a,b,c,d->dcba",
    "ij,jk,jl->ikl", "AbC,bC->A",
  ]

  @Test(arguments: equations)
  func `every equation is its definition`(equation: String) throws {
    var generator = RandomGenerator(seed: 1)
    for round in 0..<8 {
      let operands = Self.operands(
        equation, using: &generator, extents: round == 0 ? 0...3 : 1...4)
      let expected = Self.reference(equation, operands)
      try expectClose(einsum(equation, operands), expected, relative: 1e-12, absolute: 1e-12)
      let views = operands.map { x in
        x.permuted(Array((0..<x.rank).reversed())).contiguous()
          .permuted(Array((0..<x.rank).reversed()))
      }
      try expectClose(einsum(equation, views), expected, relative: 1e-12, absolute: 1e-12)
      let singles = operands.map { $0.cast(to: .float32) }
      try expectClose(einsum(equation, singles), expected, relative: 1e-4, absolute: 1e-4)
    }
  }

  @Test(arguments: equations)
  func `first and second derivatives agree with finite differences`(equation: String) throws {
    var generator = RandomGenerator(seed: 2)
    let operands = Self.operands(equation, using: &generator, extents: 2...3)
    try checkGradients(
      of: { square(einsum(equation, $0)) }, at: operands, order: 2, relative: 1e-5, absolute: 1e-7,
      positions: 4)
  }

  @Test func `without an arrow the labels that occur once remain, in order`() throws {
    var generator = RandomGenerator(seed: 3)
    let a = Tensor.randomNormal([2, 3], using: &generator)
    let b = Tensor.randomNormal([3, 4], using: &generator)
    let square = Tensor.randomNormal([3, 3], using: &generator)
    try expectClose(einsum("ij,jk", a, b), matmul(a, b))
    try expectClose(einsum("ba", a), a.transposed())
    try expectClose(einsum("ii", square), square.diagonal().sum())
    // Alphabetical: the result is [j, k], not [k, j].
    try expectClose(einsum("ki,ij", a, b), matmul(a, b).transposed())
  }

  @Test func `an ellipsis stands for the other axes and broadcasts`() throws {
    var generator = RandomGenerator(seed: 4)
    let a = Tensor.randomNormal([5, 1, 2, 3], using: &generator)
    let b = Tensor.randomNormal([4, 3, 6], using: &generator)
    try expectClose(einsum("...ij,...jk->...ik", a, b), matmul(a, b))
    try expectClose(einsum("...ij,...jk", a, b), matmul(a, b))
    try expectClose(einsum("i...->...", a), a.sum(along: 0))
    try expectClose(einsum("...i->i...", a), a.permuted([3, 0, 1, 2]))
    try expectClose(einsum("...,...->...", a, a), a * a)
    try expectClose(einsum("...ij,jk->...ik", a, b[0]), matmul(a, b[0]))
    try expectClose(einsum("...a,...a->...", a, a), (a * a).sum(along: -1))
  }

  @Test func `spaces are ignored and integers stay integers`() {
    let a = Tensor([[1, 2], [3, 4]] as [[Int]])
    #expect(einsum(" i j , j k -> i k ", a, a) == Tensor([[7, 10], [15, 22]] as [[Int]]))
  }

  @Test func `a chain is multiplied in the cheap order`() {
    // Some order of each chain makes a tensor of 10¹² elements; the cheap ones make none above 10⁶.
    let column = Tensor.ones([1_000_000, 1])
    let row = Tensor.ones([1, 1_000_000])
    let three = einsum("ab,bc,cd->ad", row[0..., 0..<1_000], column[0..<1_000], row)
    #expect(three.shape == [1, 1_000_000] && three[0, 7].item() == 1000)
    let operands = [column, row, column, row, column, row, column]
    let seven = einsum("ab,bc,cd,de,ef,fg,gh->ah", operands)
    #expect(seven.shape == [1_000_000, 1])
    #expect(Swift.abs(seven[3, 0].item() / 1e18 - 1) < 1e-5)
  }

  @Test func `misfits trap with the equation and the shapes`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = einsum("ij,jk->ik", Tensor.zeros([2, 3]), Tensor.zeros([4, 5]))
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("einsum(\"ij,jk->ik\")"))
    #expect(text.contains("'j' has extent 3 in one place and 4 in another"))
    #expect(text.contains("[2, 3], [4, 5]"))
  }

  @Test func `malformed equations trap`() async {
    await #expect(processExitsWith: .failure) { _ = einsum("ij,jk->ik", Tensor.zeros([2, 3])) }
    await #expect(processExitsWith: .failure) { _ = einsum("ijk->i", Tensor.zeros([2, 3])) }
    await #expect(processExitsWith: .failure) { _ = einsum("ij->ik", Tensor.zeros([2, 3])) }
    await #expect(processExitsWith: .failure) { _ = einsum("ij->ii", Tensor.zeros([2, 3])) }
    await #expect(processExitsWith: .failure) { _ = einsum("i1->i", Tensor.zeros([2, 3])) }
    await #expect(processExitsWith: .failure) { _ = einsum("...j->j", Tensor.zeros([2, 3])) }
    await #expect(processExitsWith: .failure) { _ = einsum("......", Tensor.zeros([2, 3])) }
  }
}
