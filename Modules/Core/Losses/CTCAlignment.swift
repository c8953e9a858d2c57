/// The label sequences of a batch, checked: what the alignments of CTC are made from.
///
/// The states of a sequence are its labels with a blank before, between and after them.
struct CTCAlignment: Sendable {
  let steps, batch, classes, blank: Int
  /// The most states that a sequence has.
  let width: Int
  /// All labels, int64; those of sequence b are the `labelLengths[b]` from `offsets[b]` on.
  let labels, offsets, labelLengths: Tensor
  /// The steps of each sequence, int64.
  let inputLengths: Tensor

  init(
    steps: Int, batch: Int, classes: Int, blank: Int, labels: Tensor, inputLengths: Tensor?,
    labelLengths: Tensor?, isSingle: Bool
  ) {
    require(
      blank >= 0 && blank < classes, "ctc: the blank \(blank) is not within 0..<\(classes)")
    require(
      labels.dtype == .int32 || labels.dtype == .int64,
      "ctc: the labels must be integers, got \(labels.dtype)")
    (self.steps, self.batch, self.classes, self.blank) = (steps, batch, classes, blank)
    self.labels = labels.detached.cast(to: .int64).contiguous()
    let isJoined = labels.rank == 1 && !isSingle
    require(
      isJoined || (isSingle ? labels.rank == 1 : labels.rank == 2 && labels.shape[0] == batch),
      """
      ctc: labels of shape \(labels.shape) do not fit \(batch) sequences; pass [batch, length], or \
      all labels in one axis with their lengths
      """)
    require(
      !isJoined || labelLengths != nil,
      "ctc: labels of \(batch) sequences in one axis need 'labelLengths:'")
    let extent = labels.rank == 0 ? 0 : labels.shape[labels.rank - 1]
    self.inputLengths = checkedLengths(inputLengths, batch, upTo: steps, "inputLengths")
    self.labelLengths = checkedLengths(labelLengths, batch, upTo: extent, "labelLengths")
    let lengths = self.labelLengths.scalars(as: Int.self)
    var ends = [0]
    for length in lengths { ends.append(ends[ends.count - 1] + length) }
    require(
      !isJoined || ends[batch] == extent,
      "ctc: the label lengths add up to \(ends[batch]), but there are \(extent) labels")
    let starts = isJoined ? Array(ends.dropLast()) : (0..<batch).map { $0 * extent }
    offsets = Tensor(scalars: starts, shape: [batch])
    width = 2 * (lengths.max() ?? 0) + 1
    requireLabels(starts, lengths)
  }

  private func requireLabels(_ starts: [Int], _ lengths: [Int]) {
    labels.withScalars(as: Int.self) { labels in
      for (sequence, (start, length)) in zip(starts, lengths).enumerated() {
        for (position, label) in labels[start..<(start + length)].enumerated() {
          require(
            label >= 0 && label < classes && label != blank,
            """
            ctc: the label \(label) at position \(position) of sequence \(sequence) is not within \
            0..<\(classes), or is the blank \(blank)
            """)
        }
      }
    }
  }

  func withPointers(
    _ body: (
      UnsafePointer<Int64>, UnsafePointer<Int64>, UnsafePointer<Int64>, UnsafePointer<Int64>
    ) -> Void
  ) {
    func integers(_ x: Tensor) -> UnsafePointer<Int64> {
      UnsafePointer(x.pointer.assumingMemoryBound(to: Int64.self))
    }
    body(integers(labels), integers(offsets), integers(labelLengths), integers(inputLengths))
    for tensor in [labels, offsets, labelLengths, inputLengths] { extendLifetime(tensor.storage) }
  }
}

/// One length for each sequence as int64, `limit` by default.
private func checkedLengths(
  _ lengths: Tensor?, _ batch: Int, upTo limit: Int, _ name: StaticString
) -> Tensor {
  guard let lengths else { return Tensor.full([batch], Double(limit), dtype: .int64) }
  require(
    lengths.dtype == .int32 || lengths.dtype == .int64,
    "ctc: \(name) must be integers, got \(lengths.dtype)")
  require(
    lengths.count == batch && lengths.rank <= 1,
    "ctc: \(name) of shape \(lengths.shape) for \(batch) sequences; pass one for each")
  let values = lengths.detached.cast(to: .int64).reshaped([batch]).contiguous()
  values.withScalars(as: Int.self) { values in
    for (sequence, value) in values.enumerated() {
      require(
        value >= 0 && value <= limit,
        "ctc: \(name) of sequence \(sequence) is \(value), not within 0...\(limit)")
    }
  }
  return values
}
