/// How many zeros surround an input before windows slide over it.
///
/// ```
/// output = ⌊(input + before + after − dilation · (kernel − 1) − 1) / stride⌋ + 1
/// ```
public enum Padding: Sendable, Hashable {
  /// None: each window lies inside the input.
  case valid
  /// As many as give ⌈input / stride⌉ outputs, the same as inputs for stride 1. Where their number is
  /// odd, as for an even kernel at stride 1, the extra zero comes after: at the right, at the bottom.
  case same
  /// dilation · (kernel − 1) on either side: each window that touches the input.
  case full
  /// These numbers, on either side alike.
  case symmetric(PerAxis)
  /// These numbers, side by side.
  case explicit(before: PerAxis, after: PerAxis)
}

extension Padding: ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral {
  /// As many zeros on every side.
  public init(integerLiteral value: Int) { self = .symmetric(PerAxis(value)) }
  /// As many zeros before as after, axis by axis.
  public init(arrayLiteral values: Int...) { self = .symmetric(PerAxis(values)) }
}
