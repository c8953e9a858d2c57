"""Attention in JAX, jit-compiled: the multi-head layer by its definition, and the core alone."""

import jax
import jax.numpy as jnp
import numpy as np

_generator = np.random.default_rng(7)
TIMES = (512, 1024, 2048, 4096, 8192)


def rows():
    return {
        "mha-fwdbwd/B8-T128-D256-h8": _multi_head,
        **{f"attention-causal-fwdbwd/B1-T{time}-D256-h8": _causal(time) for time in TIMES},
    }


def _normal(*shape):
    return jnp.asarray(_generator.standard_normal(shape, dtype=np.float32))


def _gradients(function, *inputs, upstream):
    """A call of the function's pull-back at the inputs."""
    compiled = jax.jit(lambda upstream, *inputs: jax.vjp(function, *inputs)[1](upstream))
    return lambda: jax.block_until_ready(compiled(upstream, *inputs))


def _multi_head():
    def layer(x, weight, bias, out_weight, out_bias):
        projected = (x @ weight.T + bias).reshape(8, 128, 3, 8, 32)
        mean = jax.nn.dot_product_attention(*jnp.moveaxis(projected, 2, 0))
        return mean.reshape(8, 128, 256) @ out_weight.T + out_bias

    return _gradients(
        layer, _normal(8, 128, 256), 0.05 * _normal(768, 256), _normal(768),
        0.05 * _normal(256, 256), _normal(256), upstream=_normal(8, 128, 256))


def _causal(time):
    def core(query, key, value):
        return jax.nn.dot_product_attention(query, key, value, is_causal=True)

    return lambda: _gradients(
        core, *(_normal(1, time, 8, 32) for _ in range(3)), upstream=_normal(1, time, 8, 32))
