let model = Sequential {
  Dense(64, 10)
}
var training = Optimizing(model, with: Adam(learningRate: 1e-3))
