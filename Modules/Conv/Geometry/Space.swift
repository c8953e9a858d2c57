/// How many axes of space a layer works over: ``Line``, ``Plane`` or ``Volume``.
public protocol Space: Sendable {
  /// How many axes it has.
  static var rank: Int { get }
}

/// One axis of space: a signal, a sentence.
public enum Line: Space { public static let rank = 1 }

/// Two axes of space, height and width: an image.
public enum Plane: Space { public static let rank = 2 }

/// Three axes of space: depth, height and width.
public enum Volume: Space { public static let rank = 3 }
