import Core
import Foundation
import Testing

@testable import Probabilistic

/// Lines of Tests/References/probabilistic.jsonl, made by PyTorch, SciPy and mpmath.
struct Reference: Decodable, Sendable {
  struct Numbers: Decodable, Sendable {
    let shape: [Int]
    let values: [Double]
    var tensor: Tensor { Tensor(values, dtype: .float64).reshaped(Shape(shape)) }
  }

  // A distribution.
  let kind: String?
  let parameters: [String: Numbers]?
  let value, logDensity, mean, variance, entropy: Numbers?
  // A divergence.
  let first, second: String?
  let p, q: [String: Numbers]?
  let divergence: Numbers?
  // A special function.
  let function: String?
  let arguments: [[Double]]?
  let values: [Double]?

  static let all: [Reference] = {
    let file = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("References/probabilistic.jsonl")
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    guard let text = try? String(contentsOf: file, encoding: .utf8) else { return [] }
    return text.split(separator: "\n").compactMap {
      try? decoder.decode(Reference.self, from: Data($0.utf8))
    }
  }()
}

/// The distribution of a reference's kind, from parameters by their names.
func distribution(_ kind: String, _ numbers: [String: Reference.Numbers]) -> any Distribution {
  func of(_ name: String) -> Tensor { numbers[name]!.tensor }
  switch kind {
  case "normal": return Normal(mean: of("mean"), deviation: of("deviation"))
  case "logNormal": return LogNormal(location: of("location"), scale: of("scale"))
  case "laplace": return Laplace(location: of("location"), scale: of("scale"))
  case "studentT":
    return StudentT(
      degreesOfFreedom: of("degreesOfFreedom"), location: of("location"), scale: of("scale"))
  case "cauchy": return Cauchy(location: of("location"), scale: of("scale"))
  case "uniform": return Uniform(low: of("low"), high: of("high"))
  case "exponential": return Exponential(rate: of("rate"))
  case "gamma": return Gamma(concentration: of("concentration"), rate: of("rate"))
  case "beta": return Beta(alpha: of("alpha"), beta: of("beta"))
  case "dirichlet": return Dirichlet(concentration: of("concentration"))
  case "bernoulli": return Bernoulli(probability: of("probability"))
  case "binomial": return Binomial(trials: of("trials"), probability: of("probability"))
  case "geometric": return Geometric(probability: of("probability"))
  case "poisson": return Poisson(rate: of("rate"))
  case "categorical": return Categorical(logits: of("logits"))
  case "multinomial":
    return Multinomial(
      trials: Int(of("trials").item()), draw: Categorical(logits: of("logits")))
  case "full":
    return MultivariateNormal(mean: of("mean"), choleskyFactor: of("choleskyFactor"))
  case "diagonal": return MultivariateNormal(mean: of("mean"), deviations: of("deviations"))
  case "lowRank":
    return MultivariateNormal(mean: of("mean"), factor: of("factor"), diagonal: of("diagonal"))
  default:
    return Mixture(
      weights: Categorical(logits: of("logits")),
      components: Normal(mean: of("mean"), deviation: of("deviation")))
  }
}

/// Equal, NaN and infinities in the same places.
func expectEqual(
  _ actual: Tensor, _ expected: Tensor, _ tolerance: Double, _ context: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(actual.shape == expected.shape, "\(context)", sourceLocation: sourceLocation)
  let pairs = zip(actual.scalars(as: Double.self), expected.scalars(as: Double.self))
  let worst =
    pairs.map { a, b in
      if a == b || a.isNaN && b.isNaN { return 0 }
      let error = abs(a - b) / max(1, abs(b))
      return error.isNaN ? .infinity : error
    }.max() ?? 0
  #expect(
    worst <= tolerance, "\(context): \(actual) instead of \(expected)",
    sourceLocation: sourceLocation)
}
