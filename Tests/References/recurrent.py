"""Recurrent layers of PyTorch in float64 over random configurations, as lines of JSON.

    python recurrent.py > recurrent.jsonl

Made with PyTorch 2.15. A line holds a configuration, the names and shapes of its state dictionary,
and for each tensor that comes out its Euclidean norm and two inner products with fixed vectors: a
mistake in any element moves them. Inputs, weights and vectors come from a hash of (seed, position)
that the tests compute too. Sequences of different lengths go in packed.
"""

import json
import random

import torch
from normalization import hashed, summary
from torch import nn

CASES = 72
KINDS = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}


def configuration(draw, index):
    kind = list(KINDS)[index % 3]
    case = {
        "kind": kind,
        "inputs": draw.randint(1, 6),
        "hidden": draw.choice([1, 3, 5, 8, 11]),
        "layers": draw.choice([1, 1, 2, 3]),
        "bidirectional": draw.random() < 0.5,
        "bias": draw.random() < 0.8,
        "time": draw.randint(1, 7),
        "batch": draw.choice([1, 2, 3, 4, 7]),
        "activation": draw.choice(["tanh", "relu"]) if kind == "rnn" else "tanh",
    }
    lengths = [draw.randint(1, case["time"]) for _ in range(case["batch"])]
    case["lengths"] = lengths if draw.random() < 0.5 else None
    return case


def build(case):
    options = {"nonlinearity": case["activation"]} if case["kind"] == "rnn" else {}
    layer = KINDS[case["kind"]](
        case["inputs"], case["hidden"], case["layers"], bias=case["bias"],
        bidirectional=case["bidirectional"], dtype=torch.float64, **options)
    with torch.no_grad():
        for index, parameter in enumerate(layer.parameters()):
            parameter.copy_(hashed(tuple(parameter.shape), 100 + index))
    return layer


def run(case):
    layer = build(case)
    x = hashed((case["time"], case["batch"], case["inputs"]), 1) * 3
    directions = case["layers"] * (2 if case["bidirectional"] else 1)
    count = 2 if case["kind"] == "lstm" else 1
    states = [hashed((directions, case["batch"], case["hidden"]), 2 + i) for i in range(count)]
    inputs = [tensor.requires_grad_() for tensor in (x, *states)]
    start = tuple(inputs[1:]) if count == 2 else inputs[1]
    if case["lengths"]:
        packed = nn.utils.rnn.pack_padded_sequence(
            inputs[0], torch.tensor(case["lengths"]), enforce_sorted=False)
        packed, end = layer(packed, start)
        y, _ = nn.utils.rnn.pad_packed_sequence(packed, total_length=case["time"])
    else:
        y, end = layer(inputs[0], start)
    ends = list(end) if count == 2 else [end]
    loss = sum((t * hashed(tuple(t.shape), 4 + i)).sum() for i, t in enumerate([y, *ends]))
    gradients = torch.autograd.grad(loss, [*inputs, *layer.parameters()])
    tensors = [y, *ends, *gradients]
    return {
        "names": [[name, list(value.shape)] for name, value in layer.state_dict().items()],
        "tensors": [summary(tensor, 20 + 10 * i) for i, tensor in enumerate(tensors)],
    }


def main():
    draw = random.Random(6)
    for index in range(CASES):
        case = configuration(draw, index)
        print(json.dumps({**case, **run(case)}))


if __name__ == "__main__":
    main()
