import Foundation
import Testing

@testable import Datasets

@Suite struct KarateClubTests {
  @Test func `the club is whole`() throws {
    let club = try KarateClub()
    #expect(club.friendships.count == 78 && club.sides.count == 34)
    var degrees = [Int](repeating: 0, count: 34)
    for (first, second) in club.friendships {
      #expect(first < second)
      degrees[first] += 1
      degrees[second] += 1
    }
    // Zachary's figure 1: the instructor has 16 friends, the president 17, member 12 only one.
    #expect((degrees[0], degrees[33], degrees[32], degrees[11]) == (16, 17, 12, 1))
    #expect(club.sides.count { $0 == .instructor } == 17)
    #expect(club.sides[0] == .instructor && club.sides[33] == .officers)
  }

  @Test(arguments: [
    ("1 nobody 2", "line 1, column 2: expected instructor or officers, found \"nobody\""),
    ("1 officers 99", "line 1, column 3: expected a member from 2 to 34, found \"99\""),
    ("2 officers", "line 1, column 1: expected 1, found \"2\""),
  ])
  func `a damaged file is refused`(line: String, message: String) throws {
    let path = NSTemporaryDirectory() + "club-\(UUID().uuidString).txt"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let rest = (2...34).map { "\($0) officers\n" }.joined()
    try (line + "\n" + rest).write(toFile: path, atomically: true, encoding: .utf8)
    let error = #expect(throws: DataError.self) { try KarateClub(contentsOf: path) }
    #expect(error.map { "\($0)" } == "\(path), \(message)")
  }
}
