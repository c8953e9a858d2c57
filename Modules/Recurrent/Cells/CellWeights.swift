import Core

/// The weights that cells with gates share: one row block for each gate.
///
/// ```
/// a = W_in x + b_in + W_rec h + b_rec
/// ```
///
/// PyTorch's layout: `input` is its `weight_ih`, `recurrent` its `weight_hh`.
public struct CellWeights: Sendable {
  /// W_in, [gates · hidden, in]
  public let input: Parameter
  /// W_rec, [gates · hidden, hidden]
  public let recurrent: Parameter
  /// b_in, [gates · hidden]
  public let inputBias: Parameter?
  /// b_rec, [gates · hidden]
  public let recurrentBias: Parameter?

  /// - Parameters:
  ///   - gates: How many blocks of rows there are.
  ///   - hasBias: Whether the biases are there.
  ///   - initializer: Draws each gate's block of both weights; by default, as in PyTorch, weights and
  ///     biases are uniform in ±1/√hidden. With an initializer of your own, biases start at 0.
  ///   - recurrentInitializer: Draws the recurrent blocks instead, such as `.orthogonal()`.
  public init(
    _ inputSize: Int, _ hiddenSize: Int, gates: Int, hasBias: Bool = true,
    initializer: Initializer? = nil, recurrentInitializer: Initializer? = nil
  ) {
    require(
      inputSize >= 0 && hiddenSize > 0,
      "CellWeights: \(inputSize) inputs and \(hiddenSize) hidden units")
    let bound = 1 / Double(hiddenSize).squareRoot()
    let usual = Initializer.uniform(in: -bound..<bound)
    func blocks(_ initializer: Initializer, _ inputs: Int) -> Parameter {
      Parameter(
        concatenated(
          (0..<gates).map { _ in
            initializer.tensor([hiddenSize, inputs], inputs: inputs, outputs: hiddenSize)
          }))
    }
    input = blocks(initializer ?? usual, inputSize)
    recurrent = blocks(recurrentInitializer ?? initializer ?? usual, hiddenSize)
    let bias = initializer == nil ? usual : .constant(0)
    func biases() -> Parameter? {
      hasBias
        ? Parameter(bias.tensor([gates * hiddenSize], inputs: hiddenSize, outputs: hiddenSize))
        : nil
    }
    inputBias = biases()
    recurrentBias = biases()
  }

  /// The values, for formulas.
  var values: CellValues {
    CellValues(
      input: input.value, recurrent: recurrent.value, inputBias: inputBias?.value,
      recurrentBias: recurrentBias?.value)
  }

  var inputSize: Int { input.shape[1] }
  var hiddenSize: Int { recurrent.shape[1] }
}

/// Weights as tensors: those of parameters, or what stands for them in a derivative.
struct CellValues {
  let input, recurrent: Tensor
  let inputBias, recurrentBias: Tensor?

  /// [batch, gates · hidden]
  func ofInput(_ x: Tensor) -> Tensor { linear(x, weight: input, bias: inputBias) }

  /// [batch, gates · hidden]
  func ofState(_ h: Tensor) -> Tensor { linear(h, weight: recurrent, bias: recurrentBias) }

  /// Those of the gates `range` alone.
  func gates(_ range: Range<Int>, of count: Int) -> CellValues {
    let size = recurrent.shape[0] / count
    func part(_ tensor: Tensor) -> Tensor {
      tensor.narrowed(0, from: range.lowerBound * size, count: range.count * size)
    }
    return CellValues(
      input: part(input), recurrent: part(recurrent), inputBias: inputBias.map(part),
      recurrentBias: recurrentBias.map(part))
  }
}
