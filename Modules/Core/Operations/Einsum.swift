/// A sum of products over labelled axes (Einstein's convention).
///
/// ```
/// einsum("bij,bjk->bik", a, b)      // batched matrix product
/// einsum("ii", a)                   // trace
/// einsum("ij->j", a)                // sum over rows
/// einsum("...i,...i->...", a, b)    // inner products along the last axis
/// einsum("ij,jk,kl->il", a, b, c)   // the cheapest order of products is found
/// ```
///
/// Each letter names an axis of an operand; labels that are missing on the right of the arrow are
/// summed over. Without an arrow, the result has the labels that occur once, in alphabetical order,
/// after the axes of `...`. A label that occurs twice in one operand takes its diagonal. Extents of
/// 1 stretch. Products go through ``matmul(_:_:)`` over views wherever they contract an axis.
///
/// Up to five operands are multiplied in the order with the fewest multiplications; more in the
/// order that keeps intermediate results smallest, chosen greedily (Smith and Gray 2018,
/// "opt_einsum"). Differentiable to any order. Traps when the equation and the shapes do not fit.
public func einsum(_ equation: String, _ operands: Tensor...) -> Tensor {
  einsum(equation, operands)
}

/// A sum of products over labelled axes of a list of tensors.
public func einsum(_ equation: String, _ operands: [Tensor]) -> Tensor {
  let parsed = EinsumEquation(equation, shapes: operands.map(\.shape))
  var terms: [EinsumTerm] = []
  for (operand, labels) in zip(operands, parsed.inputs) {
    terms.append(EinsumTerm(operand, labels).prepared(extents: parsed.extents))
  }
  while true {
    terms.sumLabelsThatOccurOnce(keeping: parsed.output)
    guard terms.count > 1 else { break }
    let (first, second) = EinsumOrder.next(terms, output: parsed.output, extents: parsed.extents)
    let right = terms.remove(at: second)
    let left = terms.remove(at: first)
    let kept = terms.reduce(parsed.output.labelSet) { $0 | $1.labels.labelSet }
    terms.append(left.contracted(with: right, keeping: kept, output: parsed.output))
  }
  return terms[0].ordered(as: parsed.output)
}

/// A tensor whose axes have labels.
struct EinsumTerm {
  var tensor: Tensor
  var labels: [EinsumLabel]

  init(_ tensor: Tensor, _ labels: [EinsumLabel]) {
    self.tensor = tensor
    self.labels = labels
  }

  /// Each label once: axes that stretch are dropped, repeated labels become their diagonal.
  func prepared(extents: [Int]) -> EinsumTerm {
    var result = self
    for axis in labels.indices.reversed()
    where tensor.shape[axis] == 1 && extents[labels[axis].index] != 1 {
      result.tensor = result.tensor.squeezed(axis)
      result.labels.remove(at: axis)
    }
    while let (first, second) = result.repeatedAxes {
      let label = result.labels[first]
      let others = result.labels.indices.filter { $0 != first && $0 != second }
      result.tensor = result.tensor.permuted(others + [first, second]).diagonal()
      result.labels = others.map { result.labels[$0] } + [label]
    }
    return result
  }

  private var repeatedAxes: (Int, Int)? {
    for (axis, label) in labels.enumerated() {
      if let other = labels[(axis + 1)...].firstIndex(of: label) { return (axis, other) }
    }
    return nil
  }

  /// Summed over the given labels.
  func summed(over set: UInt64) -> EinsumTerm {
    let axes = labels.indices.filter { set.contains(labels[$0]) }
    guard !axes.isEmpty else { return self }
    return EinsumTerm(tensor.sum(along: axes), labels.filter { !set.contains($0) })
  }

  /// The axes in the order of `order`, which has the same labels.
  func ordered(as order: [EinsumLabel]) -> Tensor {
    if labels == order { return tensor }
    return tensor.permuted(order.map { labels.firstIndex(of: $0).unsafelyUnwrapped })
  }
}

extension [EinsumTerm] {
  /// Sums each term over the labels that neither another term nor the result has.
  fileprivate mutating func sumLabelsThatOccurOnce(keeping output: [EinsumLabel]) {
    for index in indices {
      var elsewhere = output.labelSet
      for other in indices where other != index { elsewhere |= self[other].labels.labelSet }
      self[index] = self[index].summed(over: self[index].labels.labelSet & ~elsewhere)
    }
  }
}

// MARK: - Two operands

extension EinsumTerm {
  /// The product of two terms, summed over the labels that are not in `keeping`.
  func contracted(
    with other: EinsumTerm, keeping: UInt64, output: [EinsumLabel]
  ) -> EinsumTerm {
    let (a, b) = (labels.labelSet, other.labels.labelSet)
    let shared = labels.filter { b.contains($0) }
    let batch = shared.filter { keeping.contains($0) }
    let inner = shared.filter { !keeping.contains($0) }
    let left = labels.filter { !b.contains($0) }
    let right = other.labels.filter { !a.contains($0) }
    // What ends the result should end the product, so that the result needs no permutation.
    if let last = output.last, left.contains(last) {
      return other.contracted(with: self, batch, right, inner, left)
    }
    return contracted(with: other, batch, left, inner, right)
  }

  private func contracted(
    with other: EinsumTerm, _ batch: [EinsumLabel], _ left: [EinsumLabel], _ inner: [EinsumLabel],
    _ right: [EinsumLabel]
  ) -> EinsumTerm {
    let isVectorPair = left.isEmpty && right.isEmpty
    if inner.isEmpty && (left.isEmpty || right.isEmpty) || isVectorPair && !batch.isEmpty {
      return multiplied(by: other, batch, left, inner, right)
    }
    let a = ordered(as: batch + left + inner)
    let b = other.ordered(as: batch + inner + right)
    let batchShape = Array(a.shape.prefix(batch.count))
    let leftShape = Array(a.shape[batch.count..<(batch.count + left.count)])
    let rightShape = Array(b.shape.suffix(right.count))
    let m = leftShape.reduce(1, *)
    let n = rightShape.reduce(1, *)
    let k = a.shape.suffix(inner.count).reduce(1, *)
    // The product adds two axes to the batch's.
    let fits = batch.count + 2 <= Shape.maximumRank
    let batchAxes = fits ? batchShape : [batchShape.reduce(1, *)]
    let product = matmul(
      a.reshaped(Shape(batchAxes + [m, k])), b.reshaped(Shape(batchAxes + [k, n])))
    return EinsumTerm(
      product.reshaped(Shape(batchShape + leftShape + rightShape)), batch + left + right)
  }

  /// The elementwise product, summed over `inner`: for terms that a matrix product does not suit.
  private func multiplied(
    by other: EinsumTerm, _ batch: [EinsumLabel], _ left: [EinsumLabel], _ inner: [EinsumLabel],
    _ right: [EinsumLabel]
  ) -> EinsumTerm {
    // One of the two has every label; the other lacks those in front.
    let order = left + right + batch + inner
    let product = ordered(as: left + batch + inner) * other.ordered(as: right + batch + inner)
    return EinsumTerm(product, order).summed(over: inner.labelSet)
  }
}
