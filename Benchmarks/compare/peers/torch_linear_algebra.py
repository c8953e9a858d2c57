"""Linear algebra in PyTorch.

Plain, the Cholesky factor, the log-determinant and the inverse are three functions of one matrix,
as they are in Apus. Tuned, the last two are taken from the factor, as someone would who knows that
the matrix is positive definite: less work.
"""

import torch

from timing import Operation


def rows(tuned):
    three = _from_factor if tuned else _separately
    result = {}
    for size in (64, 512):
        result[f"cholesky-logdet-inverse-fwd/{size}-f64"] = _forward(three, size, tuned)
        result[f"cholesky-logdet-inverse-fwdbwd/{size}-f64"] = _backward(three, size)
    for size in (4, 8):
        for name, dtype in (("f32", torch.float32), ("f64", torch.float64)):
            end = f"{size}x{size}-b10000-{name}"
            result[f"inverse-fwd/{end}"] = _batched(torch.linalg.inv, size, dtype, tuned)
            result[f"determinant-fwd/{end}"] = _batched(torch.linalg.det, size, dtype, tuned)
    return result


def _separately(a):
    return torch.linalg.cholesky(a), torch.linalg.slogdet(a)[1], torch.linalg.inv(a)


def _from_factor(a):
    factor = torch.linalg.cholesky(a)
    return factor, 2 * factor.diagonal().log().sum(), torch.cholesky_inverse(factor)


def _positive_definite(size):
    x = torch.randn(size, size, dtype=torch.float64)
    return x @ x.T / size + torch.eye(size, dtype=torch.float64)


def _operation(make, tuned):
    if not tuned:
        return make

    def make_inferring():
        with torch.inference_mode():
            return Operation(make(), context=torch.inference_mode)

    return make_inferring


def _forward(three, size, tuned):
    def make():
        a = _positive_definite(size)
        return lambda: three(a)

    return _operation(make, tuned)


def _backward(three, size):
    def make():
        a = _positive_definite(size).requires_grad_()
        u, v = (torch.randn(size, size, dtype=torch.float64) for _ in range(2))

        def operation():
            factor, logarithm, inverse = three(a)
            value = (factor * u).sum() + 0.7 * logarithm + (inverse * v).sum()
            return torch.autograd.grad(value, a)

        return operation

    return make


def _batched(function, size, dtype, tuned):
    def make():
        a = torch.randn(10_000, size, size, dtype=dtype)
        return lambda: function(a)

    return _operation(make, tuned)
