"""Normalisation layers of PyTorch in float64 over random shapes, as lines of JSON.

    python normalization.py > normalization.jsonl

Made with PyTorch 2.15. A line holds a configuration and, for each tensor that comes out, its
Euclidean norm and two inner products with fixed vectors: a mistake in any element moves them.
Inputs and vectors come from a hash of (seed, position) that the tests compute too, so the file
stays small.
Batch normalisation trains on two batches (the figures are the second's) and then infers on a third.
"""

import json
import random

import numpy as np
import torch
from torch import nn
from torch.nn.utils import parametrizations

CASES = 240


def hashed(shape, seed):
    """Numbers in −½…½: splitmix64 of seed · 2³² + position."""
    with np.errstate(over="ignore"):
        z = np.arange(int(np.prod(shape)), dtype=np.uint64) + (np.uint64(seed) << np.uint64(32))
        z = z * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    values = (z >> np.uint64(11)).astype(np.float64) / 2.0**53 - 0.5
    return torch.from_numpy(values.reshape(shape))


def summary(tensor, seed):
    tensor = tensor.detach()
    return [
        float(torch.linalg.vector_norm(tensor)),
        *(float((tensor * hashed(tuple(tensor.shape), seed + i)).sum()) for i in range(2)),
    ]


def set_affine(layer):
    with torch.no_grad():
        if layer.weight is not None:
            layer.weight.copy_(hashed(tuple(layer.weight.shape), 2) + 1)
        if getattr(layer, "bias", None) is not None:
            layer.bias.copy_(hashed(tuple(layer.bias.shape), 3))


def run(layer, x):
    """The result and all gradients of one call, in the order result, input, scale, shift."""
    layer.zero_grad()
    x = x.requires_grad_()
    y = layer(x)
    y.backward(hashed(tuple(y.shape), 4))
    tensors = [y, x.grad]
    for name in ("weight", "bias"):
        parameter = getattr(layer, name, None)
        tensors.append(parameter.grad if parameter is not None else None)
    return [summary(t, 10 * (i + 1)) if t is not None else None for i, t in enumerate(tensors)]


def space(chance, most):
    return [chance.randint(1, most) for _ in range(chance.randint(0, 3))]


def batch(chance):
    shape = [chance.randint(2, 6), chance.choice([1, 2, 3, 5, 31, 40, 67]), *space(chance, 5)]
    if chance.random() < 0.1:
        shape = [2, 2, 4500]
    averaging = chance.choice(["exponential", "exponential", "cumulative", "none"])
    case = {
        "kind": "batch", "shape": shape, "affine": chance.random() < 0.7,
        "epsilon": chance.choice([1e-5, 1e-3]), "averaging": averaging,
        "momentum": chance.choice([0.1, 0.5]),
    }
    make = [nn.BatchNorm1d, nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d][len(shape) - 2]
    layer = make(
        shape[1], eps=case["epsilon"], affine=case["affine"],
        momentum=None if averaging == "cumulative" else case["momentum"],
        track_running_stats=averaging != "none").double()
    set_affine(layer)
    layer(hashed(shape, 5) * 3 + 1)
    case["training"] = run(layer, hashed(shape, 1))
    if averaging != "none":
        case["running"] = [summary(layer.running_mean, 60), summary(layer.running_var, 70)]
    layer.eval()
    case["inference"] = run(layer, hashed(shape, 6))
    return case


def layer_or_rms(chance):
    shape = [chance.choice([1, 2, 3, 5, 40]) for _ in range(chance.randint(1, 3))]
    features = [chance.choice([1, 2, 3, 7, 16, 33, 70]) for _ in range(chance.randint(1, 2))]
    if chance.random() < 0.1:
        shape, features = [2], [5000]
    kind = chance.choice(["layer", "rms"])
    case = {
        "kind": kind, "shape": shape + features, "features": features,
        "affine": chance.random() < 0.7, "shift": chance.random() < 0.7,
        "epsilon": chance.choice([1e-5, 1e-3]),
    }
    if kind == "layer":
        layer = nn.LayerNorm(
            features, eps=case["epsilon"], elementwise_affine=case["affine"], bias=case["shift"])
    else:
        layer = nn.RMSNorm(features, eps=case["epsilon"], elementwise_affine=case["affine"])
    layer.double()
    set_affine(layer)
    case["training"] = run(layer, hashed(shape + features, 1))
    return case


