import Core
import Datasets
import Testing

/// `count` examples whose inputs and labels tell where they come from: the input of example i is
/// [i, −i] and its label i mod 3.
private func numbered(_ count: Int) -> Dataset {
  Dataset(
    inputs: Tensor(scalars: (0..<count).flatMap { [Float($0), -Float($0)] }, shape: [count, 2]),
    labels: Tensor(scalars: (0..<count).map { Int64($0 % 3) }, shape: [count]))
}

/// Where the examples of a dataset come from; checks that inputs and labels stay together.
private func origins(_ dataset: Dataset) -> [Int] {
  let inputs = dataset.inputs.scalars(as: Float.self)
  let labels = dataset.labels.scalars(as: Int.self)
  return (0..<dataset.count).map { row in
    #expect(inputs[2 * row + 1] == -inputs[2 * row])
    #expect(labels[row] == Int(inputs[2 * row]) % 3)
    return Int(inputs[2 * row])
  }
}

@Suite struct DatasetTests {
  @Test(arguments: [0, 1, 2, 10, 101])
  func `shuffling permutes, and the seed fixes how`(count: Int) {
    var first = RandomGenerator(seed: 3)
    var second = RandomGenerator(seed: 3)
    let shuffled = origins(numbered(count).shuffled(using: &first))
    #expect(shuffled.sorted() == Array(0..<count))
    #expect(shuffled == origins(numbered(count).shuffled(using: &second)))
    if count > 10 {
      #expect(shuffled != Array(0..<count))
      #expect(shuffled != origins(numbered(count).shuffled(using: &first)))
    }
  }

  @Test(arguments: [0, 1, 5, 10, 100, 101], [0, 0.29, 0.5, 0.7, 0.8, 1])
  func `the parts of a split are disjoint and hold all`(count: Int, fraction: Double) {
    for isStratified in [false, true] {
      var generator = RandomGenerator(seed: 5)
      let (training, test) = numbered(count).split(
        training: fraction, stratified: isStratified, using: &generator)
      #expect((origins(training) + origins(test)).sorted() == Array(0..<count))
      if !isStratified { #expect(training.count == Int(fraction * 100 + 0.5) * count / 100) }
    }
    let (training, test) = numbered(count).split(training: fraction)
    #expect(origins(training) + origins(test) == Array(0..<count))
  }

  @Test func `a stratified split keeps the shares of the classes`() {
    var generator = RandomGenerator(seed: 1)
    let (training, test) = numbered(300).split(
      training: 0.8, stratified: true, using: &generator)
    for label in 0..<3 {
      #expect(training.labels.scalars(as: Int.self).count { $0 == label } == 80)
      #expect(test.labels.scalars(as: Int.self).count { $0 == label } == 20)
    }
  }

  @Test(arguments: [0, 1, 31, 32, 33, 64, 100], [1, 7, 32])
  func `batches cover every example once`(count: Int, size: Int) {
    let dataset = numbered(count)
    var generator = RandomGenerator(seed: 2)
    let ordered = dataset.batches(of: size)
    let shuffled = dataset.batches(of: size, using: &generator)
    #expect(ordered.flatMap(origins) == Array(0..<count))
    #expect(shuffled.flatMap(origins).sorted() == Array(0..<count))
    #expect(ordered.count == (count + size - 1) / size)
    #expect(ordered.dropLast().allSatisfy { $0.count == size })
    let whole = dataset.batches(of: size, dropLast: true)
    #expect(whole.count == count / size)
    #expect(whole.allSatisfy { $0.count == size })
  }

  @Test func `every epoch has an order of its own, which the seed fixes`() {
    func orders(seed: UInt64) -> [[Int]] {
      var generator = RandomGenerator(seed: seed)
      return (0..<3).map { _ in
        numbered(50).batches(of: 8, using: &generator).flatMap(origins)
      }
    }
    #expect(orders(seed: 4) == orders(seed: 4))
    #expect(orders(seed: 4) != orders(seed: 5))
    #expect(Set(orders(seed: 4)).count == 3)
  }

  @Test func `a range is a view and a selection may repeat`() {
    let dataset = numbered(10)
    #expect(origins(dataset[3..<6]) == [3, 4, 5])
    #expect(origins(dataset.selecting([7, 7, 0])) == [7, 7, 0])
    #expect(origins(dataset.selecting([])) == [])
  }

  #if os(Linux) || os(macOS)
    @Test func `inputs and labels that differ in number trap`() async {
      await #expect(processExitsWith: .failure) {
        _ = Dataset(inputs: .zeros([3, 2]), labels: .zeros([2], dtype: .int64))
      }
    }

    @Test func `a batch size of zero traps`() async {
      await #expect(processExitsWith: .failure) {
        let zeros = Tensor.zeros([3, 2])
        _ = Dataset(inputs: zeros, labels: zeros).batches(of: 0)
      }
    }
  #endif
}
