import Core
import Testing

/// Errors of the programmer stop the program, in release builds too, and say what was wrong.
@Suite struct TrapTests {
  private static func text(_ result: ExitTest.Result?) -> String {
    String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
  }

  @Test func `matmul names both shapes and what to try`() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = matmul(Tensor.zeros([2, 3]), Tensor.zeros([5, 3]))
    }
    let text = Self.text(result)
    #expect(text.contains("matmul: inner sizes differ: lhs [2, 3], rhs [5, 3]"))
    #expect(text.contains("rhs.transposed()"))
  }

  @Test func `shapes that do not broadcast are named`() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = Tensor.zeros([2, 3]) + Tensor.zeros([4])
    }
    let text = Self.text(result)
    #expect(text.contains("+: the shapes [2, 3] and [4] do not broadcast"))
  }

  @Test func `a loss that is no number is named`() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = gradient(at: Tensor([1, 2])) { 2 * $0 }
    }
    let text = Self.text(result)
    #expect(text.contains("must return one floating-point number") && text.contains("[2]"))
  }

  @Test func `an index out of range is named`() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = Tensor.zeros([2, 3])[0, 3]
    }
    let text = Self.text(result)
    #expect(text.contains("position 3 is not within axis 1 of shape [2, 3]"))
  }

  @Test func `an input that does not fit a weight is named`() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = Dense(3, 2)(Tensor.zeros([5, 4]))
    }
    let text = Self.text(result)
    #expect(text.contains("[5, 4]") && text.contains("[2, 3]") && text.contains("linear"))
  }

  @Test func `a label or index beyond its axis is named`() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = Tensor.zeros([2, 3]).gathered(at: Tensor([0, 7], dtype: .int64))
    }
    let text = Self.text(result)
    #expect(text.contains("gathered: index 7 at position 1 is not within 0..<2"))
  }
}
