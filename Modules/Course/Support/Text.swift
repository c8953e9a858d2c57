import Foundation

/// A whole number with its thousands set apart: 48,210.
func grouped(_ number: Int) -> String {
  let digits = String(number.magnitude)
  var result = ""
  for (index, digit) in digits.enumerated() {
    if index > 0, (digits.count - index) % 3 == 0 { result += "," }
    result.append(digit)
  }
  return (number < 0 ? "-" : "") + result
}

/// A number with a fixed count of decimals.
func fixed(_ number: Double, _ decimals: Int) -> String {
  String(format: "%.\(decimals)f", number)
}

/// A number in scientific notation with three digits: 1.25e-13.
func scientific(_ number: Double) -> String {
  number == 0 ? "0" : String(format: "%.2e", number)
}

/// A whole number as an exponent: ⁻¹².
func superscript(_ number: Int) -> String { shifted(number, to: "⁰¹²³⁴⁵⁶⁷⁸⁹", minus: "⁻") }

/// A whole number as an index: ₁₂.
func indexed(_ number: Int) -> String { shifted(number, to: "₀₁₂₃₄₅₆₇₈₉", minus: "₋") }

private func shifted(_ number: Int, to digits: String, minus: String) -> String {
  let digits = Array(digits)
  let text = String(number.magnitude).map { String(digits[$0.wholeNumberValue!]) }.joined()
  return (number < 0 ? minus : "") + text
}

extension String {
  /// This text with spaces after it up to `width` columns.
  func filled(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }

  /// This text with spaces before it up to `width` columns.
  func padded(to width: Int) -> String {
    String(repeating: " ", count: max(0, width - count)) + self
  }
}
