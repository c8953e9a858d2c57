let network = ElmanRNN(3, 4)
func error(_ y: Tensor) -> Tensor { square(y).mean() }
