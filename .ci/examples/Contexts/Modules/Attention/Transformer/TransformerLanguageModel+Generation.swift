let model: TransformerLanguageModel = elided()
let prompt: [Int] = elided()
