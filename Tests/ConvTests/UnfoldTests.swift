import Conv
import Core
import LayerTesting
import Testing

@Suite struct UnfoldTests {
  func options(_ c: Configuration) -> (PerAxis, PerAxis, PerAxis) {
    (PerAxis(c.kernel), PerAxis(c.stride), PerAxis(c.dilation))
  }

  @Test(arguments: Configuration.several(40, seed: 7))
  func `a cross-correlation is the weight times the columns`(_ c: Configuration) throws {
    let (kernel, stride, dilation) = options(c)
    let x = hashed(c.input, 1)
    let w = hashed(Shape([c.filters, c.channels] + c.kernel), 2)
    let columns = unfold(x, kernel: kernel, stride: stride, padding: c.padding, dilation: dilation)
    let y = crossCorrelation(x, w, stride: stride, padding: c.padding, dilation: dilation)
    try expectClose(matmul(w.flattened(from: 1), columns), y.flattened(from: 2))
  }

  @Test(arguments: Configuration.several(40, seed: 8))
  func `folding is the adjoint of unfolding, and each the other's derivative`(_ c: Configuration)
    throws
  {
    let (kernel, stride, dilation) = options(c)
    let x = hashed(c.input, 1)
    let columns = unfold(x, kernel: kernel, stride: stride, padding: c.padding, dilation: dilation)
    let z = hashed(columns.shape, 2)
    let back = fold(
      z, size: c.size, kernel: kernel, stride: stride, padding: c.padding, dilation: dilation)
    try expectClose((columns * z).sum(), (x * back).sum())
    try checkGradients(
      of: {
        square(
          unfold($0, kernel: kernel, stride: stride, padding: c.padding, dilation: dilation))
      }, at: x, order: 2)
    try checkGradients(
      of: {
        square(
          fold(
            $0, size: c.size, kernel: kernel, stride: stride, padding: c.padding,
            dilation: dilation))
      }, at: z, order: 2)
  }

  @Test func `windows side by side come apart and together`() {
    let x = hashed([2, 3, 4, 6], 1)
    let columns = unfold(x, kernel: 2, stride: 2)
    #expect(columns.shape == [2, 12, 6])
    #expect(fold(columns, size: [4, 6], kernel: 2, stride: 2) == x)
    #expect(
      columns[0, 0...3, 0].scalars(as: Double.self)
        == x[0, 0, 0..<2, 0..<2].scalars(as: Double.self))
    #expect(unfold(x[0], kernel: [2, 2], stride: 2) == columns[0])
  }
}
