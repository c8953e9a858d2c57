let (target, source): (Tensor, Tensor) = elided()
let encoder: TransformerEncoder = elided()
