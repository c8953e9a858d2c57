"""Convolutions in JAX, jit-compiled."""

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from .convolutions import CASES, TRANSPOSED

_generator = np.random.default_rng(7)


def rows():
    result = {}
    for name, case in CASES.items():
        function = _convolution(case)
        shapes = case.input, case.weight, case.output
        result[f"conv-fwd/{name}"] = _forward(function, shapes)
        result[f"conv-fwdbwd/{name}"] = _both(function, shapes)
    shapes = (32, 64, 14, 14), (64, 32, 2, 2), (32, 32, 28, 28)
    result[f"convT-fwd/{TRANSPOSED}"] = _forward(_transposed, shapes)
    result[f"convT-fwdbwd/{TRANSPOSED}"] = _both(_transposed, shapes)
    return result


def _convolution(case):
    padding = [(case.padding, case.padding)] * 2
    return lambda x, w: lax.conv_general_dilated(
        x, w, (case.stride,) * 2, padding, rhs_dilation=(case.dilation,) * 2,
        feature_group_count=case.groups)


def _transposed(x, w):
    # As PyTorch's: the kernel [in, out, 2, 2], flipped, over the interleaved input.
    flipped = jnp.flip(w, (2, 3)).swapaxes(0, 1)
    return lax.conv_general_dilated(x, flipped, (1, 1), [(1, 1)] * 2, lhs_dilation=(2, 2))


def _normal(shape):
    return jnp.asarray(_generator.standard_normal(shape), jnp.float32)


def _forward(function, shapes):
    def make():
        x, w = _normal(shapes[0]), _normal(shapes[1])
        compiled = jax.jit(function).lower(x, w).compile()
        return lambda: jax.block_until_ready(compiled(x, w))

    return make


def _both(function, shapes):
    def make():
        x, w, upstream = (_normal(shape) for shape in shapes)

        def both(x, w, upstream):
            value, pullback = jax.vjp(function, x, w)
            return value, *pullback(upstream)

        compiled = jax.jit(both).lower(x, w, upstream).compile()
        return lambda: jax.block_until_ready(compiled(x, w, upstream))

    return make
