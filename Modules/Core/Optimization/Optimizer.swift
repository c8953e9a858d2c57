/// A rule that turns a gradient into a step.
///
/// A rule says what it remembers for a parameter and how far to go; ``Optimizing`` does the rest.
///
/// ```swift
/// struct SignDescent: Optimizer {
///   var learningRate = 1e-3
///   func initialState(for parameter: Tensor) {}
///   func step(
///     for gradient: Tensor, of parameter: Tensor, state: inout Void, at iteration: Int
///   ) -> Tensor {
///     sign(gradient) * learningRate              // what is subtracted from the parameter
///   }
/// }
/// ```
public protocol Optimizer<State> {
  /// What the rule remembers for one parameter.
  associatedtype State

  /// The memory before the first step.
  func initialState(for parameter: Tensor) -> State

  /// The memory before the first step of a parameter of that name in the model. The default asks
  /// ``initialState(for:)``; a rule that treats some parameters differently looks at the name.
  func initialState(for parameter: Tensor, named name: String) -> State

  /// What is subtracted from the parameter, in its shape.
  ///
  /// - Parameter iteration: The number of this update, from 1.
  func step(
    for gradient: Tensor, of parameter: Tensor, state: inout State, at iteration: Int
  ) -> Tensor

  /// Carries out one step. The default subtracts ``step(for:of:state:at:)``; a rule with a fused
  /// kernel does both at once, in place.
  func update(
    _ parameter: inout Tensor, along gradient: Tensor, state: inout State, at iteration: Int)

  /// Whether the rule acts on each row of a parameter (along its first axis) by itself, and leaves a
  /// row whose gradient is zero as it is, with what it remembers for it.
  ///
  /// Such a rule is shown only the rows of a ``RowGradient``, with their part of its memory: of
  /// every tensor in it that has the parameter's shape. The default is `false`, and the gradient
  /// made dense: right for any rule, at the cost of the whole table.
  var isRowLocal: Bool { get }

  /// Looks at all gradients before any step is taken, and may change them: clipping to a norm, for
  /// one. The default leaves them.
  func prepare(_ gradients: Gradients, at iteration: Int) -> Gradients
}

extension Optimizer {
  public func initialState(for parameter: Tensor, named name: String) -> State {
    initialState(for: parameter)
  }

  public func update(
    _ parameter: inout Tensor, along gradient: Tensor, state: inout State, at iteration: Int
  ) {
    let step = step(for: gradient, of: parameter, state: &state, at: iteration)
    require(
      step.shape == parameter.shape,
      "Optimizer: the parameter has shape \(parameter.shape), the step \(step.shape)")
    parameter -= step
  }

  public var isRowLocal: Bool { false }

  public func prepare(_ gradients: Gradients, at iteration: Int) -> Gradients { gradients }
}
