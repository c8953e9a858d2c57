"""Densities, moments, entropies and divergences of torch.distributions in float64, as lines of JSON.

    python probabilistic.py > probabilistic.jsonl

Made with PyTorch 2.15, SciPy and mpmath. Parameters are random, of random batch shapes; every number that goes
in is in the file. The entropy of a Poisson distribution, which PyTorch lacks, is SciPy's; the special
functions are mpmath's with 50 digits.
"""

import json
import math
import random

import mpmath
import numpy as np
import scipy.stats
import torch
import torch.distributions as d

CASES = 10
rng = np.random.default_rng(2020)
random.seed(2020)
mpmath.mp.dps = 50


def normal(shape):
    return torch.from_numpy(rng.standard_normal(shape))


def positive(shape, spread=1.0):
    return torch.exp(spread * normal(shape))


def share(shape):
    return torch.from_numpy(rng.uniform(0.05, 0.95, shape))


def number(x):
    """JSON knows neither NaN nor infinity: they become strings."""
    x = float(x)
    return x if math.isfinite(x) else {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}[str(x)]


def tensor(x):
    x = torch.as_tensor(x, dtype=torch.float64)
    return {"shape": list(x.shape), "values": [number(v) for v in x.flatten()]}


def factor(batch, size):
    lower = torch.tril(normal((*batch, size, size)))
    return lower - torch.diag_embed(torch.diagonal(lower, dim1=-2, dim2=-1)) + torch.diag_embed(
        positive((*batch, size), 0.5)
    )


def mixture(batch):
    weights, means, deviations = normal((*batch, 3)), normal((*batch, 3)), positive((*batch, 3))
    return {"logits": weights, "mean": means, "deviation": deviations}, d.MixtureSameFamily(
        d.Categorical(logits=weights), d.Normal(means, deviations)
    )


def make(kind, batch):
    """Parameters by our names, and the distribution."""
    b = tuple(batch)
    size = random.randint(1, 4)
    trials = torch.from_numpy(rng.integers(0, 30, b)).double()
    match kind:
        case "normal":
            p = {"mean": normal(b), "deviation": positive(b)}
            return p, d.Normal(*p.values())
        case "logNormal":
            p = {"location": normal(b), "scale": positive(b, 0.5)}
            return p, d.LogNormal(*p.values())
        case "laplace":
            p = {"location": normal(b), "scale": positive(b)}
            return p, d.Laplace(*p.values())
        case "studentT":
            p = {"degreesOfFreedom": positive(b) * 3, "location": normal(b), "scale": positive(b)}
            return p, d.StudentT(*p.values())
        case "cauchy":
            p = {"location": normal(b), "scale": positive(b)}
            return p, d.Cauchy(*p.values())
        case "uniform":
            low = normal(b)
            p = {"low": low, "high": low + positive(b)}
            return p, d.Uniform(*p.values())
        case "exponential":
            p = {"rate": positive(b)}
            return p, d.Exponential(*p.values())
        case "gamma":
            p = {"concentration": positive(b, 2), "rate": positive(b)}
            return p, d.Gamma(*p.values())
        case "beta":
            p = {"alpha": positive(b, 1.5), "beta": positive(b, 1.5)}
            return p, d.Beta(*p.values())
        case "dirichlet":
            p = {"concentration": positive((*b, size + 1), 1.5)}
            return p, d.Dirichlet(*p.values())
        case "bernoulli":
            p = {"probability": share(b)}
            return p, d.Bernoulli(*p.values())
        case "binomial":
            p = {"trials": trials, "probability": share(b)}
            return p, d.Binomial(*p.values())
        case "geometric":
            p = {"probability": share(b)}
            return p, d.Geometric(*p.values())
        case "poisson":
            p = {"rate": positive(b, 2)}
            return p, d.Poisson(*p.values())
        case "categorical":
            p = {"logits": 2 * normal((*b, size + 1))}
            return p, d.Categorical(logits=p["logits"])
        case "multinomial":
            n = random.randint(1, 12)
            p = {"logits": normal((*b, size + 1)), "trials": torch.tensor(float(n))}
            return p, d.Multinomial(n, logits=p["logits"])
        case "full":
            p = {"mean": normal((*b, size)), "choleskyFactor": factor(b, size)}
            return p, d.MultivariateNormal(p["mean"], scale_tril=p["choleskyFactor"])
        case "diagonal":
            p = {"mean": normal((*b, size)), "deviations": positive((*b, size))}
            return p, d.Independent(d.Normal(*p.values()), 1)
        case "lowRank":
            p = {
                "mean": normal((*b, size)),
                "factor": normal((*b, size, random.randint(1, 2))),
                "diagonal": positive((*b, size)),
            }
            return p, d.LowRankMultivariateNormal(*p.values())
        case "mixture":
            return mixture(b)


