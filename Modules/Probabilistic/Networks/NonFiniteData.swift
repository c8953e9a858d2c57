public import Core

/// A number in a data set that is NaN or infinite.
public struct NonFiniteData: Error, Sendable, Equatable, CustomStringConvertible {
  /// What the data are called.
  public let name: String
  /// Where it is.
  public let position: [Int]
  /// The value.
  public let value: Double

  public static func == (a: NonFiniteData, b: NonFiniteData) -> Bool {
    a.description == b.description
  }

  public var description: String {
    """
    \(name): the value at \(position) is \(value), expected a finite number; leave such rows out or \
    fill them in
    """
  }
}

/// Makes sure that data hold neither NaN nor infinite numbers.
///
/// - Parameter name: What the data are called in the message.
/// - Throws: ``NonFiniteData`` that names the first number which is not finite.
public func checkFinite(_ data: Tensor, named name: String) throws(NonFiniteData) {
  let isBad = !data.detached.isFinite()
  guard data.dtype.isFloating, isBad.any() else { return }
  let position = isBad.nonzeroIndices()[0].scalars(as: Int.self)
  var value = data.detached
  for index in position { value = value[index] }
  throw NonFiniteData(name: name, position: position, value: value.item())
}
