let attention = MultiHeadAttention(64, heads: 4)
let embedding = Embedding(10, 64)
let tokens: [Tensor] = elided()
var y: Tensor
