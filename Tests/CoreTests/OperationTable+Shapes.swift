import Core

extension Operation {
  static let products: [Operation] =
    [
      Operation(name: "matmul") { generator in
        let sizes = (0..<3).map { _ in [0, 1, 2, 3, 4].randomElement(using: &generator)! }
        let (m, k, n) = (sizes[0], sizes[1], sizes[2])
        let batch = Shape.random(rank: 0...2, upTo: 4, using: &generator)
        let other = batch.randomlyNarrowed(using: &generator)
        return ([Shape(batch + [m, k]), Shape(other + [k, n])], { matmul($0[0], $0[1]) })
      },
      Operation(name: "matmul with a row") { generator in
        let batch = Shape.random(rank: 0...2, upTo: 4, using: &generator)
        return ([[3], Shape(batch + [3, 2])], { matmul($0[0], $0[1]) })
      },
      Operation(name: "matmul with a column") { generator in
        let batch = Shape.random(rank: 0...2, upTo: 4, using: &generator)
        return ([Shape(batch + [2, 3]), [3]], { matmul($0[0], $0[1]) })
      },
      Operation(name: "dot") { generator in
        let shape = Shape.random(rank: 1...1, using: &generator)
        return ([shape, shape], { dot($0[0], $0[1]) })
      },
      Operation(name: "outer") { generator in
        let shapes = (0..<2).map { _ in Shape.random(rank: 1...1, using: &generator) }
        return (shapes, { outer($0[0], $0[1]) })
      },
    ]
    + [Activation.identity, .relu, .tanh, .sigmoid, .softplus].map { activation in
      Operation(name: "linear with \(activation)") { generator in
        let batch = Shape.random(rank: 0...2, upTo: 6, using: &generator)
        let (inputs, outputs) = (
          Int.random(in: 1...4, using: &generator), Int.random(in: 1...4, using: &generator)
        )
        let hasBias = Bool.random(using: &generator)
        return (
          [Shape(batch + [inputs]), [outputs, inputs]] + (hasBias ? [[outputs]] : []),
          {
            linear($0[0], weight: $0[1], bias: hasBias ? $0[2] : nil, activation: activation)
          }
        )
      }
    }

  static let shaping: [Operation] = [
    .unary("flattened") { square($0).flattened() * $0.flattened() },
    .unary("contiguous") { square($0.contiguous()) },
    .unary("expandingShape") { square($0).expandingShape(at: -1) },
    .unary("squeezed") { square($0).squeezed() },
    Operation(name: "reshaped") { generator in
      let shape = Shape.random(using: &generator)
      let other = Shape(shape.shuffled(using: &generator))
      return ([shape], { square($0[0]).reshaped(other) * $0[0].reshaped(other) })
    },
    Operation(name: "permuted") { generator in
      let shape = Shape.random(using: &generator)
      let order = Array(0..<shape.count).shuffled(using: &generator)
      return ([shape], { square($0[0]).permuted(order) })
    },
    Operation(name: "transposed") { generator in
      let shape = Shape.random(rank: 1...4, using: &generator)
      let (a, b) = (shape.randomAxis(using: &generator), shape.randomAxis(using: &generator))
      return ([shape], { square($0[0].transposed(a, b - shape.count)) })
    },
    Operation(name: "broadcast") { generator in
      let shape = Shape.random(using: &generator)
      let narrow = shape.randomlyNarrowed(using: &generator)
      return ([narrow, shape], { square($0[0]).broadcast(to: shape) * $0[1] })
    },
    Operation(name: "diagonal") { generator in
      let shape = Shape.random(rank: 2...4, using: &generator)
      return ([shape], { square($0[0]).diagonal() })
    },
  ]

