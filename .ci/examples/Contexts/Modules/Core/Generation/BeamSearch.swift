let states: [LSTMState] = elided()
let prompt: [Int] = elided()
let step: TokenStep<[LSTMState]> = elided()