def group_or_instance(chance):
    groups = chance.choice([1, 2, 3])
    kind = chance.choice(["group", "instance"])
    shape = [chance.randint(1, 4), groups * chance.randint(1, 4), *space(chance, 5)]
    if kind == "instance" and len(shape) == 2:
        shape.append(6)
    if kind == "instance":
        shape[-1] += 1
    case = {
        "kind": kind, "shape": shape, "groups": groups, "affine": chance.random() < 0.6,
        "epsilon": chance.choice([1e-5, 1e-3]),
    }
    if kind == "group":
        layer = nn.GroupNorm(groups, shape[1], eps=case["epsilon"], affine=case["affine"])
    else:
        make = [nn.InstanceNorm1d, nn.InstanceNorm2d, nn.InstanceNorm3d][len(shape) - 3]
        layer = make(shape[1], eps=case["epsilon"], affine=case["affine"])
    layer.double()
    set_affine(layer)
    case["training"] = run(layer, hashed(shape, 1))
    return case


def local(chance):
    shape = [chance.randint(1, 3), chance.randint(1, 8), *space(chance, 4)]
    if len(shape) == 2:
        shape.append(3)
    case = {
        "kind": "local", "shape": shape, "size": chance.randint(1, 6),
        "alpha": chance.choice([0.5, 2.0]), "beta": chance.choice([0.75, 0.5]),
        "k": chance.choice([1.0, 2.0]),
    }
    layer = nn.LocalResponseNorm(case["size"], case["alpha"], case["beta"], case["k"])
    case["training"] = run(layer, hashed(shape, 1))
    return case


def weight(chance):
    """The result and the gradients of input, direction or weight, and magnitude."""
    kind = chance.choice(["weight", "spectral"])
    convolutional = chance.random() < 0.5
    inputs, outputs = chance.randint(1, 5), chance.randint(2, 6)
    case = {"kind": kind, "inputs": inputs, "outputs": outputs, "convolutional": convolutional}
    layer = nn.Conv2d(inputs, outputs, 3) if convolutional else nn.Linear(inputs, outputs)
    layer.double()
    case["shape"] = [2, inputs, 4, 5] if convolutional else [3, inputs]
    base = hashed(tuple(layer.weight.shape), 2)
    with torch.no_grad():
        layer.bias.zero_()
    if kind == "weight":
        dim = chance.choice([0, 1, -1])
        case["axis"] = dim if dim >= 0 else None
        layer = parametrizations.weight_norm(layer, dim=dim if dim >= 0 else None)
        g, v = (layer.parametrizations.weight.original0, layer.parametrizations.weight.original1)
        with torch.no_grad():
            v.copy_(base)
            g.copy_(hashed(tuple(g.shape), 3) + 1)
        x = hashed(case["shape"], 1).requires_grad_()
    else:
        case["axis"] = chance.choice([0, 1])
        case["rounds"] = chance.randint(1, 3)
        layer = parametrizations.spectral_norm(
            layer, n_power_iterations=case["rounds"], dim=case["axis"])
        norm, v = layer.parametrizations.weight[0], layer.parametrizations.weight.original
        with torch.no_grad():
            v.copy_(base)
            rows, columns = v.shape[case["axis"]], v.numel() // v.shape[case["axis"]]
            norm._u.copy_(nn.functional.normalize(hashed((rows,), 7), dim=0))
            norm._v.copy_(nn.functional.normalize(hashed((columns,), 8), dim=0))
        g = None
        x = hashed(case["shape"], 1).requires_grad_()
    y = layer(x)
    y.backward(hashed(tuple(y.shape), 4))
    case["training"] = [
        summary(y, 10), summary(x.grad, 20), summary(v.grad, 30),
        summary(g.grad, 40) if g is not None else None,
    ]
    if g is None:
        case["running"] = [summary(norm._u, 60), summary(norm._v, 70)]
        layer.eval()
        case["inference"] = [summary(layer(x), 10), None, None, None]
    return case


def main():
    chance = random.Random(7)
    kinds = [batch, batch, batch, layer_or_rms, layer_or_rms, group_or_instance, local, weight]
    for index in range(CASES):
        print(json.dumps(kinds[index % len(kinds)](chance)))


if __name__ == "__main__":
    main()
