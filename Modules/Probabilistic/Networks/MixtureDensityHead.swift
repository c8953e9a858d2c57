public import Core

/// The last layer of a mixture density network: an affine map to the parameters of a Gaussian mixture.
///
/// ```swift
/// struct Inverse: Layer {
///   let hidden = Dense(1, 64, activation: .tanh)
///   let head = MixtureDensityHead(64, components: 5)
///   func callAsFunction(_ x: Tensor) -> Tensor { head(hidden(x)) }
/// }
/// let (loss, gradients) = valueWithGradient(of: model) {
///   model.head.loss(model(x), targets: y)
/// }
/// let mixture = model.head.layout.scalarMixture(model(x))
/// print(mixture.mean, mixture.standardDeviation, mixture.modes())
/// ```
///
/// Any network can stand before it (course document 002, exercise 3, question 1): what makes it a
/// mixture density network is how the outputs are read, ``MixtureLayout``, and the loss.
public struct MixtureDensityHead: Layer, Sendable {
  /// What the outputs mean.
  public let layout: MixtureLayout
  /// Deviations below this count as this.
  public let minimumDeviation: Double
  /// features → layout.width
  public let dense: Dense

  /// - Parameters:
  ///   - features: The width of what comes in.
  ///   - components: K.
  ///   - targets: D; default 1, a scalar target.
  ///   - covariance: Default diagonal.
  ///   - minimumDeviation: See ``mixtureNegativeLogLikelihood(_:targets:layout:minimumDeviation:reduction:)``;
  ///     default 0.
  ///
  /// The biases of the means start as the quantiles (k + ½)/K of the standard normal distribution, so
  /// that the components begin apart over standardised targets; the other biases start at 0.
  public init(
    _ features: Int, components: Int, targets: Int = 1,
    covariance: MixtureLayout.Covariance = .diagonal, minimumDeviation: Double = 0
  ) {
    layout = MixtureLayout(components: components, targets: targets, covariance: covariance)
    self.minimumDeviation = minimumDeviation
    dense = Dense(features, layout.width)
    let shares = Tensor(
      (0..<components).map { (Double($0) + 0.5) / Double(components) }, dtype: .float64)
    let starts = normalQuantile(shares).expandingShape(at: -1)
      .broadcast(to: [components, targets]).flattened()
    let before = Tensor.zeros([components], dtype: .float64)
    let after = Tensor.zeros([layout.width - components * (1 + targets)], dtype: .float64)
    dense.bias?.value = concatenated([before, starts, after]).cast(to: .float32)
  }

  /// Features […, features] → outputs […, layout.width].
  public func callAsFunction(_ features: Tensor) -> Tensor {
    reported(self, features) { dense($0) }
  }

  /// The loss of outputs, as ``mixtureNegativeLogLikelihood(_:targets:layout:minimumDeviation:reduction:)``.
  public func loss(_ outputs: Tensor, targets: Tensor, reduction: Reduction = .mean) -> Tensor {
    mixtureNegativeLogLikelihood(
      outputs, targets: targets, layout: layout, minimumDeviation: minimumDeviation,
      reduction: reduction)
  }
}

extension MixtureDensityHead: SummarizedLayer {
  public var summaryKind: String { "MixtureDensityHead, \(layout.components) components" }
}
