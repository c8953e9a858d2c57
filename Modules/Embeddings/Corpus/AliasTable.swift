import Core
import Foundation
package import Kernels

/// A discrete distribution to draw from in constant time, whatever its size.
///
/// ```swift
/// let noise = AliasTable(counts: vocabulary.counts, exponent: 0.75)
/// let negatives = noise.draws(5, using: &generator)
/// ```
///
/// Outcome i has probability weightᵢ / Σ weight, to within 2⁻³² / count. A draw picks one of `count`
/// equal cells, and in it either the cell's own outcome or one other, its alias.
///
/// Source: [Walker 1977]; built in linear time as in [Vose 1991].
public struct AliasTable: Sendable {
  private let thresholds: [UInt32]
  private let aliases: [Int32]

  /// - Parameter weights: What the probabilities are proportional to: at least one, each finite and
  ///   not negative, their sum positive. Others trap.
  public init(weights: [Double]) {
    let sum = weights.reduce(0, +)
    require(
      !weights.isEmpty && weights.count <= Int(Int32.max) && weights.allSatisfy { $0 >= 0 }
        && sum > 0 && sum.isFinite,
      "AliasTable: \(weights.count) weights of sum \(sum); they must be finite and not negative")
    let count = weights.count
    var shares = weights.map { $0 / sum * Double(count) }
    var aliases = (0..<count).map { Int32($0) }
    var poor: [Int] = []
    var rich: [Int] = []
    for index in shares.indices.reversed() {
      if shares[index] < 1 { poor.append(index) } else { rich.append(index) }
    }
    while let giver = rich.last, let taker = poor.popLast() {
      aliases[taker] = Int32(giver)
      shares[giver] -= 1 - shares[taker]
      if shares[giver] < 1 {
        rich.removeLast()
        poor.append(giver)
      }
    }
    // What is left has a share of 1 but for rounding; then the alias is the outcome itself.
    thresholds = shares.map { UInt32(min(max($0, 0) * 0x1p32, 0x1p32 - 1)) }
    self.aliases = aliases
  }

  /// The distribution of negative examples: word i has probability proportional to countᵢ^exponent.
  ///
  /// - Parameter exponent: 0.75 unless told otherwise, between evenness (0) and frequency (1).
  ///
  /// Source: [Mikolov et al. 2013].
  public init(counts: [Int], exponent: Double = 0.75) {
    self.init(weights: counts.map { $0 == 0 ? 0 : pow(Double($0), exponent) })
  }

  /// The number of outcomes.
  public var count: Int { thresholds.count }

  /// The probability of each outcome, exactly as draws have it.
  public var probabilities: [Double] {
    var mass = [Double](repeating: 0, count: count)
    for (cell, threshold) in thresholds.enumerated() {
      let own = Double(threshold) * 0x1p-32
      mass[cell] += own
      mass[Int(aliases[cell])] += 1 - own
    }
    return mass.map { $0 / Double(count) }
  }

  /// Independent draws.
  public func draws(_ count: Int, using generator: inout RandomGenerator) -> [Int32] {
    require(count >= 0, "AliasTable: \(count) draws")
    return [Int32](unsafeUninitializedCapacity: count) { buffer, initialized in
      withKernel { table in
        generator.draw { stream, position in
          apus_alias_sample(table, stream, position, count, buffer.baseAddress)
          return UInt64(count + 1) / 2
        }
      }
      initialized = count
    }
  }

  /// The table as kernels take it, for the time of a call.
  package func withKernel<Result>(
    _ body: (UnsafePointer<apus_alias_table>) throws -> Result
  ) rethrows -> Result {
    try thresholds.withUnsafeBufferPointer { thresholds in
      try aliases.withUnsafeBufferPointer { aliases in
        var table = apus_alias_table(
          count: thresholds.count, threshold: thresholds.baseAddress, alias: aliases.baseAddress)
        return try withUnsafePointer(to: &table, body)
      }
    }
  }
}
