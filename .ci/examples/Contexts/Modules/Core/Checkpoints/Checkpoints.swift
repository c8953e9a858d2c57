struct Run: TrainingState {
  var position = DataPosition(generator: RandomGenerator(seed: 7))
  mutating func visit(by visitor: inout some StateVisitor) {
    visitor.visit("position", within: &position)
  }
}
