import Core
import Extensions
import LayerTesting
import XCTest

/// The same checks from XCTest: they throw, and need no framework of their own.
final class ExtensionsXCTests: XCTestCase {
  func testLayer() throws {
    var generator = RandomGenerator(seed: 4)
    try verify(layer: Swish(), at: .randomNormal([3, 2], using: &generator))
  }

  func testOptimizer() throws { try verify(optimizer: SignDescent()) }
}
