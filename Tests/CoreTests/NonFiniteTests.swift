import Core
import LayerTesting
import Testing

@Suite struct NonFiniteTests {
  func finding(
    ignoringInfinities: Bool = false, _ body: () throws -> Void
  ) -> NonFiniteError? {
    do {
      try findingNonFinite(ignoringInfinities: ignoringInfinities, body)
      return nil
    } catch {
      return error as? NonFiniteError
    }
  }

  @Test func `the first operation is named, with what went in`() throws {
    let x = Tensor([[4, 0], [-1, 1]])
    let error = try #require(finding { _ = exp(log(x)).sum() * sqrt(x) })
    #expect(error.operation == "log" && !error.isDerivative && error.step == nil)
    #expect(error.inputs.map(\.shape) == [[2, 2]] && error.inputs[0].dtype == .float32)
    #expect(error.inputs[0].isFinite)
    #expect(error.shape == [2, 2] && error.dtype == .float32)
    #expect(error.count == 2 && error.place == [0, 1] && error.value == .negativeInfinity)
    #expect(
      "\(error)" == """
        log: 2 of the 4 elements of its result float32 [2, 2] are not finite, the first of them \
        -inf at [0, 1]; its input is float32 [2, 2]
        """)
  }

  @Test func `operators, binary functions and products are named`() throws {
    let (huge, zero) = (Tensor([[1e38, 1]]), Tensor([[0, 1]]))
    let cases: [(String, () -> Tensor)] = [
      ("/", { huge / zero }), ("*", { huge * huge }), ("+", { huge * 3 + huge * 3 }),
      ("*", { huge * 100 }), ("square", { square(huge) }), ("rsqrt", { rsqrt(zero) }),
      ("reciprocal", { reciprocal(zero) }), ("sum", { stacked([huge * 3, huge * 3]).sum() }),
      ("softplus", { softplus(huge * Double.infinity) }), ("pow", { pow(zero, -1) }),
    ]
    for (name, function) in cases {
      let error = finding { _ = function() }
      // An infinite factor is found where it comes from.
      #expect(error?.operation == (name == "softplus" ? "*" : name), "\(name)")
    }
    let error = try #require(finding { _ = linear(huge * 3, weight: Tensor([[2, 1], [1, 1]])) })
    #expect(error.operation == "linear" && error.inputs.map(\.shape) == [[1, 2], [2, 2]])
  }

  @Test func `what comes in not finite is told from what became so`() throws {
    let x = Tensor([1, .nan])
    let error = try #require(finding { _ = x + Tensor([1, 2]) })
    #expect(error.operation == "+" && error.inputs.map(\.isFinite) == [false, true])
    #expect("\(error)".contains("float32 [2], itself not finite; float32 [2]"))
  }

  @Test func `a derivative is named, and its step`() throws {
    // √0 is finite, its derivative is not.
    let error = try #require(
      finding { _ = gradient(at: Tensor([1, 0])) { x in sqrt(x).sum() } })
    #expect(error.operation == "sqrt" && error.isDerivative && error.step == "/")
    #expect(error.inputs.map(\.shape) == [[2], [2]] && error.place == [1])
    #expect("\(error)".hasPrefix("the derivative of sqrt, in its step /: 1 of the 2 elements"))

    // One of one's own, without a step that could be named.
    func odd(_ x: Tensor) -> Tensor {
      differentiable(
        x, value: { 2 * $0 }, pullback: { x, _, _ in Tensor.full(x.shape, .nan) })
    }
    let own = try #require(finding { _ = gradient(at: Tensor([1, 2])) { odd($0).sum() } })
    #expect(own.operation == "odd" && own.isDerivative && own.step == nil && own.count == 2)
  }

  @Test func `a derivative of a derivative is looked at too`() throws {
    let error = try #require(
      finding {
        _ = gradient(at: Tensor(0)) { x in
          gradient(at: x) { x in x * sqrt(x + 1) + exp(x) } / x
        }
      })
    #expect(error.operation == "/" && !error.isDerivative)
    let second = try #require(
      finding {
        _ = gradient(at: Tensor(0)) { x in gradient(at: x) { x in square(sqrt(x + 0)) * x } }
      })
    #expect(second.isDerivative)
  }

  @Test func `a step that is not finite does no harm if the gradient is`() throws {
    func safe(_ x: Tensor) -> Tensor {
      differentiable(
        x, value: { x in select(x .> 0, log(x), Tensor.zeros(like: x)) },
        pullback: { x, _, upstream in
          select(x .> 0, upstream / x, Tensor.zeros(like: upstream))
        })
    }
    let x = Tensor([2, 0])
    let slope = try findingNonFinite { gradient(at: x) { safe($0).sum() } }
    try expectClose(slope, Tensor([0.5, 0]))
  }

  @Test func `infinities may be let pass`() {
    let x = Tensor([0, 1])
    #expect(finding(ignoringInfinities: true) { _ = log(x) } == nil)
    let error = finding(ignoringInfinities: true) { _ = log(x) - log(x) }
    #expect(error?.operation == "-" && error?.value == .notANumber && error?.count == 1)
  }

  @Test func `the layers around it are named`() throws {
    struct Block: Layer {
      let first = Dense(2, 2)
      let second = Dense(2, 1)
      func callAsFunction(_ x: Tensor) -> Tensor { reported(self, x) { x in second(first(x)) } }
    }
    let model = Sequential {
      Dense(2, 2)
      Block()
    }
    model.body.second.second.weight.value = Tensor.full([1, 2], 1e38)
    let x = Tensor.full([3, 2], 1e10)
    let forward = try #require(finding { _ = model(x) })
    #expect(forward.operation == "linear" && forward.layers == ["Block", "Dense"])
    #expect("\(forward)".hasSuffix("; in Block, Dense"))
    // The pull-back belongs to the layers of the forward pass.
    struct Root: Layer {
      let scale = Parameter(Tensor([0]))
      func callAsFunction(_ x: Tensor) -> Tensor {
        reported(self, x) { x in sqrt(scale.value) + x }
      }
    }
    let root = Root()
    let backward = try #require(
      finding { _ = valueWithGradient(of: root) { root(Tensor([1])).sum() } })
    #expect(backward.isDerivative && backward.operation == "sqrt" && backward.layers == ["Root"])
  }

  @Test func `errors of one's own, scopes within scopes, and the time after`() throws {
    struct Stop: Error {}
    #expect(throws: Stop.self) { try findingNonFinite { () -> Void in throw Stop() } }
    let outer = finding {
      #expect(finding { _ = log(Tensor(0)) }?.operation == "log")
      _ = sqrt(Tensor(-1))
    }
    #expect(outer?.operation == "sqrt")
    // Nobody looks now.
    #expect(log(Tensor(0)).item() == -.infinity)
    #expect(try findingNonFinite { Tensor(2) * 3 }.item() == 6)
  }

  @Test func `other threads are not looked at`() async throws {
    let error = await Task.detached { () -> NonFiniteError? in
      do {
        try await withThrowingTaskGroup(of: Double.self) { group in
          group.addTask { log(Tensor(0)).item() }
          for try await value in group { #expect(value == -.infinity) }
          try findingNonFinite { _ = Tensor(1) + 1 }
        }
        return nil
      } catch { return error as? NonFiniteError }
    }.value
    #expect(error == nil)
  }

  @Test(arguments: Operation.all)
  func `a look changes no result`(operation: Operation) throws {
    for seed in 0..<UInt64(10) {
      var generator = RandomGenerator(seed: 400 + seed)
      let (shapes, function) = operation.example(&generator)
      let inputs = shapes.map { operation.domain($0, .float64, using: &generator) }
      let upstream = Tensor.randomNormal(
        function(inputs).shape, dtype: .float64, using: &generator)
      let run = { valueWithGradient(at: inputs) { (function($0) * upstream).sum() } }
      let (value, gradients) = run()
      do {
        let (watched, watchedGradients) = try findingNonFinite(run)
        #expect(watched == value && watchedGradients == gradients, "\(operation.name)")
        try expectClose(try findingNonFinite { function(inputs) }, function(inputs))
      } catch let error as NonFiniteError {
        Issue.record("\(operation.name) of \(shapes), seed \(seed): \(error)")
      }
    }
  }

  @Test func `the program stops on the spot`() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      stoppingAtNonFinite { _ = log(Tensor([1, 0])) }
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("log: 1 of the 2 elements of its result float32 [2] is not finite"))
    await #expect(processExitsWith: .success) {
      #expect(stoppingAtNonFinite { exp(Tensor(0)) }.item() == 1)
    }
  }
}
