import Core

/// What conjugate gradients make of H x = b when only products with H are known.
struct LinearConjugateGradient {
  /// Where the method ended.
  private(set) var solution: Tensor
  /// A direction with pᵀHp ≤ 0, if one turned up; the solution is then the iterate before it.
  private(set) var negativeCurvature: Tensor?
  private(set) var iterations = 0

  /// - Parameters:
  ///   - product: v ↦ H v, H symmetric.
  ///   - tolerance: Relative to ‖b‖, for the residual.
  init(
    _ product: (Tensor) -> Tensor, _ b: Tensor, tolerance: Double, maximumIterations: Int
  ) {
    solution = .zeros(like: b)
    var (residual, direction) = (b, b)
    var square = dot(b, b).item()
    let goal = tolerance * tolerance * square
    let flat = unitRoundoff(of: b.dtype)
    var greatest = 0.0
    while iterations < maximumIterations, square > goal, square.isFinite {
      let image = product(direction)
      let length = dot(direction, direction).item()
      let curvature = dot(direction, image).item()
      greatest = max(greatest, abs(curvature) / length)
      guard curvature > flat * greatest * length else {
        negativeCurvature = direction
        return
      }
      let step = square / curvature
      solution += step * direction
      residual -= step * image
      let next = dot(residual, residual).item()
      direction = residual + (next / square) * direction
      square = next
      iterations += 1
    }
  }
}