KINDS = """normal logNormal laplace studentT cauchy uniform exponential gamma beta dirichlet bernoulli
binomial geometric poisson categorical multinomial full diagonal lowRank mixture""".split()


def entropy(kind, distribution):
    if kind == "mixture":
        return None
    if kind == "poisson":
        return torch.as_tensor(scipy.stats.poisson(distribution.rate.numpy()).entropy())
    if kind == "binomial":
        n, p = distribution.total_count.numpy(), distribution.probs.numpy()
        return torch.as_tensor(np.vectorize(lambda n, p: scipy.stats.binom(n, p).entropy())(n, p))
    return distribution.entropy()


def distributions():
    for kind in KINDS:
        for _ in range(CASES):
            p, q = make(kind, random.choice([[], [3], [2, 2]]))
            value = q.sample((2,))
            moments = {}
            if kind != "categorical":
                moments = {"mean": tensor(q.mean), "variance": tensor(q.variance)}
            h = entropy(kind, q)
            yield {
                "kind": kind,
                "parameters": {name: tensor(x) for name, x in p.items()},
                "value": tensor(value),
                "logDensity": tensor(q.log_prob(value)),
                **moments,
                **({"entropy": tensor(h)} if h is not None else {}),
            }


PAIRS = [(k, k) for k in KINDS if k not in ("studentT", "mixture", "full", "diagonal", "lowRank")] + [
    ("normal", "laplace"), ("laplace", "normal"), ("uniform", "normal"), ("exponential", "gamma"),
    ("gamma", "exponential"), ("exponential", "normal"), ("full", "full"), ("lowRank", "lowRank"),
    ("full", "lowRank"), ("lowRank", "full"),
]


def divergences():
    for first, second in PAIRS:
        done = 0
        while done < 5:
            batch = random.choice([[], [3]])
            p, x = make(first, batch)
            q, y = make(second, batch)
            if x.event_shape != y.event_shape:
                continue
            if first in ("categorical", "multinomial") and p["logits"].shape != q["logits"].shape:
                continue
            if first == "binomial":
                q["trials"] = p["trials"]
                y = d.Binomial(*q.values())
            if first == "multinomial":
                q["trials"] = p["trials"]
                n = int(p["trials"])
                value = n * d.kl_divergence(
                    d.Categorical(logits=p["logits"]), d.Categorical(logits=q["logits"])
                )
            else:
                value = d.kl_divergence(x, y)
            done += 1
            yield {
                "first": first,
                "second": second,
                "p": {name: tensor(x) for name, x in p.items()},
                "q": {name: tensor(x) for name, x in q.items()},
                "divergence": tensor(value),
            }


def special():
    def wide(low, high):
        return float(10 ** rng.uniform(low, high))

    m = mpmath.mpf
    functions = {
        "logGamma": (lambda: [wide(-3, 5)], lambda x: mpmath.loggamma(x)),
        "digamma": (lambda: [wide(-3, 4)], mpmath.digamma),
        "trigamma": (lambda: [wide(-3, 4)], lambda x: mpmath.polygamma(1, x)),
        "tetragamma": (lambda: [wide(-2, 3)], lambda x: mpmath.polygamma(2, x)),
        "logBeta": (
            lambda: [wide(-3, 5), wide(-3, 5)],
            lambda a, b: mpmath.loggamma(a) + mpmath.loggamma(b) - mpmath.loggamma(a + b),
        ),
        "erfc": (lambda: [float(rng.uniform(-3, 25))], mpmath.erfc),
        "erfInverse": (lambda: [float(rng.uniform(-1, 1))], mpmath.erfinv),
        "gammaLower": (
            lambda: (lambda a: [a, a * wide(-0.5, 0.2)])(wide(-2, 2.5)),
            lambda a, x: mpmath.gammainc(a, 0, x, regularized=True),
        ),
        "gammaUpper": (
            lambda: (lambda a: [a, (a + 1) * float(rng.uniform(1, 2))])(wide(-2, 2.5)),
            lambda a, x: mpmath.gammainc(a, x, mpmath.inf, regularized=True),
        ),
        "betaLower": (
            lambda: (lambda a, b: [a, b, a / (a + b) * float(rng.uniform(0.4, 1))])(
                wide(-1, 2), wide(-1, 2)
            ),
            lambda a, b, x: mpmath.betainc(a, b, 0, x, regularized=True),
        ),
    }
    for name, (draw, function) in functions.items():
        arguments = [draw() for _ in range(40)]
        values = [float(function(*(m(x) for x in row))) for row in arguments]
        yield {"function": name, "arguments": arguments, "values": values}


if __name__ == "__main__":
    torch.manual_seed(2020)
    for part in (distributions, divergences, special):
        for line in part():
            print(json.dumps(line, ensure_ascii=False))
