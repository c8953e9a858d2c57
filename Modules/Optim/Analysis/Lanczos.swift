import Core

/// Eigenvalues of a symmetric matrix that is only known by its products with vectors.
///
///     H Q = Q T + β q eᵀ,    QᵀQ = I,  T tridiagonal
///     T s = θ s              →   ‖H (Q s) − θ (Q s)‖ = β |s_k|
///
/// Lanczos's recursion makes T in k products, k well below n. Its eigenvalues θ, the Ritz values, come
/// close to those of H at both ends of the spectrum first. For each, β |s_k| bounds the distance to
/// the next eigenvalue of H. Rounding would make the columns of Q forget the first ones and find
/// eigenvalues twice; each new one is therefore made orthogonal to all before, twice.
///
/// A start that lies in an invariant space ends the recursion early (β = 0); it then goes on with a
/// fresh random direction orthogonal to it, so that eigenvalues of any multiplicity are found.
///
/// The recursion runs in the type of the products: rounding makes the values uncertain by about a
/// unit roundoff of that type times the norm of H.
///
/// Source: [Lanczos 1950]; [Parlett 1998, chapter 13].
struct Lanczos {
  /// Ritz values, ascending.
  private(set) var values: [Double] = []
  /// Beside the values, β |s_k|.
  private(set) var bounds: [Double] = []
  private(set) var products = 0

  private var columns: [Tensor] = []
  private var diagonal: [Double] = []
  private var beside: [Double] = []
  /// The eigenvectors of T, [k, k].
  private var small = Tensor.zeros([0, 0], dtype: .float64)

  /// - Parameters:
  ///   - size: n
  ///   - limit: The most products.
  ///   - isDone: Looks at the values and bounds, and says whether they will do.
  init(
    _ product: (Tensor) -> Tensor, size: Int, dtype: DType, limit: Int,
    using generator: inout RandomGenerator, until isDone: (Lanczos) -> Bool
  ) {
    let limit = min(limit, size)
    guard limit > 0 else { return }
    var next = Tensor.randomNormal([size], dtype: dtype, using: &generator)
    next = next / next.norm()
    var greatest = 0.0
    while true {
      columns.append(next)
      var image = product(next)
      products += 1
      diagonal.append(dot(next, image).item())
      let basis = stacked(columns)
      image = orthogonalized(image, to: basis)
      var remainder = image.norm().item()
      greatest = max(greatest, abs(diagonal[diagonal.count - 1]) + remainder)
      guard greatest.isFinite else {
        (values, bounds) = ([.nan], [.infinity])
        return
      }
      if remainder <= 10 * unitRoundoff(of: dtype) * greatest { remainder = 0 }
      solve(remainder)
      if columns.count == limit || isDone(self) { return }
      if remainder == 0 {
        image = orthogonalized(.randomNormal([size], dtype: dtype, using: &generator), to: basis)
        next = image / image.norm()
      } else {
        next = image / remainder
      }
      beside.append(remainder)
    }
  }

  /// The part of a vector orthogonal to the rows of a matrix; twice is enough.
  private func orthogonalized(_ vector: Tensor, to basis: Tensor) -> Tensor {
    (0..<2).reduce(vector) { vector, _ in vector - matmul(matmul(basis, vector), basis) }
  }

  private mutating func solve(_ remainder: Double) {
    var matrix = diagonalMatrix(Tensor(diagonal, dtype: .float64))
    if !beside.isEmpty {
      let edge = Tensor(beside, dtype: .float64)
      matrix = matrix + diagonalMatrix(edge, offset: 1) + diagonalMatrix(edge, offset: -1)
    }
    let (eigenvalues, vectors) = symmetricEigen(matrix)
    values = eigenvalues.scalars(as: Double.self)
    bounds = vectors[diagonal.count - 1].scalars(as: Double.self).map { abs($0) * remainder }
    small = vectors
  }

  /// The Ritz vector of a value: Q s, [n].
  func vector(_ index: Int) -> Tensor {
    let basis = stacked(columns)
    return matmul(small.transposed()[index].cast(to: basis.dtype), basis)
  }
}
