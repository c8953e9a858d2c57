"""Pooling in JAX, jit-compiled."""

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

_generator = np.random.default_rng(7)


def rows():
    return {
        "maxpool2d-fwdbwd/32x64x28x28-k2": _row(_maximum(2, 2, 0), 28, 14),
        "maxpool2d-fwdbwd/32x64x28x28-k3s2p1": _row(_maximum(3, 2, 1), 28, 14),
        "maxpool2d-fwdbwd/32x64x28x28-k3s1p1": _row(_maximum(3, 1, 1), 28, 28),
        "avgpool2d-fwdbwd/32x64x28x28-k2": _row(_average(2, 2, 0), 28, 14),
        "avgpool2d-fwdbwd/32x64x28x28-k3s1p1": _row(_average(3, 1, 1), 28, 28),
        "globalavgpool2d-fwdbwd/32x64x28x28": _row(
            lambda x: x.mean((2, 3), keepdims=True), 28, 1),
        "upsample2d-nearest-fwdbwd/32x64x14x14-x2": _row(_resized("nearest"), 14, 28),
        "upsample2d-bilinear-fwdbwd/32x64x14x14-x2": _row(_resized("bilinear"), 14, 28),
    }


def _windows(kernel, stride, padding):
    return {
        "window_dimensions": (1, 1, kernel, kernel), "window_strides": (1, 1, stride, stride),
        "padding": ((0, 0), (0, 0), (padding, padding), (padding, padding)),
    }


def _maximum(*windows):
    return lambda x: lax.reduce_window(x, -jnp.inf, lax.max, **_windows(*windows))


def _average(kernel, *windows):
    return lambda x: lax.reduce_window(
        x, 0.0, lax.add, **_windows(kernel, *windows)) / (kernel * kernel)


def _resized(method):
    def function(x):
        n, c, h, w = x.shape
        return jax.image.resize(x, (n, c, 2 * h, 2 * w), method)

    return function


def _row(function, size, output):
    def make():
        x, upstream = (
            jnp.asarray(_generator.standard_normal((32, 64, n, n)), jnp.float32)
            for n in (size, output)
        )

        def both(x, upstream):
            value, pullback = jax.vjp(function, x)
            return value, pullback(upstream)

        compiled = jax.jit(both).lower(x, upstream).compile()
        return lambda: jax.block_until_ready(compiled(x, upstream))

    return make
