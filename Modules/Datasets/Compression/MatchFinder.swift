/// Finds repetitions for the deflate encoder (LZ77 with hash chains and lazy matching).
///
/// Positions whose next three bytes have the same hash are chained from the latest back to 32 KB
/// ago. Each match is compared with the one a byte later, and gives way to it if that is longer.
struct MatchFinder {
  /// A literal byte, or a match: its length above bit 16 and its distance below.
  typealias Token = UInt32

  private static let hashBits = 15
  private static let mask = DeflateAlphabet.windowSize - 1
  /// Longer chains pack better and slower.
  private static let longestChain = 96
  /// A match of this length is taken without looking on.
  private static let goodEnough = 130

  private let bytes: UnsafeBufferPointer<UInt8>
  private let chains = HashChains(heads: 1 << hashBits, links: DeflateAlphabet.windowSize)
  /// The first position that is in no token yet.
  private(set) var position = 0
  private var inserted = 0
  private var pending: (length: Int, distance: Int)?

  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  var isAtEnd: Bool { position == bytes.count }

  static func length(_ token: Token) -> Int { Int(token >> 16) }
  static func low(_ token: Token) -> Int { Int(token & 0xFFFF) }

  /// The next token.
  mutating func next() -> Token {
    let match = pending ?? longest(at: position, over: DeflateAlphabet.shortestMatch - 1)
    pending = nil
    if match.length >= DeflateAlphabet.shortestMatch {
      if match.length < Self.goodEnough, position + 1 < bytes.count {
        let later = longest(at: position + 1, over: match.length)
        if later.length > match.length {
          pending = later
          return literal()
        }
      }
      position += match.length
      return UInt32(match.length) << 16 | UInt32(match.distance)
    }
    return literal()
  }

  private mutating func literal() -> Token {
    defer { position += 1 }
    return UInt32(bytes[position])
  }

  /// The longest match at `start` that is longer than `minimum`; length 0 if there is none.
  private mutating func longest(at start: Int, over minimum: Int) -> (length: Int, distance: Int) {
    let room = min(bytes.count - start, DeflateAlphabet.longestMatch)
    guard room >= DeflateAlphabet.shortestMatch, room > minimum else { return (0, 0) }
    while inserted < start {
      insert(inserted)
      inserted += 1
    }
    var best = (length: minimum, distance: 0)
    var candidate = Int(chains.heads[hash(start)])
    var tries = Self.longestChain
    while candidate >= 0, start - candidate <= DeflateAlphabet.windowSize, tries > 0 {
      // A better match has to agree at the place where the best one so far ends.
      if bytes[candidate + best.length] == bytes[start + best.length] {
        let length = commonLength(candidate, start, room)
        if length > best.length {
          best = (length, start - candidate)
          if length == room { break }
        }
      }
      let older = Int(chains.previous[candidate & Self.mask])
      if older >= candidate { break }
      candidate = older
      tries -= 1
    }
    return best.distance > 0 ? best : (0, 0)
  }

  private func commonLength(_ a: Int, _ b: Int, _ room: Int) -> Int {
    guard let start = UnsafeRawPointer(bytes.baseAddress) else { return 0 }
    var length = 0
    while length + 8 <= room {
      let difference =
        (start + a + length).loadUnaligned(as: UInt64.self)
        ^ (start + b + length).loadUnaligned(as: UInt64.self)
      if difference != 0 {
        return length + UInt64(littleEndian: difference).trailingZeroBitCount / 8
      }
      length += 8
    }
    while length < room, bytes[a + length] == bytes[b + length] { length += 1 }
    return length
  }

  private mutating func insert(_ start: Int) {
    guard start + 2 < bytes.count else { return }
    let hash = hash(start)
    chains.previous[start & Self.mask] = chains.heads[hash]
    chains.heads[hash] = Int32(truncatingIfNeeded: start)
  }

  private func hash(_ start: Int) -> Int {
    let word =
      UInt32(bytes[start]) | UInt32(bytes[start + 1]) << 8 | UInt32(bytes[start + 2]) << 16
    return Int((word &* 0x9E37_79B1) >> (32 - UInt32(Self.hashBits)))
  }
}

/// For each hash the latest position that has it, and for each position the one before it with the
/// same hash; −1 where there is none.
private final class HashChains {
  let heads: UnsafeMutablePointer<Int32>
  let previous: UnsafeMutablePointer<Int32>

  init(heads count: Int, links: Int) {
    heads = .allocate(capacity: count)
    heads.initialize(repeating: -1, count: count)
    previous = .allocate(capacity: links)
    previous.initialize(repeating: -1, count: links)
  }

  deinit {
    heads.deallocate()
    previous.deallocate()
  }
}
