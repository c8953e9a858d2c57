import Kernels
import Testing

extension KernelTests {
  /// Rows of tables and steps of word vectors: at every level, on any threads.
  @Suite(.serialized) struct EmbeddingTests {
    @Test(arguments: [(0, 3), (1, 1), (40, 7), (500, 130), (5000, 3)])
    func `sums of repeated rows come in order`(count: Int, inner: Int) {
      var numbers = Numbers(state: 3)
      let index = (0..<count).map { _ in Int64.random(in: 0..<60, using: &numbers) * 1_000_003 }
      let skipped: Int64 = 5 * 1_000_003
      let a: [Float] = numbers.values(count * inner)
      let sums = onAnyThreads {
        var (rows, group) = (
          [Int64](repeating: 0, count: count), [Int64](repeating: 0, count: count)
        )
        let groups = apus_group_rows(count, index, skipped, &rows, &group)
        var out = [Float](repeating: .nan, count: groups * inner)
        apus_sum_rows(.float32, count, inner, a, group, &out)
        // Put into a table of zeros.
        var table = [Float](repeating: 0, count: 60 * inner)
        let places = rows[..<groups].map { $0 / 1_000_003 }
        apus_put_rows(groups, inner * 4, out, places, &table)
        return table
      }
      var expected = [Float](repeating: 0, count: 60 * inner)
      for j in 0..<count where index[j] != skipped {
        for i in 0..<inner { expected[Int(index[j] / 1_000_003) * inner + i] += a[j * inner + i] }
      }
      #expect(sums == expected)
    }

    /// A training of 30 words of text over and over; returns both tables.
    private func trained(bagOfWords: Bool, width: Int, lockFree: Bool = false) -> [Float] {
      let vocabulary = 40
      var numbers = Numbers(state: 7)
      let words = (0..<3000).map { _ in
        Int32(
          Double.random(in: 0...1, using: &numbers) * Double.random(in: 0...1, using: &numbers) * 39
        )
      }
      let ends = stride(from: 30, through: 3000, by: 30).map { Int64($0) }
      let thresholds = [UInt32](repeating: .max, count: vocabulary)
      let aliases = (0..<vocabulary).map { Int32($0) }
      let parts = (0..<vocabulary).map { UInt8($0 % 8) }
      // The kernels take aligned memory as vectors of any alignment, so arrays will do.
      var input: [Float] = numbers.values(vocabulary * width)
      var output = [Float](repeating: 0, count: vocabulary * width)
      thresholds.withUnsafeBufferPointer { thresholds in
        aliases.withUnsafeBufferPointer { aliases in
          parts.withUnsafeBufferPointer { parts in
            input.withUnsafeMutableBufferPointer { input in
              output.withUnsafeMutableBufferPointer { output in
                var table = apus_alias_table(
                  count: vocabulary, threshold: thresholds.baseAddress, alias: aliases.baseAddress)
                withUnsafePointer(to: &table) { noise in
                  var job = apus_word_training()
                  (job.input, job.output) = (input.baseAddress, output.baseAddress)
                  job.width = width
                  job.bag_of_words = bagOfWords
                  (job.window, job.dynamic_window, job.negatives) = (4, true, 5)
                  job.chunk_size = 200
                  job.noise = noise
                  job.parts = 8
                  (job.input_parts, job.output_parts) = (parts.baseAddress, parts.baseAddress)
                  job.lock_free = lockFree
                  job.generator = apus_random(key: 5, stream: 1)
                  job.rate = 0.05
                  let result = apus_train_words(&job, ends.count, ends, words)
                  #expect(result.pairs > 10_000 && result.loss / Double(result.targets) < 1)
                }
              }
            }
          }
        }
      }
      return input + output
    }

    @Test(arguments: levels, [false, true])
    func `word vectors do not depend on the threads`(level: Level, bagOfWords: Bool) {
      let reference = at(.portable) { trained(bagOfWords: bagOfWords, width: 48) }
      let found = at(level) { onAnyThreads { trained(bagOfWords: bagOfWords, width: 48) } }
      // Levels differ by rounding, which some thousand steps magnify.
      let worst = zip(found, reference).map { abs($0 - $1) }.max()!
      #expect(worst < 1e-3)
      #expect(found.map { abs($0) }.max()! > 0.5)
    }

    @Test func `without locks every step still counts`() {
      let found = trained(bagOfWords: false, width: 16, lockFree: true)
      #expect(found.allSatisfy { $0.isFinite && abs($0) < 20 })
      #expect(found[(40 * 16)...].contains { abs($0) > 0.1 })
    }
  }
}
