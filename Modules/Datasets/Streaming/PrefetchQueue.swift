import Core
import Foundation

/// A bounded queue between the thread that makes elements and the one that takes them.
///
/// `@unchecked Sendable`: the condition's lock guards every property.
final class PrefetchQueue<Element: Sendable>: @unchecked Sendable {
  private let condition = NSCondition()
  private let depth: Int
  private var elements: [Element] = []
  /// What comes after the elements, once it is known: the end, or an error.
  private var ending: Result<Element?, DataError>?
  private var isCancelled = false

  init(depth: Int) {
    require(depth > 0, "prefetched: the depth \(depth) is not positive")
    self.depth = depth
  }

  /// Waits until another element may be made; `false` when nobody wants any.
  func waitForRoom() -> Bool {
    condition.lock()
    defer { condition.unlock() }
    while elements.count >= depth, !isCancelled { condition.wait() }
    return !isCancelled
  }

  func put(_ element: Element) {
    condition.lock()
    defer { condition.unlock() }
    elements.append(element)
    condition.broadcast()
  }

  func end(_ ending: Result<Element?, DataError>) {
    condition.lock()
    defer { condition.unlock() }
    self.ending = ending
    condition.broadcast()
  }

  /// The next element, when it is ready; `nil` at the end.
  func take() throws(DataError) -> Element? {
    condition.lock()
    defer { condition.unlock() }
    while elements.isEmpty, ending == nil { condition.wait() }
    guard elements.isEmpty else {
      condition.broadcast()
      return elements.removeFirst()
    }
    return try ending?.get()
  }

  func cancel() {
    condition.lock()
    defer { condition.unlock() }
    isCancelled = true
    elements = []
    condition.broadcast()
  }
}
