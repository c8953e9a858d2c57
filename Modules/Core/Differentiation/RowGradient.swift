internal import Kernels

/// A gradient that is zero but for a few rows: of a table of which only those were looked up.
///
/// ```
/// gradient[rows[g], …] = values[g, …],    0 elsewhere
/// ```
///
/// ``Optimizing`` hands it to rules that act by row (``Optimizer/isRowLocal``) as it is, so that a
/// step costs what the batch does, whatever the size of the table; other rules get ``dense``.
public struct RowGradient: Sendable {
  /// The rows' numbers, distinct, in the order in which they were first looked up: `int64`, [row].
  public let rows: Tensor
  /// Their gradients, [row, …].
  public let values: Tensor
  /// The shape of the whole, which is that of the parameter.
  public let shape: Shape

  /// The same gradient with its zeros.
  public var dense: Tensor { values.scatteredSum(at: rows, along: 0, into: shape) }

  /// The same rows with other values.
  func mapped(_ transform: (Tensor) -> Tensor) -> RowGradient {
    RowGradient(rows: rows, values: transform(values), shape: shape)
  }

  static func + (lhs: RowGradient, rhs: RowGradient) -> RowGradient {
    RowGradient(summing: [lhs, rhs].map { RowTerms(index: $0.rows, values: $0.values, $0.shape) })
  }
}

/// Gradients of single look-ups, not added up yet; an index may repeat.
package struct RowTerms: Sendable {
  /// Dense `int64`, [term].
  let index: Tensor
  /// Dense, [term, …].
  let values: Tensor
  let shape: Shape
  /// A row whose terms do not count, or −1.
  let skipped: Int

  package init(index: Tensor, values: Tensor, _ shape: Shape, skipping skipped: Int = -1) {
    self.index = index
    self.values = values
    self.shape = shape
    self.skipped = skipped
  }

  /// The sum as a tensor.
  var dense: Tensor { RowGradient(summing: [self]).dense }
}

extension RowGradient {
  /// The sum of all terms, which are of one table.
  init(summing terms: [RowTerms]) {
    let only = terms.count == 1
    let index = only ? terms[0].index : concatenated(terms.map(\.index), along: 0)
    let values = only ? terms[0].values : concatenated(terms.map(\.values), along: 0)
    let (count, shape) = (index.count, terms[0].shape)
    let inner = shape.elementCount / max(shape[0], 1)
    let rows = Tensor(uninitialized: [count], dtype: .int64)
    let group = Tensor(uninitialized: [count], dtype: .int64)
    let groups = apus_group_rows(
      count, index.pointer.assumingMemoryBound(to: Int64.self), Int64(terms[0].skipped),
      rows.pointer.assumingMemoryBound(to: Int64.self),
      group.pointer.assumingMemoryBound(to: Int64.self))
    var sum = shape
    sum[0] = groups
    let result = Tensor(uninitialized: sum, dtype: values.dtype)
    apus_sum_rows(
      values.dtype.kernel, count, inner, values.pointer,
      group.pointer.assumingMemoryBound(to: Int64.self), result.pointer)
    extendLifetime(index.storage)
    extendLifetime(values.storage)
    extendLifetime(group.storage)
    self.init(
      rows: groups == count ? rows : rows[0..<groups].contiguous(), values: result, shape: shape)
  }
}

extension Tensor {
  /// The rows at `indices` (dense `int64` of any shape, in range), as ``gathered(at:along:)`` gives
  /// them; but the gradient of a parameter arrives as a ``RowGradient``.
  ///
  /// - Parameter skipped: A row that no gradient flows to, or −1.
  package func lookedUp(at index: Tensor, skippingGradientOf skipped: Int) -> Tensor {
    let source = detached.contiguous()
    let inner = shape.elementCount / max(shape[0], 1)
    let result = Tensor(
      uninitialized: Shape(Array(index.shape) + Array(shape.dropFirst())), dtype: dtype)
    let numbers = index.pointer.assumingMemoryBound(to: Int64.self)
    apus_gather(
      dtype.kernel, 1, shape[0], inner, source.pointer, numbers, index.count, result.pointer)
    extendLifetime(source.storage)
    extendLifetime(index.storage)
    guard isTracked else { return result }
    let shape = shape
    var recorded = result
    recorded.node = Node(node) { upstream, _, _ in
      let flat = index.reshaped([index.count])
      let values = upstream.reshaped(Shape([index.count] + Array(shape.dropFirst())))
      if !isRecording() {
        return Cotangents(
          rows: RowTerms(index: flat, values: values.contiguous(), shape, skipping: skipped))
      }
      let counted =
        skipped < 0 ? values : values * Self.column(flat .!= Double(skipped), like: values)
      return Cotangents(counted.scatteredSum(at: flat, along: 0, into: shape))
    }
    return recorded
  }

  /// A mask over rows as numbers that broadcast along all other axes.
  private static func column(_ mask: Tensor, like values: Tensor) -> Tensor {
    mask.cast(to: values.dtype).reshaped(
      Shape([mask.count] + Array(repeating: 1, count: values.rank - 1)))
  }

  /// Writes distinct rows in place, where nobody else sees this tensor.
  mutating func putRows(_ values: Tensor, at rows: Tensor) {
    let dense = values.detached.contiguous()
    makeUnique()
    let bytes = shape.elementCount / max(shape[0], 1) * dtype.byteCount
    apus_put_rows(
      rows.count, bytes, dense.pointer, rows.pointer.assumingMemoryBound(to: Int64.self), pointer)
    extendLifetime(dense.storage)
    extendLifetime(rows.storage)
  }
}
