import Core

extension Catalogue {
  static var reductions: [Row] {
    [0, 1].map { axis in
      Row("sum-fwd/1000x1000-axis\(axis)", bytes: 4e6) {
        let x = normal([1000, 1000])
        return { _ = x.sum(along: axis) }
      }
    }
  }
}
