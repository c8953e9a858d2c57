"""Linear algebra in JAX, jit-compiled; float64 where the row says so."""

import jax
import jax.numpy as jnp
import numpy as np

_generator = np.random.default_rng(7)


def rows():
    result = {}
    for size in (64, 512):
        result[f"cholesky-logdet-inverse-fwd/{size}-f64"] = _in_float64(_forward, size)
        result[f"cholesky-logdet-inverse-fwdbwd/{size}-f64"] = _in_float64(_backward, size)
    for size in (4, 8):
        for name, dtype in (("f32", np.float32), ("f64", np.float64)):
            end = f"{size}x{size}-b10000-{name}"
            result[f"inverse-fwd/{end}"] = _in_float64(_batched, jnp.linalg.inv, size, dtype)
            result[f"determinant-fwd/{end}"] = _in_float64(_batched, jnp.linalg.det, size, dtype)
    return result


def _in_float64(make, *arguments):
    """The row with 64-bit types allowed, which JAX must be told of while it compiles and runs."""

    def make_in_float64():
        with jax.enable_x64(True):
            function, inputs = make(*arguments)
            inputs = [jnp.asarray(x) for x in inputs]
            compiled = jax.jit(function).lower(*inputs).compile()
        return lambda: jax.block_until_ready(compiled(*inputs))

    return make_in_float64


def _three(a):
    return jnp.linalg.cholesky(a), jnp.linalg.slogdet(a)[1], jnp.linalg.inv(a)


def _positive_definite(size):
    x = _generator.standard_normal((size, size))
    return x @ x.T / size + np.eye(size)


def _forward(size):
    return _three, [_positive_definite(size)]


def _backward(size):
    def value(a, u, v):
        factor, logarithm, inverse = _three(a)
        return (factor * u).sum() + 0.7 * logarithm + (inverse * v).sum()

    inputs = [_positive_definite(size), *_generator.standard_normal((2, size, size))]
    return jax.grad(value), inputs


def _batched(function, size, dtype):
    return function, [_generator.standard_normal((10_000, size, size)).astype(dtype)]
