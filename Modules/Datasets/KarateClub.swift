import Foundation

/// A karate club of 34 members and their 78 friendships, bundled with the package.
///
/// ```swift
/// let club = try KarateClub()
/// print(club.friendships[0], club.sides[33])          // (first: 0, second: 1) officers
/// ```
///
/// After a quarrel between the instructor (member 0) and the club's president (member 33) the club
/// broke in two; ``sides`` says whom each member followed. Members are numbered from 0.
///
/// Source: [Zachary 1977], An information flow model for conflict and fission in small groups,
/// Journal of Anthropological Research 33 (4): https://www.jstor.org/stable/3629752
public struct KarateClub: Sendable {
  /// Whom a member followed.
  public enum Side: String, Sendable, CaseIterable {
    /// Whom a member followed when the club split.
    case instructor, officers
  }

  /// The number of members.
  public static let memberCount = 34

  /// Who is a friend of whom: each friendship once, the smaller number first.
  public let friendships: [(first: Int, second: Int)]
  /// Whom each member followed.
  public let sides: [Side]

  /// Loads the bundled club.
  ///
  /// - Throws: ``DataError`` when the bundled file was damaged.
  public init() throws(DataError) {
    guard let path = Bundle.module.path(forResource: "karate-club", ofType: "txt") else {
      throw DataError(
        .unreadable, file: "karate-club.txt", at: .file,
        expected: "a resource of the module Datasets", found: "none in \(Bundle.module.bundlePath)")
    }
    try self.init(contentsOf: path)
  }

  /// Reads a line for each member: the number from 1, the side, and the friends with greater
  /// numbers.
  init(contentsOf path: String) throws(DataError) {
    let lines = try TextCorpus(path, skippingEmptyLines: true).lines
    guard lines.count == Self.memberCount else {
      throw DataError(
        .truncated, file: path, at: .file, expected: "\(Self.memberCount) members",
        found: "\(lines.count)")
    }
    var friendships: [(first: Int, second: Int)] = []
    var sides: [Side] = []
    for (member, line) in lines.enumerated() {
      let fields = line.split(separator: " ").map(String.init)
      func wrong(_ kind: DataError.Kind, _ column: Int, _ expected: String) -> DataError {
        DataError(
          kind, file: path, at: .line(member + 1, column: column + 1), expected: expected,
          found: column < fields.count ? "\"\(fields[column])\"" : "nothing")
      }
      guard fields.first == "\(member + 1)" else { throw wrong(.malformed, 0, "\(member + 1)") }
      guard fields.count > 1, let side = Side(rawValue: fields[1]) else {
        throw wrong(.badLabel, 1, "instructor or officers")
      }
      sides.append(side)
      for (column, field) in fields.enumerated().dropFirst(2) {
        guard let friend = Int(field), friend > member + 1, friend <= Self.memberCount else {
          throw wrong(
            .outOfRange, column, "a member from \(member + 2) to \(Self.memberCount)")
        }
        friendships.append((member, friend - 1))
      }
    }
    self.friendships = friendships
    self.sides = sides
  }
}
