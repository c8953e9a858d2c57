import Core

extension Activation {
  /// γ, the least bound of |σ′|: ¼ for the logistic function, 1 for the others.
  public var greatestSlope: Double { self == .sigmoid ? 0.25 : 1 }
}

extension ElmanCell {
  /// δ = γ ‖W‖, by which one step shrinks gradients at least where it is less than 1.
  ///
  /// ```
  /// ∂g_t/∂g_{t−1} = diag(σ′) W,   ‖diag(σ′) W‖ ≤ γ ‖W‖ = γ √λ₁(WᵀW) = δ
  /// ```
  ///
  /// So ‖∂g_T/∂g_0‖ ≤ δᵀ (course document 003, question 1.2), whatever the inputs: with δ < 1
  /// gradients vanish. δ > 1 is necessary for them to explode, not sufficient (question 1.3): the
  /// steps' matrices may turn what one stretched into what the next shrinks, and σ′ may be far below
  /// γ.
  public var contraction: Double {
    activation.greatestSlope * spectralNorm(weights.recurrent.value).item()
  }

  /// δᵀ, the bound of ‖∂g_T/∂g_0‖ after T steps.
  public func gradientBound(steps: Int) -> Double {
    (0..<steps).reduce(1) { bound, _ in bound * contraction }
  }
}
