import Core

extension LayerSuite {
  /// Overwrites all state, puts it back and compares the output.
  func stateRoundTrips() throws {
    let law = "the parameters are the whole state"
    let expected = output(x, .inference)
    let saved = layer.parameters.map { ($0, stopGradient($0.value)) }
    for (parameter, value) in saved {
      parameter.value = value.dtype.isFloating ? 0.5 * value + 0.25 : value
    }
    _ = inMode(.inference) { withRandom(seed: seed) { layer(x) } }
    for (parameter, value) in saved { parameter.value = value }
    let restored = inMode(.inference) { withRandom(seed: seed) { layer(x) } }
    try expect(
      identical(restored, expected), law,
      "the output is another one after all parameters were changed and put back")
  }
}
