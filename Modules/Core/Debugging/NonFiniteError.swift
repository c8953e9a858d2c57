/// The first operation that computed a number that is not finite: what
/// ``findingNonFinite(ignoringInfinities:_:)`` throws.
///
/// ```
/// log: 1 of the 3 elements of its result float32 [3] is not finite, the first of them -inf at [1];
/// its input is float32 [3]; in Sequential, Dense
/// ```
public struct NonFiniteError: Error, Equatable, Sendable {
  /// A tensor that went into the operation.
  public struct Input: Equatable, Sendable {
    /// The input's shape.
    public let shape: Shape
    /// The input's type.
    public let dtype: DType
    /// Whether all of its elements are finite. Where one input is not, the operation only passed on
    /// what came to it, from the data for instance.
    public let isFinite: Bool
  }

  /// The function that computed it; an operator by its sign.
  public let operation: String
  /// Whether it is the operation's derivative that is not finite, and not its result.
  public let isDerivative: Bool
  /// Within a derivative that is made of other operations, the first of them whose result was not
  /// finite; `nil` for one that is a kernel of its own.
  public let step: String?
  /// What went in: of a derivative the upstream gradient first, then what went into the operation.
  public let inputs: [Input]
  /// The shape of the result, or of the gradient.
  public let shape: Shape
  /// The result's type.
  public let dtype: DType
  /// How many elements are not finite.
  public let count: Int
  /// The place of the first of them.
  public let place: [Int]
  /// The first of them: a NaN or an infinity.
  public let value: Value
  /// The layers within which the operation was called, outermost first.
  public let layers: [String]

  /// What a number is that is not finite.
  public enum Value: String, Sendable {
    /// Not a number.
    case notANumber = "nan"
    /// +∞.
    case infinity = "inf"
    /// −∞.
    case negativeInfinity = "-inf"

    init(_ number: Double) {
      self = number.isNaN ? .notANumber : number > 0 ? .infinity : .negativeInfinity
    }
  }
}

extension NonFiniteError: CustomStringConvertible {
  public var description: String {
    let name = isDerivative ? "the derivative of \(operation)" : operation
    let what = "its \(isDerivative ? "gradient" : "result") \(dtype) \(shape)"
    var text =
      "\(name)\(step.map { ", in its step \($0)" } ?? ""): \(count) of the "
      + "\(shape.elementCount) elements of \(what) \(count == 1 ? "is" : "are") not finite, the "
      + "first of them \(value.rawValue) at \(place)"
    if !inputs.isEmpty {
      let list = inputs.map {
        "\($0.dtype) \($0.shape)\($0.isFinite ? "" : ", itself not finite")"
      }
      text += inputs.count == 1 ? "; its input is " : "; its inputs are "
      text += list.joined(separator: "; ")
    }
    if !layers.isEmpty { text += "; in \(layers.joined(separator: ", "))" }
    return text
  }
}
