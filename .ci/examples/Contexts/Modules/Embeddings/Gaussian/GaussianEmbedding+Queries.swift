let words: GaussianEmbedding = elided()
let number = 3
