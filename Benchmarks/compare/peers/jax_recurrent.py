"""Recurrent layers in JAX, jit-compiled: a scan over steps, the inputs' products before it; and a
language model's training step."""

import itertools

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
        "train/lstm-lm-V10000-H200-T35-B20-sgd": _language_model,
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


def _layer(step):
    def layer(x, weight, recurrent, bias, recurrent_bias):
        def advance(state, of_input):
            return step(of_input, state, recurrent, recurrent_bias)

        return lax.scan(advance, _start(step, x.shape[1], 200), x @ weight.T + bias)[1]

    return layer


def _whole(step, gates):
    def make():
        x, upstream = _normal(35, 20, 200), _normal(35, 20, 200)

        def both(upstream, *inputs):
            value, pullback = jax.vjp(_layer(step), *inputs)
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


def _language_model():
    network = _layer(_lstm)

    def loss(parameters, words, following):
        vectors, weights, output, bias = parameters
        logits = network(vectors[words], *weights).reshape(-1, 200) @ output.T + bias
        scores = jnp.take_along_axis(logits, following[:, None], 1)[:, 0]
        return jnp.mean(jax.nn.logsumexp(logits, 1) - scores)

    def step(parameters, words, following):
        gradients = jax.grad(loss)(parameters, words, following)
        return jax.tree.map(lambda p, g: p - 0.1 * g, parameters, gradients)

    compiled = jax.jit(step, donate_argnums=0)
    parameters = (
        _normal(10000, 200), _weights(4, 200), 200**-0.5 * _normal(10000, 200), jnp.zeros(10000))
    batches = itertools.cycle(
        [(_integers(35, 20), _integers(700)) for _ in range(8)])
    held = [parameters]

    def operation():
        held[0] = compiled(held[0], *next(batches))

    return Operation(operation, finish=lambda: jax.block_until_ready(held))


def _integers(*shape):
    return jnp.asarray(_generator.integers(10000, size=shape, dtype=np.int32))
