/// How tensors of another program's file become those of a model, and back.
///
/// Rules are applied in order to a file that is read, and undone in the reverse order for one that
/// is written, so that one list serves both ways:
///
/// ```swift
/// let rules: [StateRule] = [
///   .ignore("**.attention.masked_bias"),
///   .rename("transformer.h.*", to: "blocks.*"),            // and all that is under it
///   .transpose("blocks.*.mlp.weight"),
///   .split("blocks.*.attention.c_attn", into: [
///     "blocks.*.query", "blocks.*.key", "blocks.*.value",
///   ]),
/// ]
/// try model.load(from: "model.safetensors", rules: rules)
/// try model.save(to: "back.safetensors", rules: rules)
/// ```
///
/// A name in a rule stands for itself and for all that continues it after a dot. `*` stands for one
/// part between dots, `**` at the beginning for any number of them, and an empty name for every name
/// (`.rename("module", to: "")` takes a prefix away). Both sides of a rule have as many of each.
public struct StateRule: Sendable {
  enum Action: Sendable {
    case rename(NamePattern, NamePattern)
    case translate([String: String])
    case split(NamePattern, [NamePattern], axis: Int, extents: [Int]?)
    case join([NamePattern], NamePattern, axis: Int, extents: [Int]?)
    case transpose(NamePattern)
    case ignore(NamePattern)
  }

  let action: Action

  /// Gives tensors another name.
  public static func rename(_ theirs: String, to ours: String) -> StateRule {
    let (theirs, ours) = (NamePattern(theirs), NamePattern(ours))
    requireFit(theirs, [ours])
    return StateRule(action: .rename(theirs, ours))
  }

  /// Gives tensors other names, all at once: whole names, the file's and this model's.
  public static func rename(_ names: [String: String]) -> StateRule {
    require(
      Set(names.values).count == names.count, "StateRule: two names become one by \(names)")
    return StateRule(action: .translate(names))
  }

  /// Cuts tensors of the file into several.
  ///
  /// - Parameters:
  ///   - axis: The axis to cut; 0 unless told otherwise.
  ///   - extents: How long the parts are along it; by default all the same.
  public static func split(
    _ theirs: String, into ours: [String], along axis: Int = 0, extents: [Int]? = nil
  ) -> StateRule {
    let (whole, parts) = (NamePattern(theirs), ours.map(NamePattern.init))
    requireFit(whole, parts)
    requireParts(parts.count, extents, axis)
    return StateRule(action: .split(whole, parts, axis: axis, extents: extents))
  }

  /// Puts several tensors of the file together to one.
  ///
  /// - Parameters:
  ///   - axis: The axis along which they follow each other; 0 unless told otherwise.
  ///   - extents: How long the parts are along it; by default all the same.
  public static func join(
    _ theirs: [String], into ours: String, along axis: Int = 0, extents: [Int]? = nil
  ) -> StateRule {
    let (whole, parts) = (NamePattern(ours), theirs.map(NamePattern.init))
    requireFit(whole, parts)
    requireParts(parts.count, extents, axis)
    return StateRule(action: .join(parts, whole, axis: axis, extents: extents))
  }

  /// Exchanges the last two axes of tensors that have two or more.
  public static func transpose(_ name: String) -> StateRule {
    StateRule(action: .transpose(NamePattern(name)))
  }

  /// Passes tensors of the file over; they are not written back.
  public static func ignore(_ theirs: String) -> StateRule {
    StateRule(action: .ignore(NamePattern(theirs)))
  }

  /// The rule that undoes this one; `nil` where there is nothing to undo.
  var inverse: StateRule? {
    switch action {
    case .rename(let theirs, let ours): StateRule(action: .rename(ours, theirs))
    case .translate(let names):
      StateRule(
        action: .translate(Dictionary(uniqueKeysWithValues: names.map { ($0.value, $0.key) })))
    case .split(let whole, let parts, let axis, let extents):
      StateRule(action: .join(parts, whole, axis: axis, extents: extents))
    case .join(let parts, let whole, let axis, let extents):
      StateRule(action: .split(whole, parts, axis: axis, extents: extents))
    case .transpose: self
    case .ignore: nil
    }
  }

  private static func requireFit(_ pattern: NamePattern, _ others: [NamePattern]) {
    for other in others {
      require(
        other.wildcardCount == pattern.wildcardCount && other.hasStart == pattern.hasStart,
        "StateRule: the two sides differ in their wildcards")
    }
  }

  private static func requireParts(_ count: Int, _ extents: [Int]?, _ axis: Int) {
    require(count > 0 && axis >= 0, "StateRule: \(count) parts along axis \(axis)")
    require(
      extents.map { $0.count == count && $0.allSatisfy { $0 >= 0 } } ?? true,
      "StateRule: the extents \(extents ?? []) of \(count) parts")
  }
}
