struct Inverse: Layer {
  let head = MixtureDensityHead(64, components: 5)
  func callAsFunction(_ x: Tensor) -> Tensor { head(x) }
}
let model = Inverse()
