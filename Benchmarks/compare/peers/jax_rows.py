"""JAX, jit-compiled.

Calls run on after they return. A row whose calls do not depend on each other waits for each, or
several would share the processors at once; a training step needs the one before it, so only the
last is waited for, and the parameters are donated to it.
"""

import itertools

import jax
import jax.numpy as jnp
import numpy as np

from timing import Operation

from . import (
    PRODUCTS, jax_attention, jax_convolution, jax_linear_algebra, jax_pooling, jax_recurrent,
    operands)

_generator = np.random.default_rng(7)


def rows(threads, tuned):
    return {
        **_products(), **_elementwise(), **_reductions(), **_losses(), **_overhead(),
        **_training(), **jax_linear_algebra.rows(), **jax_convolution.rows(),
        **jax_pooling.rows(), **jax_recurrent.rows(), **jax_attention.rows(),
    }


def _normal(*shape):
    return jnp.asarray(_generator.standard_normal(shape, dtype=np.float32))


def _labels(count, classes):
    return jnp.asarray(_generator.integers(classes, size=count, dtype=np.int32))


def _independent(function, *inputs):
    compiled = jax.jit(function)
    return lambda: jax.block_until_ready(compiled(*inputs))


def _function(function, *shapes):
    return lambda: _independent(function, *(_normal(*shape) for shape in shapes))


# Forward only


def _products():
    def product(name):
        # The transposition is part of what is compiled: JAX has no views.
        form = PRODUCTS[name][3]
        plain = {"AtB": lambda a, b: a.T @ b, "ABt": lambda a, b: a @ b.T}
        function = plain.get(form, lambda a, b: a @ b)

        def make():
            a, b = operands(name, lambda *shape: np.asarray(_normal(*shape)))
            a = a.T if form == "AtB" else a
            b = b.T if form == "ABt" else b
            return _independent(function, jnp.asarray(a), jnp.asarray(b))

        return make

    return {
        **{name: product(name) for name in PRODUCTS},
        "matvec/1024": _function(jnp.matmul, (1024, 1024), (1024,)),
    }


def _elementwise():
    million = (1_000_000,)
    functions = {
        "exp": jnp.exp, "tanh": jnp.tanh, "sigmoid": jax.nn.sigmoid, "softplus": jax.nn.softplus,
        "gelu": lambda x: jax.nn.gelu(x, approximate=False),
        "leakyrelu": jax.nn.leaky_relu, "hardtanh": jax.nn.hard_tanh,
        "hardsigmoid": jax.nn.hard_sigmoid, "hardswish": jax.nn.hard_swish, "elu": jax.nn.elu,
        "softsign": jax.nn.soft_sign, "mish": jax.nn.mish,
    }
    return {
        **{f"{name}-fwd/1e6": _function(f, million) for name, f in functions.items()},
        "add-fwd/1e6": _function(jnp.add, million, million),
        "overhead/add-4x4-fwd": _function(jnp.add, (4, 4), (4, 4)),
    }


def _reductions():
    return {
        f"sum-fwd/1000x1000-axis{axis}": _function(lambda x, axis=axis: x.sum(axis), (1000, 1000))
        for axis in (0, 1)
    }


# Forward and backward


def _cross_entropy(logits, labels):
    right = jnp.take_along_axis(logits, labels[:, None], axis=1)[:, 0]
    return jnp.mean(jax.nn.logsumexp(logits, axis=1) - right)


def _with_pullback(function):
    """The value of a function and its gradients for an upstream one, which comes first."""

    def both(upstream, *inputs):
        value, pullback = jax.vjp(function, *inputs)
        return value, pullback(upstream)

    return both


def _losses():
    def cross_entropy():
        labels = _labels(512, 1000)
        both = _with_pullback(lambda x: _cross_entropy(x, labels))
        return _independent(both, _normal(), _normal(512, 1000))

    return {
        "softmax-fwdbwd/512x1000": _function(
            _with_pullback(jax.nn.softmax), (512, 1000), (512, 1000)
        ),
        "crossentropy-fwdbwd/512x1000": cross_entropy,
    }


def _overhead():
    def chain(length):
        def function(a, b):
            for _ in range(length):
                a = a + b
            return a

        return _function(_with_pullback(function), (4, 4), (4, 4), (4, 4))

    return {
        "overhead/add-4x4-fwdbwd-single": chain(1),
        "overhead/add-4x4-fwdbwd-chain100": chain(100),
    }


