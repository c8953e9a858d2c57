import Core
import Foundation
import Recurrent
import Testing

/// Tests/References/recurrent.py made these with PyTorch.
@Suite struct AgreementTests {
  struct Case: Decodable, Sendable {
    enum Name: Decodable, Sendable {
      case text(String)
      case shape([Int])

      init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
          self = .text(text)
        } else {
          self = .shape(try container.decode([Int].self))
        }
      }
    }

    let kind, activation: String
    let inputs, hidden, layers, time, batch: Int
    let bidirectional, bias: Bool
    let lengths: [Int]?
    let names: [[Name]]
    let tensors: [[Double]]

    var title: String {
      "\(kind) \(activation) \(inputs)-\(hidden) x\(layers) \(bidirectional) \(time)×\(batch) \(lengths ?? [])"
    }
  }

  static let cases: [Case] = {
    let file = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("References/recurrent.jsonl")
    guard let text = try? String(contentsOf: file, encoding: .utf8) else { return [] }
    return text.split(separator: "\n").compactMap {
      try? JSONDecoder().decode(Case.self, from: Data($0.utf8))
    }
  }()

  @Test(arguments: [DType.float64, .float32])
  func `values, states and gradients are PyTorch's`(_ dtype: DType) throws {
    #expect(Self.cases.count == 72)
    for c in Self.cases {
      switch c.kind {
      case "rnn":
        try check(
          ElmanRNN(
            c.inputs, c.hidden, activation: c.activation == "relu" ? .relu : .tanh,
            layers: c.layers, bidirectional: c.bidirectional, hasBias: c.bias), c, dtype)
      case "lstm":
        try check(
          LSTM(
            c.inputs, c.hidden, layers: c.layers, bidirectional: c.bidirectional, hasBias: c.bias
          ), c, dtype)
      default:
        try check(
          GRU(
            c.inputs, c.hidden, layers: c.layers, bidirectional: c.bidirectional, hasBias: c.bias
          ), c, dtype)
      }
    }
  }

  func check<Cell: GatedCell>(_ network: Unrolled<Cell>, _ c: Case, _ dtype: DType) throws {
    network.convert(to: dtype)
    let weights = network.torchNamed().namedParameters
    let byName = Dictionary(uniqueKeysWithValues: weights)
    var ordered: [Parameter] = []
    for (index, entry) in c.names.enumerated() {
      guard case .text(let name) = entry[0], case .shape(let shape) = entry[1] else { continue }
      let parameter = try #require(byName[name], "\(name) of \(c.title)")
      #expect(parameter.shape == Shape(shape), "\(name) of \(c.title)")
      parameter.value = hashed(parameter.shape, UInt64(100 + index), dtype: dtype)
      ordered.append(parameter)
    }
    #expect(weights.count == c.names.count)

    let x = Parameter(hashed([c.time, c.batch, c.inputs], 1, dtype: dtype) * 3)
    let directions = c.layers * (c.bidirectional ? 2 : 1)
    let count = network.initialStates(batch: 1)[0].tensors.count
    let starts = (0..<count).map {
      Parameter(hashed([directions, c.batch, c.hidden], UInt64(2 + $0), dtype: dtype))
    }
    let group = ParameterGroup([x] + starts + ordered)
    let (_, gradients, outputs) = valueWithGradient(of: group) {
      let states = (0..<directions).map { index in
        Cell.State(tensors: starts.map { $0.value[index] })
      }
      let (y, final) = network(
        x.value, from: states, lengths: c.lengths.map(SequenceLengths.init))
      let ends = (0..<count).map { part in stacked(final.map { $0.tensors[part] }) }
      let loss = ([y] + ends).enumerated().reduce(Tensor.zeros([], dtype: dtype)) {
        $0 + ($1.element * hashed($1.element.shape, UInt64(4 + $1.offset), dtype: dtype)).sum()
      }
      return (loss, [y] + ends)
    }
    let found = outputs + ([x] + starts + ordered).map { gradients[$0] ?? .zeros(like: $0.value) }
    #expect(found.count == c.tensors.count)
    for (index, (tensor, expected)) in zip(found, c.tensors).enumerated() {
      expectSummary(tensor, expected, UInt64(20 + 10 * index), "tensor \(index) of \(c.title)")
    }
  }

  /// Norm and inner products, compared on the scale of the tensor.
  func expectSummary(
    _ tensor: Tensor, _ expected: [Double], _ seed: UInt64, _ context: @autoclosure () -> String
  ) {
    let tolerance = tensor.dtype == .float64 ? 1e-10 : 1e-4
    let x = tensor.cast(to: .float64)
    let found = [
      (x * x).sum().item().squareRoot(), (x * hashed(x.shape, seed)).sum().item(),
      (x * hashed(x.shape, seed + 1)).sum().item(),
    ]
    let scale = max(expected[0], 0.1)
    for (found, expected) in zip(found, expected) {
      #expect(abs(found - expected) <= tolerance * scale, "\(context()): \(found), \(expected)")
    }
  }

  @Test func `PyTorch's files of weights go both ways`() throws {
    let network = withRandom(seed: 1) { GRU(2, 3, layers: 2, bidirectional: true) }
    let other = withRandom(seed: 2) { GRU(2, 3, layers: 2, bidirectional: true) }
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("\(UUID().uuidString).safetensors").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try network.torchNamed(prefix: "encoder.").save(to: path)
    let names = try StateFile(contentsOf: path).tensors.map(\.name)
    #expect(names.count == 16)
    #expect(names.contains("encoder.weight_hh_l1_reverse"))
    try other.torchNamed(prefix: "encoder.").load(from: path)
    let x = hashed([3, 2, 2], 5, dtype: .float32)
    #expect(other(x) == network(x))
    #expect(throws: StateFileError.self) { try other.torchNamed().load(from: path) }
  }
}
