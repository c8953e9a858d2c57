/// Where the layers of a model are: the path of each stored property that is a layer.
struct LayerPaths {
  /// What tells a layer from others: its type, its parameters, and how it prints. Layers equal in all
  /// three do the same.
  struct Key: Hashable {
    let type: ObjectIdentifier
    let parameters: [ObjectIdentifier]
    let text: String

    init<L: Layer>(_ layer: L) {
      type = ObjectIdentifier(L.self)
      parameters = layer.parameters.map(ObjectIdentifier.init)
      text = String(describing: layer)
    }
  }

  private var paths: [Key: [String]] = [:]

  init(of model: some Layer) { visit(model, "") }

  /// The path of a layer. Of several equal ones each is named once, then the last again.
  mutating func takePath(of key: Key) -> String {
    guard let known = paths[key], let first = known.first else { return "" }
    if known.count > 1 { paths[key]?.removeFirst() }
    return first
  }

  private mutating func visit(_ value: Any, _ path: String) {
    if value is Parameter || value is Tensor { return }
    if let layer = value as? any Layer { paths[Key(layer), default: []].append(path) }
    if let custom = value as? any ReflectedChildren {
      for child in custom.reflectedChildren { visit(child.value, join(path, child.name)) }
      return
    }
    let mirror = Mirror(reflecting: value)
    for (index, child) in mirror.children.enumerated() {
      // A list of numbers is no list of layers.
      if child.value is any Numeric || child.value is String { continue }
      let isWrapper = mirror.displayStyle == .optional
      visit(child.value, isWrapper ? path : join(path, child.label ?? String(index)))
    }
  }

  private func join(_ path: String, _ name: String) -> String {
    path.isEmpty ? name : path + "." + name
  }
}

extension ModelSummary {
  init(of model: some Layer, _ call: SummaryTrace.Call) {
    let parameters = model.parameters
    var naming = Naming(
      paths: LayerPaths(of: model),
      parameters: Dictionary(
        parameters.map { (ObjectIdentifier($0), $0) }, uniquingKeysWith: { first, _ in first }))
    self.model = naming.part(call, isModel: true)
    parameterCount = model.parameterCount
    bufferCount = parameters.reduce(0) { $0 + ($1 is Buffer ? $1.shape.elementCount : 0) }
    frozenCount = parameters.reduce(0) {
      $0 + ($1.isFrozen && !($1 is Buffer) ? $1.shape.elementCount : 0)
    }
  }

  /// Gives calls their names, and each parameter to the first call that has it to itself.
  private struct Naming {
    var paths: LayerPaths
    let parameters: [ObjectIdentifier: Parameter]
    var counted: Set<ObjectIdentifier> = []

    mutating func part(_ call: SummaryTrace.Call, isModel: Bool = false) -> Part {
      let name = paths.takePath(of: call.key)
      let parts = call.parts.map { part($0) }
      let inside = Set(call.parts.flatMap(\.allParameters))
      let own = call.key.parameters.filter { !inside.contains($0) }
      let first = own.filter { counted.insert($0).inserted }
      let count = elements(first)
      return Part(
        name: isModel ? "" : name, kind: call.kind, inputs: call.inputs, outputs: call.outputs,
        parameterCount: count, sharedCount: elements(own) - count,
        multiplyAdds: call.multiplyAdds, parts: parts)
    }

    private func elements(_ list: [ObjectIdentifier]) -> Int {
      list.reduce(0) { sum, key in
        guard let parameter = parameters[key], !parameter.isFrozen else { return sum }
        return sum + parameter.shape.elementCount
      }
    }
  }
}

extension SummaryTrace.Call {
  /// The parameters of this call and of those inside it.
  fileprivate var allParameters: [ObjectIdentifier] {
    key.parameters + parts.flatMap(\.allParameters)
  }
}
