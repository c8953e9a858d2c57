/// Which algorithms a convolution may use.
public enum ConvolutionMethod: Sendable, Hashable {
  /// The fastest. Winograd's, used for 3×3 kernels in float32, rounds more than a plain sum of
  /// products does: the relative error, in the Euclidean norm, stays under 2 · 10⁻⁵.
  case fastest
  /// Plain sums of products only.
  case exact
}
