import Core
import Foundation
import Testing

@Suite struct StateRuleTests {
  private let names = ["module.h.0.attn.weight", "module.h.0.attn.bias", "module.h.1.mlp", "count"]

  private func file(_ shapes: [(String, Shape)]) -> StateFile {
    StateFile(
      tensors: shapes.map { name, shape in
        (name, Tensor.range(0..<shape.elementCount).cast(to: .float32).reshaped(shape))
      })
  }

  private func renamed(_ rules: [StateRule]) throws -> [String] {
    try file(names.map { ($0, [1]) }).applying(rules).tensors.map(\.name)
  }

  @Test func `names change by their beginnings, their parts and anywhere`() throws {
    #expect(
      try renamed([.rename("module.h.*", to: "blocks.*")]) == [
        "blocks.0.attn.weight", "blocks.0.attn.bias", "blocks.1.mlp", "count",
      ])
    #expect(
      try renamed([.rename("module", to: ""), .rename("**.attn", to: "**.attention")]) == [
        "h.0.attention.weight", "h.0.attention.bias", "h.1.mlp", "count",
      ])
    #expect(try renamed([.rename("", to: "a.b")]) == names.map { "a.b." + $0 })
    #expect(try renamed([.rename("module.h.0.att", to: "x")]) == names)
    #expect(
      try renamed([.ignore("**.bias"), .ignore("count")]) == [names[0], names[2]])
    #expect(
      try renamed([.rename([names[0]: names[1], names[1]: names[0]])]) == [
        names[1], names[0], names[2], names[3],
      ])
  }

  @Test func `every rule is undone by writing`() throws {
    let rules: [StateRule] = [
      .rename("transformer", to: ""),
      .transpose("h.*.attn.weight"),
      .split("h.*.attn", into: ["h.*.q", "h.*.k", "h.*.v"]),
      .split("table", into: ["head", "tail"], along: 1, extents: [1, 2]),
      .join(["a", "b"], into: "ab", along: 1),
      .join(["c", "d"], into: "cd", extents: [1, 3]),
      .rename("h.*", to: "blocks.*"),
    ]
    let theirs = file([
      ("transformer.h.0.attn.weight", [2, 6]), ("transformer.h.0.attn.bias", [6]),
      ("transformer.h.1.attn.weight", [2, 6]), ("transformer.table", [2, 3]),
      ("transformer.a", [2, 2]), ("transformer.b", [2, 2]), ("transformer.c", [1, 4]),
      ("transformer.d", [3, 4]),
    ])
    let ours = try theirs.applying(rules)
    #expect(
      ours.tensors.map(\.name) == [
        "blocks.0.q.weight", "blocks.0.k.weight", "blocks.0.v.weight", "blocks.0.q.bias",
        "blocks.0.k.bias", "blocks.0.v.bias", "blocks.1.q.weight", "blocks.1.k.weight",
        "blocks.1.v.weight", "head", "tail", "ab", "cd",
      ])
    #expect(ours["blocks.0.k.weight"] == Tensor([[2, 8], [3, 9]]))
    #expect(ours["blocks.0.v.bias"] == Tensor([4, 5]))
    #expect(ours["tail"] == Tensor([[1, 2], [4, 5]]))
    #expect(ours["ab"] == Tensor([[0, 1, 0, 1], [2, 3, 2, 3]]) && ours["cd"]?.shape == [4, 4])
    let back = try ours.reverting(rules)
    #expect(Set(back.tensors.map(\.name)) == Set(theirs.tensors.map(\.name)))
    for (name, tensor) in theirs.tensors { #expect(back[name] == tensor, "\(name)") }
  }

  @Test func `what does not fit a rule is an error that names it`() throws {
    func failure(_ shapes: [(String, Shape)], _ rules: [StateRule]) -> String? {
      do throws(StateFileError) {
        _ = try file(shapes).applying(rules)
        return nil
      } catch {
        guard case .untranslatable(_, let tensor, _, _) = error else { return "another" }
        return tensor
      }
    }
    #expect(failure([("x", [4])], [.split("x", into: ["a", "b", "c"])]) == "x")
    #expect(failure([("x", [4])], [.split("x", into: ["a", "b"], along: 1)]) == "x")
    #expect(failure([("x", [4])], [.split("x", into: ["a", "b"], extents: [2, 3])]) == "x")
    #expect(failure([("a", [4])], [.join(["a", "b"], into: "x")]) == "a")
    #expect(failure([("a", [2, 3]), ("b", [2, 4])], [.join(["a", "b"], into: "x")]) == "b")
    #expect(failure([("a", [1]), ("b", [1])], [.rename("a", to: "b")]) == "b")
    #expect(failure([("a", [2]), ("b", [2])], [.join(["a", "b"], into: "x")]) == nil)
  }

  @Test func `rules whose sides differ trap`() async {
    await #expect(processExitsWith: .failure) { _ = StateRule.rename("a.*", to: "b") }
    await #expect(processExitsWith: .failure) { _ = StateRule.rename("a.**", to: "b.**") }
    await #expect(processExitsWith: .failure) {
      _ = StateRule.split("a", into: ["b", "c"], extents: [1])
    }
  }

  // MARK: - Models

  /// What PyTorch would call its parameters otherwise, with an order that a naive renaming mixes up.
  private struct Swapped: PyTorchNamed {
    let weight = Parameter(Tensor([1, 2]))
    let shift = Parameter(Tensor([3, 4]))
    func callAsFunction(_ x: Tensor) -> Tensor { x * weight.value + shift.value }
    func pyTorchName(of parameter: String) -> String {
      ["weight": "shift", "shift": "weight"][parameter] ?? parameter
    }
  }

  private struct Model: Layer {
    let first = Dense(2, 2)
    let parts = [Swapped(), Swapped()]
    func callAsFunction(_ x: Tensor) -> Tensor { parts.reduce(first(x)) { $1($0) } }
  }

  @Test func `PyTorch's names go with their layers, and files both ways`() throws {
    let model = Model()
    #expect(
      model.pyTorchNames.map(\.pyTorch) == [
        "first.weight", "first.bias", "parts.0.shift", "parts.0.weight", "parts.1.shift",
        "parts.1.weight",
      ])
    #expect(Swapped().pyTorchNames.map(\.pyTorch) == ["shift", "weight"])
    let path = NSTemporaryDirectory() + "apus-\(UUID().uuidString).safetensors"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let rules: [StateRule] = [.rename("net.0", to: "first"), .rename("net.1", to: "parts")]
    try model.save(pyTorch: path, rules: rules)
    let file = try StateFile(contentsOf: path)
    #expect(file["net.1.0.weight"] == Tensor([3, 4]) && file["net.1.1.shift"] == Tensor([1, 2]))
    #expect(file.metadata == ["format": "pt"])
    let copy = Model()
    for parameter in copy.parameters { parameter.value = Tensor.zeros(like: parameter.value) }
    try copy.load(pyTorch: path, rules: rules)
    #expect(copy.parameters.map(\.value) == model.parameters.map(\.value))
    #expect(throws: StateFileError.self) { try copy.load(pyTorch: path) }
    let passed = try copy.load(pyTorch: path, rules: [rules[0]], strict: false)
    #expect(passed.missing.count == 4 && passed.unexpected.count == 4)
  }

  @Test func `narrow types are widened`() throws {
    let header = #"""
      {"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},\#
      "b":{"dtype":"I8","shape":[3],"data_offsets":[3,6]},\#
      "c":{"dtype":"I16","shape":[1],"data_offsets":[6,8]},\#
      "d":{"dtype":"U16","shape":[2],"data_offsets":[8,12]},\#
      "e":{"dtype":"U32","shape":[1],"data_offsets":[12,16]},\#
      "f":{"dtype":"U64","shape":[1],"data_offsets":[16,24]}}
      """#
    let path = NSTemporaryDirectory() + "apus-\(UUID().uuidString).safetensors"
    defer { try? FileManager.default.removeItem(atPath: path) }
    func write(_ last: UInt8) throws {
      let data: [UInt8] =
        [1, 128, 255, 1, 128, 255, 0, 128, 255, 255, 1, 0, 255, 255, 255, 255, 5] + [0, 0, 0, 0]
        + [0, 0, last]
      let count = (0..<8).map { UInt8(truncatingIfNeeded: header.utf8.count >> (8 * $0)) }
      try Data(count + Array(header.utf8) + data).write(to: URL(fileURLWithPath: path))
    }
    try write(0)
    let file = try StateFile(contentsOf: path)
    #expect(file["a"] == Tensor(scalars: [1, 128, 255] as [Int32], shape: [3]))
    #expect(file["b"] == Tensor(scalars: [1, -128, -1] as [Int32], shape: [3]))
    #expect(file["c"] == Tensor(scalars: [-32768] as [Int32], shape: [1]))
    #expect(file["d"] == Tensor(scalars: [65535, 1] as [Int32], shape: [2]))
    #expect(file["e"] == Tensor(scalars: [4_294_967_295] as [Int64], shape: [1]))
    #expect(file["f"] == Tensor(scalars: [5] as [Int64], shape: [1]))
    try write(128)
    #expect(throws: StateFileError.self) { try StateFile(contentsOf: path) }
  }
}
