import Core
import Datasets

extension Format {
  static var csv: Format {
    let texts = [
      "x,y\n1,2\n\"3\",4\n", "a,b,species\r\n5.1,3.5,setosa\r\n4.9,3.0,\"vir,ginica\"\r\n",
      "1,2,0\n3,4,1\n\n5,6,1", "\"a \"\"b\"\"\",1\r2,3\r", "1;2;3\n4;5;6\n",
      "\u{FEFF}x,y\n-1e-3,+7\n",
    ]
    let readers = [
      CSVReader(hasHeader: true, labelColumn: .last),
      CSVReader(labelColumn: .first, labelKind: .classes(count: 3)),
      CSVReader(delimiter: ";", labelColumn: .number(2), labelKind: .numbers),
      CSVReader(hasHeader: true, labelColumn: .named("species")), CSVReader(),
    ]
    let words = [
      "\"", "\"\"", ",", ";", "\n", "\r\n", "\r", "nan", "inf", "1e999", "1e-999", "é", "\0",
    ]
    return Format(name: "csv", corpus: texts.map { Array($0.utf8) }, words: words) { input in
      // One of the readers, which the bytes choose, from memory and in batches.
      let reader = readers[input.bytes.count % readers.count]
      let result = Result { try reader.read(bytes: input.bytes, file: "memory") }
      let batches = try CSVBatches(input.file(), of: 2, reader)
      while try batches.next() != nil {}
      _ = try Dataset(result.get())
    }
  }

  static var text: Format {
    let texts = ["one\ntwo \u{1F989}\r\nthree", "", "\n\r\n\r", "\u{FEFF}é\u{301}\n\u{2028}x"]
    return Format(
      name: "text", corpus: texts.map { Array($0.utf8) } + [Gzip.compress(Array(texts[0].utf8))],
      words: ["\r", "\n", "\u{301}", "\u{FEFF}", "\u{1F468}\u{200D}\u{1F469}"]
    ) { input in
      let corpus = try TextCorpus(input.file())
      let tokenizer = WordTokenizer()
      for line in corpus.lines { _ = tokenizer.text(of: tokenizer.tokens(of: line)) }
    }
  }

  static func vocabulary(in scratch: Scratch) throws -> Format {
    let vocabularies = [
      Vocabulary(counting: ["word", "word", "a\tb\\\n", "é"]),
      Vocabulary(counting: ["x"], unknown: nil, special: ["<pad>"]),
    ]
    let corpus = try vocabularies.map { vocabulary in
      try scratch.bytes(named: "vocabulary") { try vocabulary.save(to: $0) }
    }
    return Format(name: "vocabulary", corpus: corpus, words: ["\t", "\n", "\\n", "\\", "-", "\r"]) {
      input in
      let vocabulary = try Vocabulary(input.file())
      _ = vocabulary.decode(vocabulary.tokens.indices)
    }
  }
}
