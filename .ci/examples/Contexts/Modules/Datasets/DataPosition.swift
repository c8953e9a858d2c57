struct Run: TrainingState {
  mutating func visit(by visitor: inout some StateVisitor) {}
}
let (training, run) = (digits.training, Run())
