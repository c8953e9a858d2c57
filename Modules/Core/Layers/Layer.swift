/// A function with parameters.
///
/// ```swift
/// struct Perceptron: Layer {
///   let hidden = Dense(64, 128)
///   let output = Dense(128, 10)
///   func callAsFunction(_ x: Tensor) -> Tensor { output(softplus(hidden(x))) }
/// }
/// ```
///
/// That is all: parameters are found by reflection over stored properties, arrays, optionals,
/// dictionaries with string keys and nested layers, and are named by their path in declaration
/// order, as in `hidden.weight` or `blocks.3.attention.query.weight`. A parameter that two layers
/// share is one parameter, under its first name.
public protocol Layer<Input, Output> {
  /// What the layer takes.
  associatedtype Input
  /// What the layer gives.
  associatedtype Output
  /// The layer's function.
  func callAsFunction(_ input: Input) -> Output
}

extension Layer {
  /// Every parameter and buffer once, with its name, in declaration order.
  public var namedParameters: [(name: String, parameter: Parameter)] {
    ParameterList.of(self).entries.map { ($0.name, $0.parameter) }
  }

  /// Every parameter and buffer once, in declaration order.
  public var parameters: [Parameter] { ParameterList.of(self).entries.map { $0.parameter } }

  /// How many numbers are trained: the elements of all parameters that are not frozen.
  public var parameterCount: Int {
    parameters.reduce(0) { $0 + ($1.isFrozen ? 0 : $1.shape.elementCount) }
  }

  /// Freezes or unfreezes every parameter (buffers stay as they are).
  public func setFrozen(_ isFrozen: Bool) {
    for parameter in parameters where !(parameter is Buffer) { parameter.isFrozen = isFrozen }
  }

  /// Converts every floating-point parameter and buffer, for instance to `float64` for a check.
  public func convert(to dtype: DType) {
    for parameter in parameters where parameter.dtype.isFloating { parameter.convert(to: dtype) }
  }
}

/// A type that names its children itself, instead of by its stored properties.
public protocol ReflectedChildren {
  /// What holds parameters, by name.
  var reflectedChildren: [(name: String, value: Any)] { get }
}
