/// A number taken apart for printing: what stands for itself, or decimal digits.
enum PrintedNumber {
  /// An integer, a truth value, an infinity or NaN.
  case word(String)
  case decimal(Decimal)

  /// 0.d₀d₁d₂… × 10^`exponent`, with the digits that the type can tell apart and no more; zero has
  /// none.
  struct Decimal {
    var isNegative: Bool
    var digits: [UInt8]
    var exponent: Int
  }

  init<Value: BinaryFloatingPoint & LosslessStringConvertible>(_ value: Value) {
    guard value.isFinite else {
      self = .word(value.isNaN ? "nan" : value < 0 ? "-inf" : "inf")
      return
    }
    self = .decimal(
      Decimal(shortest: value.magnitude.description, isNegative: value.sign == .minus))
  }
}

extension PrintedNumber.Decimal {
  /// Parses the shortest text that reads back as the number, such as `0.001`, `12.5` or `1e-07`.
  fileprivate init(shortest text: String, isNegative: Bool) {
    self.isNegative = isNegative
    digits = []
    exponent = 0
    var beforePoint = true
    var utf8 = text.utf8[...]
    while let byte = utf8.popFirst() {
      switch byte {
      case UInt8(ascii: "."):
        beforePoint = false
      case UInt8(ascii: "e"), UInt8(ascii: "E"):
        exponent += Int(Substring(utf8)) ?? 0
        utf8 = utf8.suffix(0)
      default:
        let digit = byte - UInt8(ascii: "0")
        if digits.isEmpty && digit == 0 {
          if !beforePoint { exponent -= 1 }
        } else {
          digits.append(digit)
          if beforePoint { exponent += 1 }
        }
      }
    }
    trimZeros()
  }

  /// Rounds to the first `count` digits, half away from zero.
  func rounded(toDigits count: Int) -> Self {
    guard count < digits.count else { return self }
    var result = self
    guard count >= 0 else {
      result.digits = []
      result.exponent = 0
      return result
    }
    let roundsUp = digits[count] >= 5
    result.digits.removeLast(digits.count - count)
    if roundsUp { result.increment() }
    result.trimZeros()
    return result
  }

  private mutating func increment() {
    var place = digits.count - 1
    while place >= 0, digits[place] == 9 {
      digits[place] = 0
      place -= 1
    }
    if place >= 0 {
      digits[place] += 1
    } else {
      digits.insert(1, at: 0)
      exponent += 1
    }
  }

  private mutating func trimZeros() {
    while digits.last == 0 { digits.removeLast() }
    if digits.isEmpty { exponent = 0 }
  }

  /// Decimals that the digits take in plain notation.
  var decimals: Int { max(0, digits.count - exponent) }

  func digit(_ place: Int) -> String {
    place >= 0 && place < digits.count ? String(digits[place]) : "0"
  }
}

/// One notation for all the numbers of a tensor.
struct NumberFormat {
  private let isScientific: Bool
  private let decimals: Int
  private let exponentWidth: Int
  private let places: Int

  /// - Parameter places: The most decimals.
  init(_ numbers: [PrintedNumber], places: Int) {
    self.places = places
    var values: [PrintedNumber.Decimal] = []
    for case .decimal(let value) in numbers { values.append(value) }
    let exponents = values.filter { !$0.digits.isEmpty }.map(\.exponent)
    let greatest = exponents.max() ?? 0
    let least = exponents.min() ?? 0
    // 10⁸ and above, below 10⁻⁴, or six orders of magnitude apart with a fraction to show.
    let isWhole = values.allSatisfy { $0.decimals == 0 }
    isScientific =
      greatest > 8 || least < 1 - places || (greatest - least > 6 && least < 1 && !isWhole)
    if isScientific {
      let rounded = values.map { $0.rounded(toDigits: places + 1) }
      decimals = max(1, (rounded.map(\.digits.count).max() ?? 1) - 1)
      exponentWidth = rounded.contains { abs($0.exponent - 1) >= 100 } ? 3 : 2
    } else {
      let rounded = values.map { $0.rounded(toDigits: $0.exponent + places) }
      decimals = max(1, rounded.map(\.decimals).max() ?? 1)
      exponentWidth = 0
    }
  }

  func text(of number: PrintedNumber) -> String {
    switch number {
    case .word(let word): word
    case .decimal(let value): isScientific ? scientific(value) : plain(value)
    }
  }

  private func plain(_ value: PrintedNumber.Decimal) -> String {
    let value = value.rounded(toDigits: value.exponent + places)
    var text = value.isNegative ? "-" : ""
    text += value.exponent > 0 ? "" : "0"
    for place in 0..<max(0, value.exponent) { text += value.digit(place) }
    text += "."
    for place in 0..<decimals { text += value.digit(value.exponent + place) }
    return text
  }

  private func scientific(_ value: PrintedNumber.Decimal) -> String {
    let value = value.rounded(toDigits: places + 1)
    var text = (value.isNegative ? "-" : "") + value.digit(0) + "."
    for place in 1...decimals { text += value.digit(place) }
    let exponent = value.digits.isEmpty ? 0 : value.exponent - 1
    let size = String(abs(exponent))
    text += exponent < 0 ? "e-" : "e+"
    return text + String(repeating: "0", count: max(0, exponentWidth - size.count)) + size
  }
}
