import Synchronization

/// The parameters of a model, found once.
///
/// Reflection takes microseconds, a step of a small network too; so the list is remembered. The key
/// is the model's own bytes: for a value type made of constants and references, equal bytes mean
/// the same parameters as long as the references live, and the memory keeps a copy of the model so
/// that they do. A model that reaches a class other than ``Parameter`` could change under equal
/// bytes and is looked through afresh each time.
final class ParameterList: @unchecked Sendable {  // immutable
  struct Entry {
    let name: String
    let parameter: Parameter
  }

  let entries: [Entry]
  private let positions: [ObjectIdentifier: Int]

  private init(_ entries: [Entry]) {
    self.entries = entries
    positions = Dictionary(
      uniqueKeysWithValues: entries.enumerated().map { (ObjectIdentifier($1.parameter), $0) })
  }

  func position(of parameter: Parameter) -> Int? { positions[ObjectIdentifier(parameter)] }

  /// The list of a model.
  static func of<Model>(_ model: Model) -> ParameterList {
    if let known = remembered(model) { return known }
    var search = Search()
    search.visit(model, name: "")
    let list = ParameterList(search.entries)
    if !search.reachedClass { remember(model, list) }
    return list
  }

  /// The outermost layers of a model that have names of PyTorch's, with their paths.
  static func pyTorchLayers<Model>(of model: Model) -> [(path: String, layer: any PyTorchNamed)] {
    var search = Search()
    search.visit(model, name: "")
    return search.pyTorchLayers
  }

  // MARK: Reflection

  private struct Search {
    var entries: [Entry] = []
    var pyTorchLayers: [(path: String, layer: any PyTorchNamed)] = []
    var reachedClass = false
    private var seen: Set<ObjectIdentifier> = []

    mutating func visit(_ value: Any, name: String) {
      if let parameter = value as? Parameter {
        if seen.insert(ObjectIdentifier(parameter)).inserted {
          entries.append(Entry(name: name, parameter: parameter))
        }
        return
      }
      if value is Tensor { return }
      let mirror = Mirror(reflecting: value)
      if mirror.displayStyle == .class {
        reachedClass = true
        guard seen.insert(ObjectIdentifier(value as AnyObject)).inserted else { return }
        visitInherited(mirror, name: name)
      }
      if let layer = value as? any PyTorchNamed { pyTorchLayers.append((name, layer)) }
      if let custom = value as? any ReflectedChildren {
        for child in custom.reflectedChildren { visit(child.value, name: join(name, child.name)) }
        return
      }
      visitChildren(of: mirror, name: name)
    }

    private mutating func visitInherited(_ mirror: Mirror, name: String) {
      guard let parent = mirror.superclassMirror else { return }
      visitInherited(parent, name: name)
      visitChildren(of: parent, name: name)
    }

    private mutating func visitChildren(of mirror: Mirror, name: String) {
      switch mirror.displayStyle {
      case .optional:
        if let child = mirror.children.first { visit(child.value, name: name) }
      case .collection, .set:
        for (index, child) in mirror.children.enumerated() {
          // One look at the first element spares walking a million numbers.
          if index == 0, isPlain(child.value) { return }
          visit(child.value, name: join(name, String(index)))
        }
      case .dictionary:
        let pairs = mirror.children.compactMap { child -> (String, Any)? in
          let parts = Array(Mirror(reflecting: child.value).children)
          return parts.count == 2 ? ("\(parts[0].value)", parts[1].value) : nil
        }
        for (key, value) in pairs.sorted(by: { $0.0 < $1.0 }) {
          visit(value, name: join(name, key))
        }
      default:
        for (index, child) in mirror.children.enumerated() where !isPlain(child.value) {
          let label = child.label.map { $0.hasPrefix(".") ? String($0.dropFirst()) : $0 }
          visit(child.value, name: join(name, label ?? String(index)))
        }
      }
    }

    private func isPlain(_ value: Any) -> Bool {
      value is any Numeric || value is String || value is Bool
    }

    private func join(_ prefix: String, _ name: String) -> String {
      prefix.isEmpty ? name : prefix + "." + name
    }
  }

  // MARK: Memory

  private struct Memory: @unchecked Sendable {  // guarded by the mutex
    let type: ObjectIdentifier
    let bytes: [UInt8]
    let model: Any
    let list: ParameterList

    /// By words: this runs at every step.
    func isEqual(to other: UnsafeRawBufferPointer) -> Bool {
      bytes.withUnsafeBytes { own in
        guard own.count == other.count else { return false }
        let whole = own.count & ~7
        for offset in stride(from: 0, to: whole, by: 8)
        where own.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
          != other.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        {
          return false
        }
        return own[whole...].elementsEqual(other[whole...])
      }
    }
  }

  private static let memories = Mutex<[Memory]>([])
  /// Few, since each keeps a model alive.
  private static let capacity = 4

  private static func remembered<Model>(_ model: Model) -> ParameterList? {
    withUnsafeBytes(of: model) { bytes in
      memories.withLock { memories in
        memories.first {
          $0.type == ObjectIdentifier(Model.self) && $0.isEqual(to: bytes)
        }?.list
      }
    }
  }

  private static func remember<Model>(_ model: Model, _ list: ParameterList) {
    let bytes = withUnsafeBytes(of: model) { Array($0) }
    let memory = Memory(
      type: ObjectIdentifier(Model.self), bytes: bytes, model: model, list: list)
    memories.withLock { memories in
      memories.insert(memory, at: 0)
      if memories.count > capacity { memories.removeLast() }
    }
  }
}
