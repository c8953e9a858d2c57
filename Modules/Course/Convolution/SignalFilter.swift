import Conv
import Core
import Foundation

/// The filter of course document 001, question 3(c), at work on a signal.
struct SignalFilter {
  let signal: [Double]
  let taps: [Double]

  /// The document's own.
  static let course = SignalFilter(
    signal: [1, 1, 4, 4, 4, 1, 1], taps: [Double](repeating: 0.25, count: 4))

  /// The convolution of the signal with the taps, the kernel flipped.
  func result(_ padding: Padding) -> [Double] { apply(convolution, padding) }

  /// The same without the flip.
  func unflippedResult(_ padding: Padding) -> [Double] { apply(crossCorrelation, padding) }

  private typealias Product = (
    Tensor, Tensor, Tensor?, PerAxis, Padding, PerAxis, Int, Activation, ConvolutionMethod
  ) -> Tensor

  private func apply(_ product: Product, _ padding: Padding) -> [Double] {
    let x = Tensor(signal, dtype: .float64).reshaped([1, 1, signal.count])
    let w = Tensor(taps, dtype: .float64).reshaped([1, 1, taps.count])
    return product(x, w, nil, 1, padding, 1, 1, .identity, .exact).scalars(as: Double.self)
  }

  /// The middle of the window that the first value of a result belongs to, in places of the signal.
  func firstCenter(_ padding: Padding) -> Double {
    let middle = Double(taps.count - 1) / 2
    switch padding {
    case .full: return -middle
    // `same` puts the smaller half of its zeros before the signal.
    case .same: return middle - Double((taps.count - 1) / 2)
    default: return middle
    }
  }

  /// How much of a wave of `frequency` oscillations per place is left: |Σ_j k[j] e^(−2πi f j)|.
  func gain(at frequency: Double) -> Double {
    let phases = taps.indices.map { 2 * Double.pi * frequency * Double($0) }
    let real = zip(taps, phases).reduce(0) { $0 + $1.0 * cos($1.1) }
    let imaginary = zip(taps, phases).reduce(0) { $0 + $1.0 * sin($1.1) }
    return (real * real + imaginary * imaginary).squareRoot()
  }

  /// Values side by side.
  static func row(_ values: [Double]) -> String {
    values.map { value in
      value == value.rounded() ? "\(Int(value))" : "\(value)"
    }.joined(separator: "  ")
  }

  /// Question 3(c), and a kernel that shows the flip.
  func text() -> String {
    let flipped = SignalFilter(signal: signal, taps: [1, 2, 3])
    return """
        signal  \(Self.row(signal))
        kernel  \(Self.row(taps))
        full    \(Self.row(result(.full)))
        same    \(Self.row(result(.same)))
        valid   \(Self.row(result(.valid)))

        `same` needs three zeros for four taps: one before the signal, two after it.

        The flip shows with a kernel that is not its own mirror image:
        kernel               \(Self.row(flipped.taps))
        full, flipped        \(Self.row(flipped.result(.full)))
        full, not flipped    \(Self.row(flipped.unflippedResult(.full)))

      """
  }
}
