import Core

/// The gradient of a scalar function by central differences, one element at a time.
///
/// ```
/// D(h) = (f(x + h eᵢ) − f(x − h eᵢ)) / 2h
/// ∂f/∂xᵢ = (4 D(h/2) − D(h)) / 3 + O(h⁴)
/// ```
///
/// In float64 the truncation and the rounding are then both below 10⁻¹¹ for functions of size 1.
func finiteDifferences(at x: Tensor, step: Double = 1e-3, _ function: (Tensor) -> Tensor) -> Tensor
{
  let values = x.scalars(as: Double.self)
  func difference(_ index: Int, _ h: Double) -> Double {
    func value(_ shift: Double) -> Double {
      var moved = values
      moved[index] += shift
      return function(Tensor(scalars: moved, shape: x.shape)).item()
    }
    return (value(h) - value(-h)) / (2 * h)
  }
  let slopes = values.indices.map { (4 * difference($0, step / 2) - difference($0, step)) / 3 }
  return Tensor(scalars: slopes, shape: x.shape)
}
