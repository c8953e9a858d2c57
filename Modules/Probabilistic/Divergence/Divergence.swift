public import Core
import Synchronization

/// The Kullback–Leibler divergence of two distributions in closed form.
///
/// ```
/// KL(p ‖ q) = E_p [ln p(x) − ln q(x)]
/// ```
///
/// Known for each family with itself (normal, log-normal, multivariate normal in any of its forms,
/// Laplace, Cauchy, uniform, exponential, gamma, beta, Dirichlet, Bernoulli, binomial, geometric,
/// Poisson, categorical, multinomial), and for normal–Laplace, Laplace–normal, uniform–normal,
/// exponential–gamma, gamma–exponential and exponential–normal. Others can be added by
/// ``registerDivergence(_:_:_:)``; an unknown pair traps. ∞ where q excludes what p allows.
///
/// - Returns: The batch shapes of both, broadcast.
public func klDivergence<P: Distribution, Q: Distribution>(_ p: P, _ q: Q) -> Tensor {
  let key = DivergenceKey(P.self, Q.self)
  guard let formula = builtDivergences[key] ?? addedDivergences.withLock({ $0[key] }) else {
    trap(
      """
      klDivergence: no formula for \(P.self) and \(Q.self); estimate it by the mean of \
      p.logDensity − q.logDensity over samples of p, or add one by registerDivergence
      """)
  }
  return formula(p, q)
}

/// Makes a formula known to `klDivergence(p, q)` for a pair of types, for the whole program.
///
/// Traps for a pair that has one already.
public func registerDivergence<P: Distribution, Q: Distribution>(
  _ p: P.Type, _ q: Q.Type, _ formula: @escaping @Sendable (P, Q) -> Tensor
) {
  let pair = Divergence(formula)
  addedDivergences.withLock { table in
    require(
      builtDivergences[pair.key] == nil && table[pair.key] == nil,
      "registerDivergence: there is a formula for \(P.self) and \(Q.self) already")
    table[pair.key] = pair.formula
  }
}

/// The two types that a formula is for.
struct DivergenceKey: Hashable {
  private let p: ObjectIdentifier
  private let q: ObjectIdentifier

  init<P: Distribution, Q: Distribution>(_: P.Type, _: Q.Type) {
    (p, q) = (ObjectIdentifier(P.self), ObjectIdentifier(Q.self))
  }
}

/// A formula whose types have been forgotten.
struct Divergence: Sendable {
  typealias Formula = @Sendable (any Distribution, any Distribution) -> Tensor

  let key: DivergenceKey
  let formula: Formula

  init<P: Distribution, Q: Distribution>(_ formula: @escaping @Sendable (P, Q) -> Tensor) {
    key = DivergenceKey(P.self, Q.self)
    // The table looks up by the types, so the casts cannot fail.
    self.formula = { formula($0 as! P, $1 as! Q) }
  }
}

private let builtDivergences: [DivergenceKey: Divergence.Formula] = Dictionary(
  uniqueKeysWithValues: (continuousDivergences + positiveDivergences + discreteDivergences
    + multivariateDivergences)
    .map { ($0.key, $0.formula) })

private let addedDivergences = Mutex<[DivergenceKey: Divergence.Formula]>([:])
