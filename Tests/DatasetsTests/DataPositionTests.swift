import Core
import Datasets
import Testing

@Suite struct DataPositionTests {
  let data = Dataset(
    inputs: Tensor(scalars: (0..<10).map(Float.init), shape: [10, 1]),
    labels: Tensor(scalars: Array(0..<10), shape: [10]))

  /// The labels of all batches from a position on, to the end of the third pass.
  func rest(of position: inout DataPosition, stoppingAfter limit: Int = .max) -> [[Int]] {
    var found: [[Int]] = []
    while position.epoch < 3, found.count < limit {
      for batch in position.rest(of: { data.batches(of: 4, using: &$0) }) {
        found.append(batch.labels.scalars(as: Int.self))
        position.advance()
        if found.count == limit { break }
      }
    }
    return found
  }

  @Test func `the order is that of one generator used for each pass`() {
    var generator = RandomGenerator(seed: 4)
    var position = DataPosition(generator: generator)
    let expected = (0..<3).flatMap { _ in
      data.batches(of: 4, using: &generator).map { $0.labels.scalars(as: Int.self) }
    }
    #expect(rest(of: &position) == expected)
    #expect(position.epoch == 3 && position.batch == 0)
  }

  @Test(arguments: 0...9)
  func `a position that is written down goes on with the next batch`(after count: Int) throws {
    var position = DataPosition(generator: RandomGenerator(seed: 4))
    let first = rest(of: &position, stoppingAfter: max(count, 0))
    let saved = Dictionary(
      uniqueKeysWithValues: position.stateTensors.map { ($0.name, $0.tensor) })
    var other = DataPosition(generator: RandomGenerator(seed: 5))
    try other.restore(saved)
    var whole = DataPosition(generator: RandomGenerator(seed: 4))
    #expect(first.prefix(count) + rest(of: &other) == rest(of: &whole)[...])
  }

  @Test func `augmented batches are the same after a resumption`() throws {
    let images = Dataset(
      inputs: Tensor.ones([6, 1, 3, 3]), labels: Tensor(scalars: Array(0..<6), shape: [6]))
    func batches(_ generator: inout RandomGenerator) -> AugmentedBatches {
      images.batches(of: 2, using: &generator)
        .augmented(by: [RandomNoise(1)], using: &generator)
    }
    var position = DataPosition(generator: RandomGenerator(seed: 1))
    let all = Array(position.rest(of: batches))
    position.advance()
    #expect(position.batch == 1)
    let rest = Array(position.rest(of: batches))
    #expect(rest.map(\.inputs) == all.dropFirst().map(\.inputs))
  }

  @Test func `a pass without batches is over at once`() {
    var position = DataPosition(generator: RandomGenerator(seed: 1))
    #expect(position.rest(of: { data[0..<0].batches(of: 4, using: &$0) }).isEmpty)
    #expect(position.epoch == 1)
  }

  @Test func `other data in the middle of a pass trap`() async {
    await #expect(processExitsWith: .failure) {
      let data = Dataset(inputs: .zeros([10, 1]), labels: .zeros([10]))
      var position = DataPosition(generator: RandomGenerator(seed: 1))
      _ = position.rest(of: { data.batches(of: 4, using: &$0) })
      position.advance()
      _ = position.rest(of: { data.batches(of: 5, using: &$0) })
    }
  }

  @Test func `a stream goes on after the batches that were taken`() throws {
    struct Numbers: DataStream {
      var number = 0
      mutating func next() throws(DataError) -> Int? {
        number += 1
        return number <= 5 ? number : nil
      }
    }
    for count in 0...6 {
      var stream = try Numbers().map { 2 * $0 }.dropFirst(count)
      #expect(try stream.collect() == [2, 4, 6, 8, 10].dropFirst(count).map { $0 })
    }
  }
}
