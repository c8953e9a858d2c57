/// The extents of a tensor, one for each axis, at most ``Shape/maximumRank`` of them.
///
/// A shape is a collection of integers and a literal: `x.shape == [2, 3]`, `x.shape[0]`,
/// `x.shape.last`. It is stored inline, so making one allocates nothing.
public struct Shape: Sendable {
  /// The most axes that a tensor can have.
  public static let maximumRank = 8

  var extents: Extents
  public private(set) var count: Int

  @inline(__always)
  init(extents: Extents, count: Int) {
    self.extents = extents
    self.count = count
  }

  /// The shape of a scalar.
  public init() {
    extents = Extents()
    count = 0
  }

  public init(_ sizes: some Sequence<Int>) {
    self.init()
    for size in sizes { append(size) }
  }

  public mutating func append(_ size: Int) {
    require(size >= 0, "Shape: the extent \(size) is negative")
    require(count < Shape.maximumRank, "Shape: more than \(Shape.maximumRank) axes")
    extents[count] = size
    count += 1
  }

  /// The number of elements, the product of the extents: 1 for a scalar.
  public var elementCount: Int {
    var product = 1
    for axis in 0..<count { product *= extents[axis] }
    return product
  }
}

extension Shape: RandomAccessCollection, MutableCollection, RangeReplaceableCollection {
  public var startIndex: Int { 0 }
  public var endIndex: Int { count }

  public subscript(axis: Int) -> Int {
    get {
      require(axis >= 0 && axis < count, "Shape: no axis \(axis) in \(self)")
      return extents[axis]
    }
    set {
      require(axis >= 0 && axis < count, "Shape: no axis \(axis) in \(self)")
      require(newValue >= 0, "Shape: the extent \(newValue) is negative")
      extents[axis] = newValue
    }
  }

  public mutating func replaceSubrange(
    _ axes: Range<Int>, with sizes: some Collection<Int>
  ) {
    var result = Shape()
    for axis in 0..<axes.lowerBound { result.append(extents[axis]) }
    for size in sizes { result.append(size) }
    for axis in axes.upperBound..<count { result.append(extents[axis]) }
    self = result
  }
}

extension Shape: ExpressibleByArrayLiteral, Hashable, CustomStringConvertible {
  public init(arrayLiteral sizes: Int...) { self.init(sizes) }

  public static func == (lhs: Shape, rhs: Shape) -> Bool {
    guard lhs.count == rhs.count else { return false }
    for axis in 0..<lhs.count where lhs.extents[axis] != rhs.extents[axis] { return false }
    return true
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(count)
    for axis in 0..<count { hasher.combine(extents[axis]) }
  }

  public var description: String {
    "[" + map(String.init).joined(separator: ", ") + "]"
  }
}

extension Shape {
  /// The shape in which two shapes meet by NumPy's rule: aligned at the last axis, an extent of 1
  /// stretches. `nil` when they do not fit.
  public static func broadcast(_ lhs: Shape, _ rhs: Shape) -> Shape? {
    if lhs == rhs { return lhs }
    let count = Swift.max(lhs.count, rhs.count)
    var extents = Extents()
    for axis in 0..<count {
      let left = axis - (count - lhs.count)
      let right = axis - (count - rhs.count)
      let l = left < 0 ? 1 : lhs.extents[left]
      let r = right < 0 ? 1 : rhs.extents[right]
      guard l == r || l == 1 || r == 1 else { return nil }
      extents[axis] = l == 1 ? r : l
    }
    return Shape(extents: extents, count: count)
  }

  /// The axis that `axis` names: negative ones count from the end.
  func resolved(_ axis: Int, in operation: StaticString) -> Int {
    let result = axis < 0 ? axis + count : axis
    require(
      result >= 0 && result < count, "\(operation): no axis \(axis) in a tensor of shape \(self)")
    return result
  }
}

/// Eight integers in place.
struct Extents: Sendable {
  private var values = (0, 0, 0, 0, 0, 0, 0, 0)

  @inline(__always)
  init() {}

  @inline(__always)
  subscript(index: Int) -> Int {
    get {
      withUnsafePointer(to: values) {
        UnsafeRawPointer($0).assumingMemoryBound(to: Int.self)[index]
      }
    }
    set {
      withUnsafeMutablePointer(to: &values) {
        UnsafeMutableRawPointer($0).assumingMemoryBound(to: Int.self)[index] = newValue
      }
    }
  }

  /// The integers, for a kernel.
  @inline(__always)
  func withPointer<Result>(_ body: (UnsafePointer<Int>) throws -> Result) rethrows -> Result {
    try withUnsafePointer(to: values) {
      try body(UnsafeRawPointer($0).assumingMemoryBound(to: Int.self))
    }
  }
}
