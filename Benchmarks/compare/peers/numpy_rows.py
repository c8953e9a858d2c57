"""NumPy: products, the functions it has, sums. No derivatives, so no more."""

import numpy as np

from . import PRODUCTS, numpy_linear_algebra, operands

_generator = np.random.default_rng(7)


def _normal(*shape):
    return _generator.standard_normal(shape, dtype=np.float32)


def _unary(function, *shape):
    def make():
        x = _normal(*shape)
        return lambda: function(x)

    return make


def _binary(function, first, second):
    def make():
        x, y = _normal(*first), _normal(*second)
        return lambda: function(x, y)

    return make


def _product(name):
    def make():
        a, b = operands(name, _normal)
        return lambda: a @ b

    return make


def rows(threads, tuned):
    million = 1_000_000
    return {
        **{name: _product(name) for name in PRODUCTS},
        **numpy_linear_algebra.rows(),
        "matvec/1024": _binary(np.matmul, (1024, 1024), (1024,)),
        "exp-fwd/1e6": _unary(np.exp, million),
        "tanh-fwd/1e6": _unary(np.tanh, million),
        "sigmoid-fwd/1e6": _unary(lambda x: 1 / (1 + np.exp(-x)), million),
        "add-fwd/1e6": _binary(np.add, (million,), (million,)),
        "sum-fwd/1000x1000-axis0": _unary(lambda x: x.sum(axis=0), 1000, 1000),
        "sum-fwd/1000x1000-axis1": _unary(lambda x: x.sum(axis=1), 1000, 1000),
        "overhead/add-4x4-fwd": _binary(np.add, (4, 4), (4, 4)),
    }
