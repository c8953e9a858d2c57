extension Tensor {
  /// What lies beyond the ends of an axis.
  public enum Border: Sendable, CaseIterable {
    /// Mirrored at the end elements, which are not repeated: c b | a b c | b a.
    case reflected
    /// Mirrored just outside: b a | a b c | c b.
    case symmetric
    /// The end elements again and again: a a | a b c | c c.
    case edge
    /// The axis once more: b c | a b c | a b.
    case circular

    /// The place within an axis that shows at `position`, which may lie outside.
    fileprivate func place(_ position: Int, extent: Int) -> Int {
      func remainder(_ period: Int) -> Int {
        let rest = position % period
        return rest < 0 ? rest + period : rest
      }
      switch self {
      case .edge: return min(max(position, 0), extent - 1)
      case .circular: return remainder(extent)
      case .symmetric:
        let place = remainder(2 * extent)
        return min(place, 2 * extent - 1 - place)
      case .reflected:
        if extent == 1 { return 0 }
        let place = remainder(2 * extent - 2)
        return min(place, 2 * extent - 2 - place)
      }
    }
  }

  /// Elements added before and after each axis by continuing what is there.
  ///
  /// Widths may exceed the axis: mirrors and repetitions go on. An axis without elements that is to
  /// be widened traps.
  ///
  /// - Parameter widths: For each axis, how many elements are added before and after.
  public func padded(_ widths: [(before: Int, after: Int)], border: Border) -> Tensor {
    require(
      widths.count == rank && widths.allSatisfy { $0.before >= 0 && $0.after >= 0 },
      "padded: the widths \(widths) do not match shape \(shape)")
    var result = self
    for (axis, width) in widths.enumerated() where width != (0, 0) {
      let extent = shape[axis]
      require(extent > 0, "padded: axis \(axis) of shape \(shape) has nothing to continue")
      let places = (-width.before..<(extent + width.after)).map {
        border.place($0, extent: extent)
      }
      result = result.gathered(at: Tensor(places), along: axis)
    }
    return result
  }
}
