extension Tensor {
  /// A scalar of `float32`.
  public init(_ value: Float) { self.init(scalars: [value], shape: []) }

  /// A vector of `float32`.
  public init(_ values: [Float]) { self.init(scalars: values, shape: [values.count]) }

  /// A matrix of `float32`.
  public init(_ rows: [[Float]]) { self.init(nested: rows) }

  /// A rank-3 tensor of `float32`.
  public init(_ planes: [[[Float]]]) { self.init(nested: planes) }

  /// A rank-4 tensor of `float32`.
  public init(_ volumes: [[[[Float]]]]) { self.init(nested: volumes) }

  // The overloads below take variables of other types; being disfavoured, they leave literals to
  // the ones above.

  /// A scalar of the type of `value`.
  @_disfavoredOverload
  public init<Scalar: TensorScalar>(_ value: Scalar) { self.init(scalars: [value], shape: []) }

  /// A vector of the type of `values`.
  @_disfavoredOverload
  public init<Scalar: TensorScalar>(_ values: [Scalar]) {
    self.init(scalars: values, shape: [values.count])
  }

  /// A matrix of the type of its elements.
  @_disfavoredOverload
  public init<Scalar: TensorScalar>(_ rows: [[Scalar]]) { self.init(nested: rows) }

  /// A rank-3 tensor of the type of its elements.
  @_disfavoredOverload
  public init<Scalar: TensorScalar>(_ planes: [[[Scalar]]]) { self.init(nested: planes) }

  /// A scalar of a given type.
  @_disfavoredOverload
  public init<Scalar: TensorScalar>(_ value: Scalar, dtype: DType) {
    self = Tensor(scalars: [value], shape: []).cast(to: dtype)
  }

  /// A vector of a given type.
  public init(_ values: [Double], dtype: DType) {
    self = Tensor(scalars: values, shape: [values.count]).cast(to: dtype)
  }

  /// A matrix of a given type.
  public init(_ rows: [[Double]], dtype: DType) { self = Tensor(nested: rows).cast(to: dtype) }

  /// A rank-3 tensor of a given type.
  public init(_ planes: [[[Double]]], dtype: DType) {
    self = Tensor(nested: planes).cast(to: dtype)
  }

  /// A tensor of `shape` with the given elements in row-major order.
  ///
  /// Traps when their number is not the product of the extents.
  public init<Scalar: TensorScalar>(scalars: [Scalar], shape: Shape) {
    require(
      scalars.count == shape.elementCount,
      "Tensor: \(scalars.count) scalars do not fill shape \(shape)")
    self.init(uninitialized: shape, dtype: Scalar.dtype)
    scalars.withUnsafeBytes { source in
      guard let base = source.baseAddress else { return }
      pointer.copyMemory(from: base, byteCount: source.count)
    }
  }

  private init<Scalar: TensorScalar>(nested rows: [[Scalar]]) {
    let width = rows.first?.count ?? 0
    require(
      rows.allSatisfy { $0.count == width },
      "Tensor: the rows differ in length: \(rows.map(\.count))")
    self.init(scalars: Array(rows.joined()), shape: [rows.count, width])
  }

  private init<Scalar: TensorScalar>(nested planes: [[[Scalar]]]) {
    self = Tensor.stack(rowsOf: planes.map { Tensor(nested: $0) })
  }

  private init<Scalar: TensorScalar>(nested volumes: [[[[Scalar]]]]) {
    self = Tensor.stack(rowsOf: volumes.map { Tensor(nested: $0) })
  }

  private static func stack(rowsOf parts: [Tensor]) -> Tensor {
    require(!parts.isEmpty, "Tensor: an empty list of matrices has no shape")
    require(
      parts.allSatisfy { $0.shape == parts[0].shape },
      "Tensor: the parts differ in shape: \(parts.map(\.shape))")
    return stacked(parts)
  }
}
