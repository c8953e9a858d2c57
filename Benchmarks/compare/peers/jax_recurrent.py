"""Recurrent layers in JAX, jit-compiled: a scan over steps, the inputs' products before it."""

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from timing import Operation

_generator = np.random.default_rng(7)


def rows():
    return {
        **{f"{name}-fwdbwd/T35-B20-H200": _whole(*kind) for name, kind in KINDS.items()},
        **{f"{name}-step/H128": _step(*kind) for name, kind in KINDS.items()},
    }


def _elman(of_input, state, weight, bias):
    next = jnp.tanh(of_input + state @ weight.T + bias)
    return next, next


def _gru(of_input, state, weight, bias):
    a, b, c = jnp.split(of_input, 3, -1)
    u, v, w = jnp.split(state @ weight.T + bias, 3, -1)
    update = jax.nn.sigmoid(b + v)
    new = jnp.tanh(c + jax.nn.sigmoid(a + u) * w)
    next = (1 - update) * new + update * state
    return next, next


def _lstm(of_input, state, weight, bias):
    hidden, cell = state
    i, f, g, o = jnp.split(of_input + hidden @ weight.T + bias, 4, -1)
    cell = jax.nn.sigmoid(f) * cell + jax.nn.sigmoid(i) * jnp.tanh(g)
    hidden = jax.nn.sigmoid(o) * jnp.tanh(cell)
    return (hidden, cell), hidden


KINDS = {"rnn": (_elman, 1), "gru": (_gru, 3), "lstm": (_lstm, 4)}


def _normal(*shape):
    return jnp.asarray(_generator.standard_normal(shape), jnp.float32)


def _weights(gates, width):
    scale = width**-0.5
    rows = gates * width
    return [scale * _normal(*shape) for shape in ((rows, width), (rows, width), (rows,), (rows,))]


def _start(step, batch, width):
    zeros = jnp.zeros((batch, width), jnp.float32)
    return (zeros, zeros) if step is _lstm else zeros


def _whole(step, gates):
    def make():
        x, upstream = _normal(35, 20, 200), _normal(35, 20, 200)

        def layer(x, weight, recurrent, bias, recurrent_bias):
            def advance(state, of_input):
                return step(of_input, state, recurrent, recurrent_bias)

            return lax.scan(advance, _start(step, 20, 200), x @ weight.T + bias)[1]

        def both(upstream, *inputs):
            value, pullback = jax.vjp(layer, *inputs)
            return value, pullback(upstream)

        inputs = [x, *_weights(gates, 200)]
        compiled = jax.jit(both).lower(upstream, *inputs).compile()
        return lambda: jax.block_until_ready(compiled(upstream, *inputs))

    return make


def _step(step, gates):
    def make():
        weight, recurrent, bias, recurrent_bias = _weights(gates, 128)
        x, state = _normal(1, 128), _start(step, 1, 128)

        def advance(x, state, weight, recurrent, bias, recurrent_bias):
            return step(x @ weight.T + bias, state, recurrent, recurrent_bias)[0]

        weights = (weight, recurrent, bias, recurrent_bias)
        compiled = jax.jit(advance).lower(x, state, *weights).compile()

        def call():
            nonlocal state
            state = jax.block_until_ready(compiled(x, state, *weights))

        return Operation(call)

    return make
