import Core

extension Operation {
  /// A function of a tensor, one of its axes and a truth value drawn for each example.
  private static func directed(
    _ name: String, allowsEmpty: Bool = true, allowsTies: Bool = true,
    _ function: @escaping @Sendable (Tensor, Int, Bool, Bool) -> Tensor
  ) -> Operation {
    Operation(name: name, allowsTies: allowsTies) { generator in
      let shape = Shape.random(
        rank: 1...3, isEmptyAllowed: allowsEmpty, upTo: 12, using: &generator)
      let axis = shape.randomAxis(using: &generator)
      let (a, b) = (Bool.random(using: &generator), Bool.random(using: &generator))
      return ([shape], { function($0[0], axis, a, b) })
    }
  }

  /// A shape with an axis, and positions along that axis in a shape that differs in it alone.
  private static func randomPositions(
    using generator: inout RandomGenerator
  ) -> (shape: Shape, axis: Int, indices: Tensor) {
    let shape = Shape.random(rank: 1...3, isEmptyAllowed: false, upTo: 12, using: &generator)
    let axis = shape.randomAxis(using: &generator)
    var some = shape
    some[axis] = Int.random(in: 0...3, using: &generator)
    let indices = Tensor.randomIntegers(some, in: -shape[axis]..<shape[axis], using: &generator)
    return (shape, axis, indices)
  }

  static let cumulative: [Operation] = [
    .directed("cumulativeSum") {
      square($0).cumulativeSum(along: $1, exclusive: $2, reversed: $3) * $0
    },
    .directed("cumulativeProduct") {
      $0.cumulativeProduct(along: $1, exclusive: $2, reversed: $3)
    },
    .directed("cumulativeProduct with zeros") { x, axis, isExclusive, isReversed in
      // Zeros that move with the input.
      let holes =
        x
        * Tensor.range(0..<x.shape[axis]).reshaped(
          Shape(x.shape.indices.map { $0 == axis ? x.shape[axis] : 1 }))
      return holes.cumulativeProduct(along: axis, exclusive: isExclusive, reversed: isReversed)
    },
    .directed("cumulativeMaximum", allowsEmpty: false, allowsTies: false) {
      x, axis, isReversed, _ in
      square(x.cumulativeMaximum(along: axis, reversed: isReversed).values)
        * x.cumulativeMinimum(along: axis, reversed: isReversed).values
    },
    Operation(name: "linearRecurrence") { generator in
      let shape = Shape.random(rank: 1...3, upTo: 12, using: &generator)
      let axis = shape.randomAxis(using: &generator)
      let isReversed = Bool.random(using: &generator)
      let narrow = shape.randomlyNarrowed(using: &generator)
      return (
        [narrow, shape],
        { linearRecurrence($0[0], square($0[1]), along: axis, reversed: isReversed) }
      )
    },
  ]

  static let rearranging: [Operation] =
    [
      .alongAxis("flipped") { square($0).flipped(along: $1) * $0 },
      .unary("flipped whole") { square($0).flipped() * $0 },
      .alongAxis("rolled") { square($0).rolled(by: -2, along: $1) * $0 },
      .alongAxis("repeated") { square($0.repeated(2, along: $1)) },
      .alongAxis("repeated by counts") { x, axis in
        square(x.repeated((0..<x.shape[axis]).map { $0 % 3 }, along: axis))
      },
      Operation(name: "slidingWindows") { generator in
        let shape = Shape.random(rank: 1...3, isEmptyAllowed: false, using: &generator)
        let axis = shape.randomAxis(using: &generator)
        let numbers = (0..<3).map { _ in Int.random(in: 1...3, using: &generator) }
        return (
          [shape],
          {
            square($0[0]).slidingWindows(
              size: numbers[0], along: axis, stride: numbers[1], dilation: numbers[2])
          }
        )
      },
    ]
    + Tensor.Border.allCases.map { border in
      Operation(name: "padded, \(border)") { generator in
        let shape = Shape.random(rank: 0...2, isEmptyAllowed: false, upTo: 8, using: &generator)
        let widths = shape.map { _ in
          (
            before: Int.random(in: 0...3, using: &generator),
            after: Int.random(in: 0...3, using: &generator)
          )
        }
        return ([shape], { square($0[0].padded(widths, border: border)) })
      }
    }

  static let replacing: [Operation] = [
    Operation(name: "addingAlong") { generator in
      let (shape, axis, indices) = randomPositions(using: &generator)
      return (
        [shape, indices.shape], { square($0[0].addingAlong($0[1], at: indices, axis: axis)) }
      )
    },
    Operation(name: "replacingAlong") { generator in
      let (shape, axis, indices) = randomPositions(using: &generator)
      return (
        [shape, indices.shape],
        { square($0[0].replacingAlong(square($0[1]), at: indices, axis: axis)) * $0[0] }
      )
    },
    Operation(name: "replacing") { generator in
      let shape = Shape.random(rank: 1...3, isEmptyAllowed: false, upTo: 12, using: &generator)
      let axis = shape.randomAxis(using: &generator)
      let indices = Tensor.randomIntegers([2, 2], in: 0..<shape[axis], using: &generator)
      let values = Shape(Array(shape[..<axis]) + [2, 2] + Array(shape[(axis + 1)...]))
      return (
        [shape, values], { square($0[0].replacing($0[1], at: indices, along: axis)) * $0[0] }
      )
    },
    Operation(name: "selected") { generator in
      let shape = Shape.random(rank: 0...3, using: &generator)
      let lead = Shape(shape.prefix(Int.random(in: 0...shape.count, using: &generator)))
      let mask = Tensor.randomBernoulli(lead, probability: 0.6, using: &generator)
      return ([shape], { square($0[0].selected(where: mask)) })
    },
    Operation(name: "filled") { generator in
      let shape = Shape.random(using: &generator)
      let mask = Tensor.randomBernoulli(
        shape.randomlyNarrowed(using: &generator), probability: 0.5, using: &generator)
      return ([shape], { square($0[0].filled(with: 3, where: mask)) * $0[0] })
    },
    Operation(name: "replacing where") { generator in
      let shape = Shape.random(rank: 0...3, upTo: 12, using: &generator)
      let mask = Tensor.randomBernoulli(shape, probability: 0.5, using: &generator)
      let count = mask.scalars(as: Bool.self).filter { $0 }.count
      return (
        [shape, [count]], { square($0[0].replacing(where: mask, with: $0[1])) * $0[0] }
      )
    },
  ]
}
