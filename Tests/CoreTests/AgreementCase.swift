import Core
import Foundation

/// One case of `Tests/References/tensor_agreement.jsonl`, which `tensor_agreement.py` makes.
struct AgreementCase: Decodable {
  /// The operation, a key of ``agreementOperations``.
  let op: String
  private let `in`: [Source]
  private let out: [Source]
  private let i: [Int]?
  private let f: [Double]?
  private let e: String?

  var inputs: [Tensor] { `in`.map(\.tensor) }
  var outputs: [Tensor] { out.map(\.tensor) }
  var integers: [Int] { i ?? [] }
  var reals: [Double] { f ?? [] }
  var text: String { e ?? "" }

  static func all() throws -> [AgreementCase] {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("References/tensor_agreement.jsonl")
    let decoder = JSONDecoder()
    return try Data(contentsOf: file).split(separator: UInt8(ascii: "\n")).map {
      try decoder.decode(AgreementCase.self, from: $0)
    }
  }

  /// A dense array and the views taken of it.
  private struct Source: Decodable {
    let s: [Int]
    let t: String
    let d: String
    let v: [View]?

    struct View: Decodable {
      let k: String
      let a: [Int]
    }

    var tensor: Tensor {
      let scalars = d.split(separator: " ").map { Double($0)! }
      let dtype = AgreementCase.dtypes[t]!
      return (v ?? []).reduce(Tensor(scalars: scalars, shape: Shape(s)).cast(to: dtype)) {
        x, view in
        switch view.k {
        case "p": return x.permuted(view.a)
        case "b": return x.broadcast(to: Shape(view.a))
        case "s":
          let moved = x.transposed(0, view.a[0])
          let places = stride(from: view.a[1], to: view.a[2], by: view.a[3])
          return moved[places].transposed(0, view.a[0])
        default: fatalError("no view \(view.k)")
        }
      }
    }
  }

  static let dtypes: [String: DType] = [
    "b1": .bool, "i4": .int32, "i8": .int64, "f4": .float32, "f8": .float64,
  ]
}
