/// SplitMix64: quick, and any state is a good one, so that each input has a seed of its own.
///
/// [Steele 2014]: https://doi.org/10.1145/2660193.2660195
struct Generator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64, _ index: Int) {
    state = seed &+ UInt64(index) &* 0x9e37_79b9_7f4a_7c15
    state = next()
  }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
    return z ^ z >> 31
  }

  /// A number below `bound`; the slight bias does not matter here.
  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(max(bound, 1))) }

  mutating func pick<Element>(_ choices: [Element]) -> Element { choices[below(choices.count)] }
}