# Training


def _dense(*widths):
    """Weights and biases, Glorot-uniform."""
    parameters = []
    for inputs, outputs in itertools.pairwise(widths):
        bound = (6 / (inputs + outputs)) ** 0.5
        weight = _generator.uniform(-bound, bound, (outputs, inputs)).astype(np.float32)
        parameters.append((jnp.asarray(weight), jnp.zeros(outputs)))
    return parameters


def _apply(parameters, x, activation):
    for weight, bias in parameters[:-1]:
        x = activation(x @ weight.T + bias)
    weight, bias = parameters[-1]
    return x @ weight.T + bias


def _sgd_update(parameters, gradients, state):
    return jax.tree.map(lambda p, g: p - 0.01 * g, parameters, gradients), state


def _adam_update(parameters, gradients, state):
    count, first, second = state
    count = count + 1
    first = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, first, gradients)
    second = jax.tree.map(lambda s, g: 0.999 * s + 0.001 * g * g, second, gradients)
    c1, c2 = 1 - 0.9**count, 1 - 0.999**count

    def move(p, m, s):
        return p - 1e-3 * (m / c1) / (jnp.sqrt(s / c2) + 1e-8)

    return jax.tree.map(move, parameters, first, second), (count, first, second)


def _adam_state(parameters):
    # Two trees of their own: a buffer can be donated once.
    first, second = (jax.tree.map(jnp.zeros_like, parameters) for _ in range(2))
    return jnp.float32(0), first, second


def _chained(step, parameters, state, batches):
    """Each call works on the results of the one before."""
    compiled = jax.jit(step, donate_argnums=(0, 1))
    batches = itertools.cycle(batches)
    held = [parameters, state, None]

    def operation():
        held[:] = compiled(held[0], held[1], next(batches))

    return Operation(operation, finish=lambda: jax.block_until_ready(held))


def _training():
    def step(loss, update):
        def function(parameters, state, batch):
            value, gradients = jax.value_and_grad(loss)(parameters, *batch)
            return *update(parameters, gradients, state), value

        return function

    def xor():
        def loss(parameters, x, targets):
            logits = _apply(parameters, x, jnp.tanh)
            return jnp.mean(jax.nn.softplus(logits) - logits * targets)

        batches = [(_normal(4, 2), _labels((4, 1), 2).astype(jnp.float32)) for _ in range(8)]
        return _chained(step(loss, _sgd_update), _dense(2, 8, 1), (), batches)

    def perceptron(widths, batch, activation, update, state):
        def loss(parameters, x, labels):
            return _cross_entropy(_apply(parameters, x, activation), labels)

        def make():
            parameters = _dense(*widths)
            batches = [(_normal(batch, widths[0]), _labels(batch, 10)) for _ in range(8)]
            return _chained(step(loss, update), parameters, state(parameters), batches)

        return make

    def mixture_density():
        def loss(parameters, x, targets):
            logits, means, scales = jnp.split(_apply(parameters, x, jnp.tanh), 3, axis=-1)
            z = (targets - means) * jnp.exp(-scales)
            densities = -0.5 * z * z - scales - 0.9189385332046727
            joint = jax.nn.log_softmax(logits) + densities
            return -jnp.mean(jax.nn.logsumexp(joint, axis=-1))

        parameters = _dense(1, 64, 15)
        batches = [(_normal(256, 1), _normal(256, 1)) for _ in range(8)]
        return _chained(step(loss, _adam_update), parameters, _adam_state(parameters), batches)

    def adam_step():
        def function(parameter, state, gradient):
            return *_adam_update(parameter, gradient, state), ()

        parameter = _normal(10_000_000)
        return _chained(function, parameter, _adam_state(parameter), [_normal(10_000_000)])

    return {
        "adam-step/1e7": adam_step,
        "train/xor-2-8-1-b4-sgd": xor,
        "train/mlp-784-128-10-softplus-b64-sgd": perceptron(
            (784, 128, 10), 64, jax.nn.softplus, _sgd_update, lambda parameters: ()
        ),
        "train/mlp-784-512-512-10-relu-b128-adam": perceptron(
            (784, 512, 512, 10), 128, jax.nn.relu, _adam_update, _adam_state
        ),
        "train/mdn-1-64-5-b256-adam": mixture_density,
    }
