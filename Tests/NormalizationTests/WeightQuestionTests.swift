import Core
import Datasets
import LayerTesting
import Normalization
import Testing

/// Course document 003, question 4.
@Suite struct WeightQuestionTests {
  /// All corners of the cube ±1, turned: mean 0 and covariance I, exactly but for rounding.
  static func whitened(_ features: Int) -> Tensor {
    let corners = (0..<(1 << features)).map { corner in
      (0..<features).map { corner >> $0 & 1 == 1 ? 1.0 : -1.0 }
    }
    let x = Tensor(corners.flatMap(\.self), dtype: .float64).reshaped([-1, features])
    let v = hashed([features, 1], 9)
    let reflection =
      Tensor.identity(features, dtype: .float64) - 2 * matmul(v, v.transposed()) / square(v).sum()
    return matmul(x, reflection)
  }

  @Test func `4.1: on a whitened batch it is batch normalisation of w x + b`() throws {
    let x = Self.whitened(5)
    try expectClose(
      matmul(x.transposed(), x) / Double(x.shape[0]), Tensor.identity(5, dtype: .float64))
    let (w, b) = (hashed([3, 5], 1), hashed([3], 2))
    let dense = Dense(weight: Parameter(w), bias: Parameter(b))
    let batch = BatchNormalization(3, epsilon: 0, isAffine: false)
    let weight = WeightNormalized(Dense(weight: Parameter(w)), of: \.weight)
    weight.magnitude.value = .ones([3, 1], dtype: .float64)
    try expectClose(weight(x), inMode(.training) { batch(dense(x)) })
    // Not so where the features have other variances.
    let stretched = x * Tensor([3, 1, 1, 1, 1], dtype: .float64)
    let apart = weight(stretched) - inMode(.training) { batch(dense(stretched)) }
    #expect(abs(apart).maximum().item() > 0.1)
  }

  @Test func `4.2: the gradient of u is s W* times that of w`() throws {
    let (x, upstream) = (hashed([7, 4], 1), hashed([7, 3], 2))
    let layer = WeightNormalized(Dense(weight: Parameter(hashed([3, 4], 3))), of: \.weight)
    layer.magnitude.value = hashed([3, 1], 4) + 1
    func loss(_ y: Tensor) -> Tensor { (softplus(y) * upstream).sum() }
    let (_, gradients) = valueWithGradient(of: layer) { loss(layer(x)) }
    let plain = Dense(weight: Parameter(layer.weight))
    let (_, ofPlain) = valueWithGradient(of: plain) { loss(plain(x)) }
    for row in 0..<3 {
      let u = layer.layer.weight.value[row]
      let ofW = ofPlain[plain.weight]![row]
      let ofU = gradients[layer.layer.weight]![row]
      let s = layer.magnitude.value[row, 0] / u.norm()
      let column = u.reshaped([4, 1])
      let projection =
        Tensor.identity(4, dtype: .float64)
        - matmul(column, column.transposed()) / square(u).sum()
      try expectClose(ofU, s * matmul(projection, ofW))
      try expectClose((ofU * u).sum(), 0)
      // A projection: doing it twice changes nothing, and u itself is lost.
      try expectClose(matmul(projection, projection), projection)
      try expectClose(matmul(projection, u), Tensor.zeros([4], dtype: .float64))
      try expectClose(
        gradients[layer.magnitude]![row, 0], (ofW * u).sum() / u.norm())
    }
  }

  @Test func `4.3: the norm of u grows by the root of 1 + c² in every step on the digits`()
    throws
  {
    let data = try Digits().training[0..<256]
    let (inputs, labels) = (data.inputs.cast(to: .float64), data.labels)
    let hidden = withRandom(seed: 4) {
      WeightNormalized(Dense(64, 16, activation: .tanh), of: \.weight)
    }
    let output = withRandom(seed: 5) { WeightNormalized(Dense(16, 10), of: \.weight) }
    let model = Sequential {
      hidden
      output
    }
    model.convert(to: .float64)
    let rate = 0.5
    var losses: [Double] = []
    for _ in 0..<60 {
      let (loss, gradients) = valueWithGradient(of: model) {
        softmaxCrossEntropy(logits: model(inputs), labels: labels)
      }
      losses.append(loss.item())
      var expected: [(Parameter, before: Tensor, after: Tensor)] = []
      for direction in [hidden.layer.weight, output.layer.weight] {
        let before = lengths(direction.value)
        let c = rate * lengths(gradients[direction]!) / before
        expected.append((direction, before, before * sqrt(1 + c * c)))
      }
      for parameter in model.parameters {
        parameter.value = parameter.value - rate * gradients[parameter]!
      }
      for (direction, before, after) in expected {
        let found = lengths(direction.value)
        try expectClose(found, after, relative: 1e-12)
        #expect((found .>= before * (1 - 1e-15)).all())
      }
    }
    #expect(losses.last! < 0.5 * losses[0], "a run that learns: \(losses[0]) to \(losses.last!)")
  }

  /// ‖u‖ of each row.
  func lengths(_ u: Tensor) -> Tensor { sqrt(square(u).sum(along: 1)) }
}
