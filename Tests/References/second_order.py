"""What other libraries need on the test functions of Tests/OptimTests/TestFunctions.swift.

    python second_order.py > second_order.jsonl

Made with SciPy 1.17 and PyTorch 2.15. For each function and start, one line: the minimum that each
method ends at, and how many evaluations of value and gradient it takes until the Euclidean norm of
the gradient is first within 1e-6 (null when it never is).
"""

import json
import math

import numpy as np
import scipy.optimize
import torch

torch.set_default_dtype(torch.float64)
TOLERANCE = 1e-6


def chain(x):
    return ((1 - x[:-1]) ** 2 + 100 * (x[1:] - x[:-1] ** 2) ** 2).sum()


def beale(p):
    x, y = p
    return (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2


def himmelblau(p):
    x, y = p
    return (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2


def quadratic(x):
    return 0.5 * (10.0 ** torch.arange(7.0) * (x - 1) ** 2).sum()


def barrier(x):
    return (x - torch.log(x)).sum()


FUNCTIONS = {
    "Rosenbrock": (chain, [[-1.2, 1], [0, 0], [3, -4]]),
    "Rosenbrock's chain": (chain, [[0.4, -0.5] * 5, [2] * 10]),
    "Beale": (beale, [[1, 1], [2, 0], [0, 0]]),
    "Himmelblau": (himmelblau, [[0, 0], [-1, 3], [-4, -4], [4, -1]]),
    "ill-conditioned quadratic": (quadratic, [[0] * 7]),
    "barrier": (barrier, [[0.01, 5], [1e-3, 1e-3], [40, 0.5]]),
}


class Counted:
    """A function that notes when its gradient is first small enough."""

    def __init__(self, function):
        self.function = function
        self.evaluations = 0
        self.reached = None

    def __call__(self, x):
        x = torch.tensor(x.tolist(), requires_grad=True)
        value = self.function(x)
        (gradient,) = torch.autograd.grad(value, x)
        self.evaluations += 1
        if self.reached is None and gradient.norm() <= TOLERANCE:
            self.reached = self.evaluations
        return value.item(), gradient.numpy()


def outcome(position, counted):
    """Where a method ended, or null when it left the numbers."""
    finite = all(map(math.isfinite, position))
    return {"position": position if finite else None, "evaluations": counted.reached}


def scipy_minimum(function, start, method, options):
    counted = Counted(function)
    found = scipy.optimize.minimize(
        counted, np.array(start, float), jac=True, method=method, options=options)
    return outcome(found.x.tolist(), counted)


def torch_minimum(function, start):
    counted = Counted(function)
    x = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS(
        [x], max_iter=500, max_eval=2000, history_size=10, tolerance_grad=1e-9,
        tolerance_change=1e-15, line_search_fn="strong_wolfe")

    def closure():
        value, gradient = counted(x.detach())
        x.grad = torch.tensor(gradient)
        return torch.tensor(value)

    optimizer.step(closure)
    return outcome(x.tolist(), counted)


for name, (function, starts) in FUNCTIONS.items():
    for index, start in enumerate(starts):
        print(json.dumps({
            "function": name,
            "start": index,
            "scipy": scipy_minimum(
                function, start, "L-BFGS-B",
                {"maxcor": 10, "gtol": 1e-9, "ftol": 0, "maxiter": 500, "maxfun": 2000}),
            "torch": torch_minimum(function, start),
            "scipyCG": scipy_minimum(
                function, start, "CG", {"gtol": 1e-9, "maxiter": 2000}),
        }))
