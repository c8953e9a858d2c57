import Core
import Foundation
import Testing

@testable import Datasets

@Suite struct DigitsTests {
  @Test func `the bundled digits are whole`() throws {
    let all = try Digits.all()
    #expect(all.inputs.shape == [1797, 64])
    #expect(all.labels.shape == [1797])
    #expect((all.inputs.dtype, all.labels.dtype) == (.float32, .int64))
    #expect((all.inputs.minimum().item(), all.inputs.maximum().item()) == (0, 1))
    // The sum of all pixels and the number of each digit, counted from the file with awk.
    #expect((all.inputs.cast(to: .float64).sum() * 16).item() == 561_718)
    let labels = all.labels.scalars(as: Int.self)
    let counts = (0..<10).map { digit in labels.count { $0 == digit } }
    #expect(counts == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180])
  }

  @Test func `the split is 1,437 to 360, fixed by its seed`() throws {
    let (first, again, other) = (try Digits(), try Digits(seed: 7), try Digits(seed: 2))
    #expect((first.training.count, first.test.count) == (1437, 360))
    #expect(first.test.inputs == again.test.inputs)
    #expect(first.test.inputs != other.test.inputs)
    let sum = first.training.inputs.sum().item() + first.test.inputs.sum().item()
    #expect(abs(sum - 561_718 / 16) < 0.5)
  }

  @Test(arguments: [
    ("17", "0", "line 2, column 1: expected a number from 0.0 to 16.0, found \"17\""),
    ("-1", "0", "line 2, column 1: expected a number from 0.0 to 16.0, found \"-1\""),
    ("0", "10", "line 2, column 65: expected a class from 0 to 9, found \"10\""),
    ("0,0", "1", "line 2: expected 65 fields, found 66"),
  ])
  func `a damaged file of digits is refused`(pixel: String, label: String, message: String) throws {
    let zeros = String(repeating: ",0", count: 63)
    let path = NSTemporaryDirectory() + "digits-\(UUID().uuidString).csv"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let text = "0\(zeros),5\n\(pixel)\(zeros),\(label)\n"
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    let error = #expect(throws: DataError.self) { try Digits.load(path) }
    #expect(error.map { "\($0)" } == "\(path), \(message)")
  }

  @Test func `a file of other pictures is refused`() throws {
    let path = NSTemporaryDirectory() + "digits-\(UUID().uuidString).csv"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try "1,2,3\n".write(toFile: path, atomically: true, encoding: .utf8)
    let error = #expect(throws: DataError.self) { try Digits.load(path) }
    #expect(error.map { "\($0)" } == "\(path), line 1: expected 65 fields, found 3")
  }
}
