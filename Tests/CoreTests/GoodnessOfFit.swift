import Core
import Foundation
import Testing

// Tests of samples against a distribution. Seeds are fixed, so a test that passes once passes
// always; the significance says how surprising a right generator's failure would have been.

/// Fails where the greatest distance between the empirical and the given distribution function is
/// one that a right sample exceeds with probability `significance` at most.
///
/// Massart 1990: P(√n D > λ) ≤ 2 e^(−2λ²), for any continuous distribution and any n.
func expectDistribution(
  _ sample: Tensor, significance: Double = 1e-3, _ context: String = "",
  sourceLocation: SourceLocation = #_sourceLocation, _ distribution: (Double) -> Double
) {
  let sorted = sample.scalars(as: Double.self).sorted()
  let count = Double(sorted.count)
  var distance = 0.0
  for (index, value) in sorted.enumerated() {
    let f = distribution(value)
    distance = max(distance, f - Double(index) / count, Double(index + 1) / count - f)
  }
  let critical = (log(2 / significance) / (2 * count)).squareRoot()
  #expect(
    distance < critical, "\(context): Kolmogorov–Smirnov distance of \(sorted.count) numbers",
    sourceLocation: sourceLocation)
}

/// Fails where counts are further from those expected than a right sample's are with probability
/// `significance`, by Pearson's χ²; classes of probability 0 must be empty.
func expectFrequencies(
  _ labels: Tensor, _ probabilities: [Double], significance: Double = 1e-3,
  _ context: String = "", sourceLocation: SourceLocation = #_sourceLocation
) {
  var counts = [Double](repeating: 0, count: probabilities.count)
  for label in labels.scalars(as: Int.self) { counts[label] += 1 }
  let total = Double(labels.count)
  var statistic = 0.0
  var freedom = -1.0
  for (count, probability) in zip(counts, probabilities) {
    if probability == 0 {
      #expect(count == 0, "\(context): an impossible class", sourceLocation: sourceLocation)
      continue
    }
    let expected = total * probability
    statistic += (count - expected) * (count - expected) / expected
    freedom += 1
  }
  if freedom == 0 { return }
  // Wilson and Hilferty 1931: the cube root of χ²/k is nearly normal.
  let spread = 2 / (9 * freedom)
  let score = (cbrt(statistic / freedom) - (1 - spread)) / spread.squareRoot()
  let tail = 0.5 * erfc(score / 2.0.squareRoot())
  #expect(
    tail > significance, "\(context): χ² = \(statistic) with \(freedom) degrees of freedom",
    sourceLocation: sourceLocation)
}

/// Fails where the mean or the variance of a sample is more than five standard errors off.
func expectMoments(
  _ sample: Tensor, mean: Double, variance: Double, kurtosis: Double = 3, _ context: String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let x = sample.cast(to: .float64)
  let count = Double(x.count)
  let (found, spread) = (x.mean().item(), x.variance().item())
  #expect(
    Swift.abs(found - mean) < 5 * (variance / count).squareRoot(),
    "\(context): mean", sourceLocation: sourceLocation)
  #expect(
    Swift.abs(spread - variance) < 5 * variance * ((kurtosis - 1) / count).squareRoot(),
    "\(context): variance", sourceLocation: sourceLocation)
}

/// The distribution function of the standard normal distribution.
func normalDistribution(_ x: Double) -> Double { 0.5 * erfc(-x / 2.0.squareRoot()) }

/// The distribution function of the gamma distribution of scale 1: the series of the lower
/// incomplete gamma function, or Lentz's continued fraction of the upper one.
func gammaDistribution(_ a: Double, _ x: Double) -> Double {
  if x <= 0 { return 0 }
  let front = exp(a * log(x) - x - lgamma(a))
  if x < a + 1 {
    var (term, sum) = (1 / a, 1 / a)
    var n = a
    while term > sum * 1e-16 {
      n += 1
      term *= x / n
      sum += term
    }
    return front * sum
  }
  var b = x + 1 - a
  var c = 1e300
  var d = 1 / b
  var h = d
  for i in 1..<10_000 {
    let k = -Double(i) * (Double(i) - a)
    b += 2
    d = 1 / (k * d + b)
    c = b + k / c
    h *= d * c
    if Swift.abs(d * c - 1) < 1e-15 { break }
  }
  return 1 - front * h
}
