import Core
import Datasets
import Embeddings

extension Format {
  private static let headerWords = [
    "'descr':", "'fortran_order':", "'shape':", "(", ")", ",", "True", "False", "<f8", ">i2", "|b1",
    "<u8", "<f2", "|O", "9223372036854775807", "4294967296", "-1", "'", "\"", "{", "}", "\n",
  ]

  static func npy(in scratch: Scratch) throws -> Format {
    var corpus = try arrays.map { _, tensor in
      try scratch.bytes(named: "a.npy") { try NPYFile.write(tensor, to: $0) }
    }
    corpus.append(Gzip.compress(corpus[0]))
    return Format(name: "npy", corpus: corpus, words: headerWords) { input in
      let file = try NPYFile(input.file())
      _ = try file.read()
      _ = try file.read(as: .float32)
    }
  }

  static func npz(in scratch: Scratch) throws -> Format {
    let corpus = try [false, true].flatMap { isCompressed in
      try [arrays, Array(arrays.prefix(1)), []].map { arrays in
        try scratch.bytes(named: "a.npz") {
          try NPZFile.write(arrays, to: $0, isCompressed: isCompressed)
        }
      }
    }
    let marks = [
      "PK\u{1}\u{2}", "PK\u{3}\u{4}", "PK\u{5}\u{6}", "PK\u{6}\u{6}", ".npy", "\0\0\0\0",
    ]
    return Format(name: "npz", corpus: corpus, words: headerWords + marks) { input in
      _ = try NPZFile(input.file()).readAll()
    }
  }

  static func vectors(in scratch: Scratch) throws -> Format {
    let vectors = WordVectors(
      words: ["apus", "é", "swift", "\u{1F989}"],
      vectors: Tensor.linspace(from: -1, to: 1e30, count: 12).reshaped([4, 3]))
    let corpus = try WordVectors.FileFormat.allCases.map { format in
      try scratch.bytes(named: "vectors") { try vectors.write(to: $0, format: format) }
    }
    let judged = Array("# pairs\nword 1\tword 2\tscore\napus\tswift\t9.5\né,apus,1\n".utf8)
    return Format(
      name: "vectors", corpus: corpus + [judged], words: [" ", "\n", "\t", "4 3\n", "nan", "-"]
    ) { input in
      // Each kind of file by each reader: the name does not tell what is in it.
      let path = input.file()
      let failures = WordVectors.FileFormat.allCases.compactMap { format -> (any Error)? in
        do {
          _ = try WordVectors(path, format: format)
          return nil
        } catch { return error }
      }
      // What no reader takes is refused, by an error of the last.
      for failure in failures where !(failure is WordFileError) { throw failure }
      do { _ = try JudgedPairs(path) } catch  where failures.count < 3 {}
    }
  }

  private static var arrays: [(name: String, tensor: Tensor)] {
    let types: [DType] = [.bool, .int32, .int64, .float32, .float64]
    return types.map { ("\($0)", Tensor([[0, 1, 1], [1, 0, 1]]).cast(to: $0)) }
      + [("empty", Tensor.zeros([0, 3])), ("scalar", Tensor(2.5))]
  }
}
