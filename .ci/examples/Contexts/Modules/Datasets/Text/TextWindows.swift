let network = LSTM(64, 128)
let tokens: [Int] = elided()
