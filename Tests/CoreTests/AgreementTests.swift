import Core
import LayerTesting
import Testing

@Suite struct AgreementTests {
  @Test func `operations agree with NumPy and PyTorch`() throws {
    let cases = try AgreementCase.all()
    #expect(cases.count >= 500)
    #expect(Set(cases.map(\.op)) == Set(agreementOperations.keys))
    for (number, example) in cases.enumerated() {
      let operation = try #require(agreementOperations[example.op], "\(example.op)")
      let inputs = example.inputs
      let (results, expected) = (operation(inputs, example), example.outputs)
      let name = "line \(number + 1), \(example.op) of \(inputs.map(\.shape))"
      #expect(results.count == expected.count, "\(name)")
      for (result, expected) in zip(results, expected) {
        #expect(result.dtype == expected.dtype, "\(name)")
        do {
          // Both sides round, each in its own order.
          try expectClose(
            result, expected, relative: result.dtype == .float32 ? 2e-5 : 1e-11,
            absolute: result.dtype == .float32 ? 2e-6 : 1e-12)
        } catch { Issue.record("\(name): \(error)") }
      }
    }
  }
}
