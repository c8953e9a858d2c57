import Core

/// Plain recurrent layers; see ``ElmanCell``.
///
/// ```swift
/// let network = ElmanRNN(64, 128, activation: .relu)
/// ```
public typealias ElmanRNN = Unrolled<ElmanCell>

/// Layers of long short-term memory; see ``LSTMCell``.
///
/// ```swift
/// let network = LSTM(64, 128, layers: 2, bidirectional: true, dropout: 0.2)
/// ```
public typealias LSTM = Unrolled<LSTMCell>

/// Layers of gated recurrent units; see ``GRUCell``.
///
/// ```swift
/// let network = GRU(64, 128, layers: 2)
/// ```
public typealias GRU = Unrolled<GRUCell>

/// Layers of minimal gated units; see ``MinimalGatedCell``.
public typealias MinimalGatedRNN = Unrolled<MinimalGatedCell>

extension Unrolled where Cell == ElmanCell {
  /// - Parameters:
  ///   - activation: σ; the default is tanh.
  ///   - form: Whether the state is taken after the activation (the default) or before.
  ///   - layers: How many layers; the default is 1.
  ///   - bidirectional: Whether there are two directions; the default is one.
  ///   - dropout: The probability of an output to be dropped between layers; the default is 0.
  ///   - hasBias: Whether there are biases.
  ///   - learnsInitialState: Whether the states before the first step are parameters.
  ///   - initializer: Draws the weights; the default is PyTorch's uniform ±1/√hidden.
  ///   - recurrentInitializer: Draws those of the state instead, such as `.orthogonal()`.
  public init(
    _ inputSize: Int, _ hiddenSize: Int, activation: Activation = .tanh,
    form: ElmanCell.Form = .activatedState, layers: Int = 1, bidirectional: Bool = false,
    dropout: Double = 0, hasBias: Bool = true, learnsInitialState: Bool = false,
    initializer: Initializer? = nil, recurrentInitializer: Initializer? = nil
  ) {
    self.init(
      inputSize, hiddenSize, layers: layers, bidirectional: bidirectional, dropout: dropout,
      learnsInitialState: learnsInitialState
    ) {
      ElmanCell(
        $0, $1, activation: activation, form: form, hasBias: hasBias, initializer: initializer,
        recurrentInitializer: recurrentInitializer)
    }
  }
}

extension Unrolled where Cell == LSTMCell {
  /// - Parameters:
  ///   - layers: How many layers; the default is 1.
  ///   - bidirectional: Whether there are two directions; the default is one.
  ///   - dropout: The probability of an output to be dropped between layers; the default is 0.
  ///   - hasBias: Whether there are biases.
  ///   - hasPeepholes: Whether the gates see the memory.
  ///   - isNormalized: Whether the products and the memory are normalised.
  ///   - forgetBias: Added to the first value of the forget gates' biases; the default is 0.
  ///   - learnsInitialState: Whether the states before the first step are parameters.
  ///   - initializer: Draws the weights; the default is PyTorch's uniform ±1/√hidden.
  ///   - recurrentInitializer: Draws those of the state instead, such as `.orthogonal()`.
  public init(
    _ inputSize: Int, _ hiddenSize: Int, layers: Int = 1, bidirectional: Bool = false,
    dropout: Double = 0, hasBias: Bool = true, hasPeepholes: Bool = false,
    isNormalized: Bool = false, forgetBias: Double = 0, learnsInitialState: Bool = false,
    initializer: Initializer? = nil, recurrentInitializer: Initializer? = nil
  ) {
    self.init(
      inputSize, hiddenSize, layers: layers, bidirectional: bidirectional, dropout: dropout,
      learnsInitialState: learnsInitialState
    ) {
      LSTMCell(
        $0, $1, hasBias: hasBias, hasPeepholes: hasPeepholes, isNormalized: isNormalized,
        forgetBias: forgetBias, initializer: initializer,
        recurrentInitializer: recurrentInitializer)
    }
  }
}

extension Unrolled where Cell == GRUCell {
  /// - Parameters:
  ///   - form: Where the reset gate acts; the default is PyTorch's, after the product.
  ///   - layers: How many layers; the default is 1.
  ///   - bidirectional: Whether there are two directions; the default is one.
  ///   - dropout: The probability of an output to be dropped between layers; the default is 0.
  ///   - hasBias: Whether there are biases.
  ///   - learnsInitialState: Whether the states before the first step are parameters.
  ///   - initializer: Draws the weights; the default is PyTorch's uniform ±1/√hidden.
  ///   - recurrentInitializer: Draws those of the state instead, such as `.orthogonal()`.
  public init(
    _ inputSize: Int, _ hiddenSize: Int, form: GRUCell.Form = .resetAfter, layers: Int = 1,
    bidirectional: Bool = false, dropout: Double = 0, hasBias: Bool = true,
    learnsInitialState: Bool = false, initializer: Initializer? = nil,
    recurrentInitializer: Initializer? = nil
  ) {
    self.init(
      inputSize, hiddenSize, layers: layers, bidirectional: bidirectional, dropout: dropout,
      learnsInitialState: learnsInitialState
    ) {
      GRUCell(
        $0, $1, form: form, hasBias: hasBias, initializer: initializer,
        recurrentInitializer: recurrentInitializer)
    }
  }
}

extension Unrolled where Cell == MinimalGatedCell {
  /// - Parameters:
  ///   - layers: How many layers; the default is 1.
  ///   - bidirectional: Whether there are two directions; the default is one.
  ///   - dropout: The probability of an output to be dropped between layers; the default is 0.
  ///   - hasBias: Whether there are biases.
  ///   - learnsInitialState: Whether the states before the first step are parameters.
  ///   - initializer: Draws the weights; the default is uniform ±1/√hidden.
  ///   - recurrentInitializer: Draws those of the state instead, such as `.orthogonal()`.
  public init(
    _ inputSize: Int, _ hiddenSize: Int, layers: Int = 1, bidirectional: Bool = false,
    dropout: Double = 0, hasBias: Bool = true, learnsInitialState: Bool = false,
    initializer: Initializer? = nil, recurrentInitializer: Initializer? = nil
  ) {
    self.init(
      inputSize, hiddenSize, layers: layers, bidirectional: bidirectional, dropout: dropout,
      learnsInitialState: learnsInitialState
    ) {
      MinimalGatedCell(
        $0, $1, hasBias: hasBias, initializer: initializer,
        recurrentInitializer: recurrentInitializer)
    }
  }
}
