import Core

// The matrix product, its result allocated by the library. Names are M×K×N; AᵀB and ABᵀ read a
// transposed view.

extension Catalogue {
  static var matrixProduct: [Row] {
    [64, 128, 256, 512, 1024, 2048].map { product("\($0)", $0, $0, $0) }
      + [product("64x784x128", 64, 784, 128), product("128x784x512", 128, 784, 512)]
      + [512, 1024].flatMap { size in
        [
          product("\(size)-AtB", size, size, size, transposesLeft: true),
          product("\(size)-ABt", size, size, size, transposesRight: true),
        ]
      }
      + [matrixVector(1024)]
  }

  private static func product(
    _ name: String, _ m: Int, _ k: Int, _ n: Int, transposesLeft: Bool = false,
    transposesRight: Bool = false
  ) -> Row {
    Row("sgemm/" + name, flops: 2 * Double(m) * Double(k) * Double(n)) {
      let a = transposesLeft ? normal([k, m]).transposed() : normal([m, k])
      let b = transposesRight ? normal([n, k]).transposed() : normal([k, n])
      return { _ = matmul(a, b) }
    }
  }

  private static func matrixVector(_ size: Int) -> Row {
    let count = Double(size * size)
    return Row("matvec/\(size)", flops: 2 * count, bytes: 4 * count) {
      let (a, x) = (normal([size, size]), normal([size]))
      return { _ = matmul(a, x) }
    }
  }
}
