let network = LSTM(3, 4)
func error(_ y: Tensor, at start: Int) -> Tensor { square(y).mean() }
var training = Optimizing(network, with: Adam(learningRate: 1e-3))
