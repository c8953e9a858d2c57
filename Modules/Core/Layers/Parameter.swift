internal import Kernels

/// A learnable tensor, by reference: layers that hold the same parameter share it.
///
/// ```swift
/// let weight = Parameter(.randomNormal([4, 3], using: &generator))
/// let y = matmul(x, weight.value)
/// ```
///
/// `@unchecked Sendable`: any number of threads may read at once (``value`` hands out a copy, and
/// tensors copy on write). Writing — ``value``'s setter, ``isFrozen``, an optimizer's update — while
/// another thread reads or writes the same parameter is a programmer's error, as it is for any
/// mutable state of a model; nothing in Apus writes to a parameter except at such a call.
public class Parameter: @unchecked Sendable {
  /// The value, with its leaf while it is to be trained.
  @exclusivity(unchecked) private var tensor: Tensor
  @exclusivity(unchecked) private var frozen: Bool

  /// A parameter that begins at `value`.
  public init(_ value: Tensor) {
    tensor = value.detached
    frozen = !value.dtype.isFloating
    attachLeaf()
  }

  fileprivate init(buffer value: Tensor) {
    tensor = value.detached
    frozen = true
  }

  /// The value. Inside a derivative of the model that holds this parameter, it is a variable.
  public final var value: Tensor {
    @inline(__always)
    get {
      guard let overrides = apus_thread_context().pointee.overrides else { return tensor }
      return Overrides.from(overrides).tensors[ObjectIdentifier(self)] ?? tensor
    }
    set {
      require(
        newValue.dtype == tensor.dtype && newValue.shape == tensor.shape,
        "Parameter: holds \(tensor.dtype) of shape \(tensor.shape), cannot become \(newValue.dtype) of shape \(newValue.shape)"
      )
      tensor = newValue.detached
      attachLeaf()
    }
  }

  /// The shape of the value.
  public final var shape: Shape { tensor.shape }
  /// The type of the value's elements.
  public final var dtype: DType { tensor.dtype }

  /// Whether derivatives and optimizers pass this parameter over.
  public final var isFrozen: Bool {
    get { frozen }
    set {
      require(
        newValue || tensor.dtype.isFloating && !(self is Buffer),
        "Parameter: a buffer or a tensor of \(tensor.dtype) cannot be trained")
      frozen = newValue
      tensor.node = nil
      attachLeaf()
    }
  }

  /// The node that gradients with respect to this parameter arrive at; `nil` when frozen.
  final var leaf: Node? { value.node }

  /// Changes the value in place where nobody else holds it.
  ///
  /// The parameter becomes a fresh variable: what was recorded with the old value does not reach
  /// the new one.
  package final func update(_ change: (inout Tensor) -> Void) {
    var leaf = tensor.node
    tensor.node = nil
    change(&tensor)
    // A leaf that no recorded operation holds is as good as fresh.
    if leaf != nil, isKnownUniquelyReferenced(&leaf) {
      tensor.node = leaf
    } else {
      attachLeaf()
    }
  }

  /// Changes the element type, for checks in float64.
  package final func convert(to dtype: DType) {
    tensor = tensor.detached.cast(to: dtype)
    attachLeaf()
  }

  private func attachLeaf() {
    tensor.node = frozen ? nil : Node(nil, pullback: nil)
  }
}

/// A tensor that belongs to a layer's state but is not trained, such as running statistics.
public final class Buffer: Parameter, @unchecked Sendable {
  public override init(_ value: Tensor) { super.init(buffer: value) }
}

/// Parameters rebound to variables of an inner derivative, for the current thread.
final class Overrides {
  var tensors: [ObjectIdentifier: Tensor]

  init(_ tensors: [ObjectIdentifier: Tensor]) { self.tensors = tensors }

  static func from(_ pointer: UnsafeMutableRawPointer) -> Overrides {
    Unmanaged<Overrides>.fromOpaque(pointer).takeUnretainedValue()
  }
}
