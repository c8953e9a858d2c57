import Core
import Foundation

/// What an exponential moving average is made of after t steps.
///
///     vₜ = β vₜ₋₁ + (1 − β) gₜ = βᵗ v₀ + Σᵢ wᵢ gᵢ,    wᵢ = βᵗ⁻ⁱ (1 − β)
///     Σᵢ wᵢ = 1 − βᵗ
///
/// For gradients of one distribution E[vₜ] = βᵗ E[v₀] + (1 − βᵗ) E[g], so that
///
///     (vₜ − βᵗ v₀) / (1 − βᵗ)
///
/// estimates E[g] without bias. With v₀ = 0 this is the correction of ``Adam`` and
/// ``MovingAverage``. If the gradients are independent too, its variance is that of one gradient
/// times Σ wᵢ² / (Σ wᵢ)².
///
/// Source: course document 003, questions 2.2–2.3.
public struct UnrolledAverage: Sendable {
  /// β
  public let beta: Double
  /// t
  public let steps: Int

  /// - Parameters:
  ///   - beta: Within 0..<1.
  ///   - steps: At least 1.
  public init(beta: Double, steps: Int) {
    requireAverage(beta, named: "beta", in: "UnrolledAverage")
    require(steps > 0, "UnrolledAverage: needs at least one step, not \(steps)")
    self.beta = beta
    self.steps = steps
  }

  /// w₁ … wₜ, oldest first, in float64.
  public var weights: Tensor {
    Tensor((1...steps).map { pow(beta, Double(steps - $0)) * (1 - beta) }, dtype: .float64)
  }

  /// βᵗ, the weight of v₀.
  public var startWeight: Double { pow(beta, Double(steps)) }

  /// 1 − βᵗ, the factor by which the average falls short of E[g] when v₀ = 0; without the
  /// cancellation for β near 1.
  public var totalWeight: Double { beta == 0 ? 1 : -expm1(Double(steps) * log(beta)) }

  /// vₜ from v₀ and the gradients in order, [t, …].
  public func average(of gradients: Tensor, start: Tensor? = nil) -> Tensor {
    require(
      gradients.rank > 0 && gradients.shape[0] == steps,
      "UnrolledAverage: \(steps) steps need as many gradients, got shape \(gradients.shape)")
    let rows = gradients.reshaped([steps, gradients.count / steps])
    let sum = matmul(weights.cast(to: rows.dtype), rows)
      .reshaped(Shape(gradients.shape.dropFirst()))
    return start.map { startWeight * $0 + sum } ?? sum
  }

  /// The estimate of E[g] from vₜ without bias.
  ///
  /// - Parameter start: v₀; zeros unless told otherwise.
  public func unbiased(_ average: Tensor, start: Tensor? = nil) -> Tensor {
    (start.map { average - startWeight * $0 } ?? average) / totalWeight
  }

  /// The variance of the unbiased estimate, as a multiple of that of one gradient, for independent
  /// gradients: (1 − β)(1 + βᵗ) / ((1 + β)(1 − βᵗ)).
  public var varianceRatio: Double {
    (1 - beta) * (1 + startWeight) / ((1 + beta) * totalWeight)
  }
}
