"""Pooling and resampling of PyTorch in float64 over random configurations, as lines of JSON.

    python pooling.py > pooling.jsonl

Made with PyTorch 2.15. A line holds a configuration and, for the result and for the gradient, the
Euclidean norm and two inner products with fixed vectors, as convolution.py has it; for the indices
of maxima, the inner product with the positions counted from 1. Coarse inputs hold few different
numbers, so that maxima are tied.
"""

import json
import random

import torch
import torch.nn.functional as F

from convolution import hashed, summary

CASES = 420
LARGEST = {1: 18, 2: 10, 3: 6}


def windows(chance, rank, dilates, pads=True):
    kernel = [chance.randint(1, 4) for _ in range(rank)]
    if chance.random() < 0.5:
        kernel = [chance.choice([2, 3])] * rank
    stride = kernel if chance.random() < 0.5 else [chance.randint(1, 3) for _ in range(rank)]
    dilation = [chance.randint(1, 2) if dilates else 1 for _ in range(rank)]
    padding = [chance.randint(0, k // 2) if pads else 0 for k in kernel]
    return {"kernel": kernel, "stride": stride, "dilation": dilation, "padding": padding}


def is_covered(case):
    """Whether each window has an element; where one has none, PyTorch reads beyond its input."""
    keys = ("size", "kernel", "stride", "padding", "dilation")
    for n, k, s, p, d in zip(*(case[key] for key in keys)):
        for start in range(-p, n + p, s):
            if start < n and not any(0 <= start + t * d < n for t in range(k)):
                return False
    return True


def by_rank(functions, rank):
    return functions[rank - 1]


def maximum(case, chance, rank):
    case.update(windows(chance, rank, chance.random() < 0.4), roundsUp=chance.random() < 0.4)
    f = by_rank([F.max_pool1d, F.max_pool2d, F.max_pool3d], rank)
    return lambda x: f(
        x, case["kernel"], case["stride"], case["padding"], case["dilation"],
        ceil_mode=case["roundsUp"], return_indices=True)


def average(case, chance, rank):
    case.update(
        windows(chance, rank, False), roundsUp=chance.random() < 0.4,
        countsPadding=chance.random() < 0.5,
        divisor=chance.choice([None, None, 2, 7]) if rank > 1 else None)
    f = by_rank([F.avg_pool1d, F.avg_pool2d, F.avg_pool3d], rank)
    extra = {"divisor_override": case["divisor"]} if rank > 1 else {}
    return lambda x: f(
        x, case["kernel"], case["stride"], case["padding"], case["roundsUp"],
        case["countsPadding"], **extra)


def lp(case, chance, rank):
    case.update(
        windows(chance, rank, False, pads=False), roundsUp=chance.random() < 0.4,
        power=chance.choice([1, 2, 2, 3, -1]))
    f = by_rank([F.lp_pool1d, F.lp_pool2d, F.lp_pool3d], rank)
    one = (lambda v: v[0]) if rank == 1 else (lambda v: v)
    # Odd powers want inputs that are not negative.
    shift = 0.75 if case["power"] % 2 else 0
    return lambda x: f(
        x + shift, float(case["power"]), one(case["kernel"]), one(case["stride"]), case["roundsUp"])


def adaptive(maximum):
    def make(case, chance, rank):
        case["output"] = [chance.randint(1, n + 2) for n in case["size"]]
        if maximum:
            f = by_rank(
                [F.adaptive_max_pool1d, F.adaptive_max_pool2d, F.adaptive_max_pool3d], rank)
            return lambda x: f(x, case["output"], return_indices=True)
        f = by_rank([F.adaptive_avg_pool1d, F.adaptive_avg_pool2d, F.adaptive_avg_pool3d], rank)
        return lambda x: f(x, case["output"])

    return make


def upsample(case, chance, rank):
    case["linear"] = chance.random() < 0.6
    case["alignsCorners"] = case["linear"] and chance.random() < 0.4
    linear = ["linear", "bilinear", "trilinear"][rank - 1]
    options = {"mode": linear if case["linear"] else "nearest"}
    if case["linear"]:
        options["align_corners"] = case["alignsCorners"]
    if chance.random() < 0.5:
        case["output"] = [chance.randint(1, 2 * n + 3) for n in case["size"]]
        return lambda x: F.interpolate(x, size=case["output"], **options)
    case["factors"] = [chance.choice([0.7, 1, 1.5, 2, 2, 3, 2.3]) for _ in range(rank)]
    # Where rounding makes the output just twice the input, PyTorch takes the factor for 2, in the
    # gradient or, for some shapes, in the result too.
    pairs = zip(case["size"], case["factors"])
    if not case["linear"] and any(int(n * f) == 2 * n and f != 2 for n, f in pairs):
        raise ValueError
    return lambda x: F.interpolate(x, scale_factor=case["factors"], **options)


def unfold(case, chance, rank):
    case.update(windows(chance, 2, chance.random() < 0.4))
    return lambda x: F.unfold(
        x, case["kernel"], case["dilation"], case["padding"], case["stride"])


def shuffle(case, chance, rank):
    case["factor"] = chance.randint(1, 3)
    case["channels"] = chance.randint(1, 2) * case["factor"] ** 2
    return lambda x: F.pixel_shuffle(x, case["factor"])


KINDS = {
    "maximum": maximum, "average": average, "lp": lp, "adaptiveMaximum": adaptive(True),
    "adaptiveAverage": adaptive(False), "upsample": upsample, "unfold": unfold, "shuffle": shuffle,
}


def main():
    chance = random.Random(11)
    count = 0
    while count < CASES:
        kind = chance.choice(["maximum"] * 3 + ["average"] * 2 + ["upsample"] * 2 + list(KINDS))
        rank = 2 if kind in ("unfold", "shuffle") else chance.choice([1, 2, 2, 2, 3])
        case = {
            "kind": kind, "batch": chance.randint(1, 2), "channels": chance.randint(1, 3),
            "size": [chance.randint(1, LARGEST[rank]) for _ in range(rank)],
            "coarse": kind in ("maximum", "adaptiveMaximum") and chance.random() < 0.5,
        }
        if kind == "maximum" and chance.random() < 0.2:
            case["size"][-1] = chance.randint(16, 40)
        try:
            function = KINDS[kind](case, chance, rank)
        except ValueError:
            continue
        x = hashed([case["batch"], case["channels"], *case["size"]], 1)
        x = ((x * 6).floor() if case["coarse"] else x).requires_grad_()
        if kind == "maximum" and not is_covered(case):
            continue
        try:
            y = function(x)
        except (RuntimeError, ValueError):
            continue  # no output
        if isinstance(y, tuple):
            y, indices = y
            positions = torch.arange(1, indices.numel() + 1).reshape(indices.shape)
            case["indices"] = int((indices * positions).sum())
        y.backward(hashed(tuple(y.shape), 4))
        case["result"] = summary(y.detach(), 10)
        case["gradient"] = summary(x.grad, 20)
        case["shape"] = list(y.shape)
        print(json.dumps(case))
        count += 1


if __name__ == "__main__":
    main()