  static let joining: [Operation] = [
    Operation(name: "concatenated") { generator in
      let shape = Shape.random(rank: 1...3, upTo: 12, using: &generator)
      let axis = shape.randomAxis(using: &generator)
      let shapes = (0..<Int.random(in: 1...4, using: &generator)).map { _ in
        var part = shape
        part[axis] = Int.random(in: 0...3, using: &generator)
        return part
      }
      return (shapes, { square(concatenated($0, along: axis - shape.count)) })
    },
    Operation(name: "stacked") { generator in
      let shape = Shape.random(rank: 0...3, upTo: 8, using: &generator)
      let axis = Int.random(in: -shape.count - 1...shape.count, using: &generator)
      let count = Int.random(in: 1...4, using: &generator)
      return (
        [Shape](repeating: shape, count: count), { square(stacked($0, along: axis)) }
      )
    },
    .alongAxis("split") { x, axis in
      let extent = x.shape[axis]
      let parts = x.split(sizes: [extent / 2, extent - extent / 2], along: axis)
      return square(parts[0]).sum() * parts[1]
    },
    Operation(name: "tiled") { generator in
      let shape = Shape.random(rank: 0...5, upTo: 12, using: &generator)
      let counts = shape.map { _ in Int.random(in: 0...2, using: &generator) }
      return ([shape], { square($0[0]).tiled(counts) })
    },
    Operation(name: "padded") { generator in
      let shape = Shape.random(rank: 0...3, upTo: 12, using: &generator)
      let widths = shape.map { _ in
        (
          before: Int.random(in: 0...2, using: &generator),
          after: Int.random(in: 0...2, using: &generator)
        )
      }
      return ([shape], { square($0[0].padded(widths, with: 2)) })
    },
    .alongAxis("narrowed", allowsEmpty: false) { x, axis in
      square(x).narrowed(axis, from: x.shape[axis] / 2, count: (x.shape[axis] + 1) / 2)
    },
  ]

  static let indexing: [Operation] = [
    .alongAxis("x[i]", allowsEmpty: false) { x, _ in square(x)[-1] },
    .alongAxis("x[i..., newAxis]") { x, _ in square(x)[(x.shape[0] / 2)..., .newAxis] },
    .alongAxis("x[..., i]", allowsEmpty: false) { x, _ in square(x)[.ellipsis, x.shape.last! / 2] },
    .alongAxis("x[stride]") { x, _ in
      square(x)[stride(from: x.shape[0] - 1, through: 0, by: -2)]
    },
    Operation(name: "x[i, j]") { generator in
      (
        [Shape([3, 4] + Shape.random(rank: 0...2, upTo: 4, using: &generator))],
        { square($0[0])[1, 1..<3] }
      )
    },
    .alongAxis("x[i] = y", allowsEmpty: false) { x, _ in
      var y = square(x)
      y[0] = 3 * x[-1]
      y[-1] = y[0] * x[-1]
      return y * x
    },
    Operation(name: "x[i...] = y, broadcast") { generator in
      (
        [[4, 3], [3]],
        { input in
          var y = square(input[0])
          y[1..<3] = square(input[1])
          y[.all, 0] = y[.all, 1] * 2
          return y * y
        }
      )
    },
    Operation(name: "gathered") { generator in
      let shape = Shape.random(rank: 1...3, isEmptyAllowed: false, using: &generator)
      let axis = shape.randomAxis(using: &generator)
      let indices = Tensor.randomIntegers(
        Shape.random(rank: 0...2, upTo: 6, using: &generator), in: -shape[axis]..<shape[axis],
        using: &generator)
      return ([shape], { square($0[0].gathered(at: indices, along: axis)) })
    },
    Operation(name: "adding") { generator in
      let shape = Shape.random(rank: 1...3, isEmptyAllowed: false, upTo: 12, using: &generator)
      let axis = shape.randomAxis(using: &generator)
      let indices = Tensor.randomIntegers([3], in: 0..<shape[axis], using: &generator)
      var updates = shape
      updates[axis] = 3
      return ([shape, updates], { square($0[0].adding($0[1], at: indices, along: axis)) })
    },
    Operation(name: "takenAlong") { generator in
      let shape = Shape.random(rank: 1...3, isEmptyAllowed: false, using: &generator)
      let axis = shape.randomAxis(using: &generator)
      var taken = shape
      taken[axis] = Int.random(in: 0...3, using: &generator)
      let indices = Tensor.randomIntegers(taken, in: 0..<shape[axis], using: &generator)
      return ([shape], { square($0[0].takenAlong(indices, axis: axis)) })
    },
    Operation(name: "differentiable", domain: .awayFromZero) { generator in
      let shape = Shape.random(using: &generator)
      return (
        [shape, shape],
        { input in
          differentiable(input[0], input[1], value: { $0 * $1 }) { x, y, value, upstream in
            (upstream * value / x, upstream * x)
          }
        }
      )
    },
  ]
}
