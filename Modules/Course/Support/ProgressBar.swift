import Foundation

/// A line at the bottom of the terminal that shows how far a training is.
///
/// ```
/// epoch 12/40  ━━━━━━━━━━━━────────────  30 %  48,210 digits/s  0:03 left
/// ```
///
/// Where the output is no terminal the bar is silent, and only what ``print(_:)`` is given appears.
struct ProgressBar {
  private let console: Console
  private let total: Int
  private let unit: String
  private let now: () -> Double
  private let start: Double
  private var lastDrawn = -Double.infinity
  private var done: Int
  /// How much was done before the start.
  private let doneBefore: Int
  private var isShown = false

  /// - Parameters:
  ///   - total: How many units the whole has.
  ///   - unit: What they are, in the plural.
  ///   - done: How many were done before, by a training that is gone on with.
  ///   - now: A clock in seconds.
  init(
    total: Int, unit: String, done: Int = 0, console: Console,
    now: @escaping () -> Double = { ProcessInfo.processInfo.systemUptime }
  ) {
    self.console = console
    self.total = total
    self.unit = unit
    self.now = now
    self.done = done
    doneBefore = done
    start = now()
  }

  /// Counts `units` more, and redraws the bar now and then.
  mutating func advance(by units: Int, label: @autoclosure () -> String) {
    done += units
    guard let width = console.terminalWidth else { return }
    let time = now()
    // Ten times a second is smooth, and costs the training nothing.
    guard time - lastDrawn >= 0.1 else { return }
    lastDrawn = time
    isShown = true
    console.write("\r\u{1B}[K" + line(label: label(), elapsed: time - start, width: width))
  }

  /// Prints a line above the bar.
  mutating func print(_ line: String) {
    clear()
    console.write(line + "\n")
  }

  /// Takes the bar away.
  mutating func clear() {
    guard isShown else { return }
    console.write("\r\u{1B}[K")
    isShown = false
    lastDrawn = -.infinity
  }

  /// The bar as text of at most `width` − 1 columns, so that it never wraps.
  func line(label: String, elapsed: Double, width: Int) -> String {
    let share = total > 0 ? min(1, Double(done) / Double(total)) : 1
    let rate = elapsed > 0 ? Double(done - doneBefore) / elapsed : 0
    var figures = "\(Int(share * 100)) %".padded(to: 5)
    if rate > 0 {
      figures += "  \(grouped(Int(rate.rounded()))) \(unit)/s"
      figures += "  \(clock(Double(total - done) / rate)) left"
    }
    let room = width - 1 - label.count - figures.count - 4
    guard room >= 4 else { return String("\(label)  \(figures)".prefix(max(0, width - 1))) }
    let length = min(room, 40)
    let filled = Int((share * Double(length)).rounded(.down))
    let bar =
      String(repeating: "━", count: filled) + String(repeating: "─", count: length - filled)
    return "\(label)  \(bar)  \(figures)"
  }

  private func clock(_ seconds: Double) -> String {
    let whole = Int(max(0, seconds).rounded(.up))
    let (hours, minutes) = (whole / 3600, whole / 60 % 60)
    let end = String(format: "%02d", whole % 60)
    return hours > 0 ? "\(hours):" + String(format: "%02d:", minutes) + end : "\(minutes):" + end
  }
}
