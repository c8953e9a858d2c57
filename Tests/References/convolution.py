"""Convolutions of PyTorch in float64 over random configurations, as lines of JSON.

    python convolution.py > convolution.jsonl

Made with PyTorch 2.15. A line holds a configuration and, for the result and for each gradient, its
Euclidean norm and two inner products with fixed vectors: a mistake in any element moves them. Inputs
and vectors come from a hash of (seed, position) that the tests compute too, so the file stays small.
"""

import json
import random

import numpy as np
import torch
import torch.nn.functional as F

CASES = 320


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
    return [
        float(torch.linalg.vector_norm(tensor)),
        *(float((tensor * hashed(tuple(tensor.shape), seed + i)).sum()) for i in range(2)),
    ]


def configuration(rank, chance):
    groups = chance.choice([1, 1, 1, 2, 3])
    kernel = [chance.randint(1, 4) for _ in range(rank)]
    if chance.random() < 0.4:
        kernel = [3] * rank
    stride = [chance.choice([1, 1, 2, 3]) for _ in range(rank)]
    dilation = [chance.choice([1, 1, 1, 2]) for _ in range(rank)]
    if chance.random() < 0.4:
        stride, dilation = [1] * rank, [1] * rank
    padding = [chance.randint(0, 2) for _ in range(rank)]
    largest = {1: 20, 2: 11, 3: 6}[rank]
    size = [
        max(d * (k - 1) + 1 - 2 * p, 1) + chance.randint(0, largest)
        for k, d, p in zip(kernel, dilation, padding)
    ]
    depthwise = chance.random() < 0.15
    inputs = chance.randint(2, 5) if depthwise else groups * chance.randint(1, 4)
    groups = inputs if depthwise else groups
    return {
        "batch": chance.randint(1, 3), "inputs": inputs,
        "outputs": groups * chance.randint(1, 2 if depthwise else 5), "groups": groups,
        "size": size, "kernel": kernel, "stride": stride, "padding": padding,
        "dilation": dilation, "bias": chance.random() < 0.5,
    }


def convolve(case, x, w, b):
    options = {"stride": case["stride"], "padding": case["padding"],
               "dilation": case["dilation"], "groups": case["groups"]}
    rank = len(case["size"])
    if case["transposed"]:
        function = [F.conv_transpose1d, F.conv_transpose2d, F.conv_transpose3d][rank - 1]
        return function(x, w, b, output_padding=case["outputPadding"], **options)
    return [F.conv1d, F.conv2d, F.conv3d][rank - 1](x, w, b, **options)


def main():
    chance = random.Random(7)
    count = 0
    while count < CASES:
        case = configuration(chance.choice([1, 2, 2, 2, 3]), chance)
        case["transposed"] = chance.random() < 0.35
        case["outputPadding"] = [chance.randint(0, s - 1) for s in case["stride"]]
        if case["transposed"]:
            weight = [case["inputs"], case["outputs"] // case["groups"], *case["kernel"]]
        else:
            weight = [case["outputs"], case["inputs"] // case["groups"], *case["kernel"]]
        x = hashed([case["batch"], case["inputs"], *case["size"]], 1).requires_grad_()
        w = hashed(weight, 2).requires_grad_()
        b = hashed([case["outputs"]], 3).requires_grad_() if case["bias"] else None
        try:
            y = convolve(case, x, w, b)
        except RuntimeError:
            continue  # no output
        y.backward(hashed(tuple(y.shape), 4))
        case["result"] = summary(y.detach(), 10)
        case["inputGradient"] = summary(x.grad, 20)
        case["weightGradient"] = summary(w.grad, 30)
        case["biasGradient"] = summary(b.grad, 40) if b is not None else None
        case["shape"] = list(y.shape)
        print(json.dumps(case))
        count += 1


if __name__ == "__main__":
    main()
