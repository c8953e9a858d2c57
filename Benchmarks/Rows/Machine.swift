import Core
import Kernels

// What the machine can do at best: fused multiply-adds in registers, and the STREAM triad on
// 256 MiB, twelve bytes an element.

extension Catalogue {
  static var machine: [Row] {
    [peakRow("limit/fma_f32", .float32), peakRow("limit/fma_f64", .float64), triad]
  }

  private static func peakRow(_ name: String, _ dtype: DType) -> Row {
    let loop = MachinePeak(dtype)
    return Row(name, flops: loop.flops, peak: nil) { loop.run }
  }

  private static var triad: Row {
    let count = (256 << 20) / 12
    return Row("limit/triad_256MB", bytes: Double(count * 12)) {
      var target = Tensor.zeros([count])
      let (first, second) = (normal([count]), normal([count]))
      return {
        target.withMutableScalars(as: Float.self) { target in
          first.withScalars(as: Float.self) { first in
            second.withScalars(as: Float.self) { second in
              apus_machine_triad(
                count, 0.5, target.baseAddress, first.baseAddress, second.baseAddress)
            }
          }
        }
      }
    }
  }
}

/// A loop of fused multiply-adds that keeps all threads busy for about two milliseconds of one.
struct MachinePeak {
  let flops: Double
  private let dtype: DType

  private static let iterations = 1 << 21
  private static let parts = 64

  init(_ dtype: DType) {
    self.dtype = dtype
    let probe = 1024
    flops = apus_machine_fma(dtype.kernel, probe) / Double(probe) * Double(Self.iterations)
  }

  func run() {
    var type = dtype.kernel
    apus_parallel_for(
      Self.iterations, Self.iterations / Self.parts,
      { type, begin, end in
        let type = type.unsafelyUnwrapped.load(as: apus_dtype.self)
        _ = apus_machine_fma(type, end - begin)
      }, &type)
  }

  /// FLOP/s now, on all threads that kernels use.
  func rate() -> Double {
    wake()
    return flops / seconds(run)
  }

  /// A parked worker takes part of a millisecond to wake, which belongs to no measurement.
  private func wake() { run() }
}
