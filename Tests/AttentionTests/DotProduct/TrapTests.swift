import Attention
import Core
import Testing

@Suite struct AttentionTrapTests {
  @Test func `operands and masks that do not fit`() async {
    await #expect(processExitsWith: .failure) {
      _ = scaledDotProductAttention(.zeros([2, 3, 4]), .zeros([2, 3, 5]), .zeros([2, 3, 4]))
    }
    await #expect(processExitsWith: .failure) {
      _ = scaledDotProductAttention(.zeros([3, 3, 4]), .zeros([2, 3, 4]), .zeros([2, 3, 4]))
    }
    await #expect(processExitsWith: .failure) {
      _ = scaledDotProductAttention(
        .zeros([2, 3, 4]), .zeros([2, 3, 4]), .zeros([2, 3, 4]), mask: .zeros([3, 2]))
    }
    await #expect(processExitsWith: .failure) { _ = MultiHeadAttention(10, heads: 3) }
    await #expect(processExitsWith: .failure) {
      _ = MultiHeadAttention(12, heads: 3)(.zeros([2, 4, 11]))
    }
  }
}
