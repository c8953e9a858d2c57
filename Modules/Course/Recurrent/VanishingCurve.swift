import Core
import Foundation
import Recurrent

/// How the gradient of a state with respect to the first one shrinks or grows with time.
struct VanishingCurve {
  let name: String
  /// ‖∂g_T/∂g_0‖ for T = 1, 2, …: the greatest among the sequences.
  let norms: [Double]
  /// δᵀ, for cells that have the bound.
  let bounds: [Double]?

  init<Cell: RecurrentCell>(_ name: String, _ cell: Cell, on x: Tensor) {
    self.name = name
    // In float32 the squares within a spectral norm would be 0 below 10⁻¹⁹.
    cell.convert(to: .float64)
    norms = cell.stateJacobians(x).norms.maximum(along: 1).scalars(as: Double.self)
    bounds = (cell as? ElmanCell).map { elman in
      (1...x.shape[0]).map { elman.gradientBound(steps: $0) }
    }
  }

  /// The greatest share of the bound that is reached; at most 1, but for rounding.
  var tightness: Double? {
    bounds.map { zip(norms, $0).reduce(0) { max($0, $1.0 / $1.1) } }
  }

  /// The factor of a step on average, ‖∂g_T/∂g_0‖^(1/T) at the last T.
  var pace: Double { pow(norms.last ?? 1, 1 / Double(max(norms.count, 1))) }
}
