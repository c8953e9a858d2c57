"""Graph layers from their formulas, dense and in float64, over random graphs, as lines of JSON.

    python graphs.py > graphs.jsonl

Everything is written with matrices over all pairs of nodes, as the papers write it (Kipf and
Welling 2017, equation 2; Velickovic et al. 2018, equations 1 to 6; Hamilton et al. 2017,
algorithm 1), with PyTorch for the gradients only. No edge lists, no graph library. A line holds a
graph and, for each tensor that comes out, its Euclidean norm and two inner products with fixed
vectors. Inputs come from a hash of (seed, position) that the tests compute too.
"""

import json
import random

import torch

from normalization import hashed, summary

CASES = 90


def parameter(shape, seed):
    return (2 * hashed(shape, seed)).requires_grad_()


def with_loops(a):
    return torch.where(torch.eye(len(a), dtype=torch.bool), torch.clamp(a, min=1.0), a)


def convolution(x, a, chance):
    out = chance.choice([1, 2, 5, 9])
    loops = chance.random() < 0.8
    w, b = parameter([out, x.shape[1]], 2), parameter([out], 3)
    if loops:
        a = with_loops(a)
    d = a.sum(1)
    d = torch.where(d > 0, d.clamp(min=1e-300) ** -0.5, torch.zeros_like(d))
    y = torch.tanh((d[:, None] * a * d[None, :]) @ x @ w.T + b)
    return {"out": out, "loops": loops}, y, [w, b]


def sage(x, a, chance):
    out = chance.choice([1, 2, 5, 9])
    kind = chance.choice(["mean", "sum", "maximum"])
    normalized = chance.random() < 0.4
    w, u, b = parameter([out, x.shape[1]], 2), parameter([out, x.shape[1]], 3), parameter([out], 4)
    if kind == "maximum":
        candidates = torch.where(a[:, :, None] > 0, x[None], torch.tensor(-torch.inf).double())
        heard = candidates.amax(1)
        heard = torch.where((a.sum(1) > 0)[:, None], heard, torch.zeros_like(heard))
    else:
        heard = a @ x
        if kind == "mean":
            heard = heard / a.sum(1).clamp(min=1)[:, None]
    y = x @ w.T + heard @ u.T + b
    if normalized:
        y = y / y.norm(dim=1, keepdim=True)
    return {"out": out, "aggregation": kind, "normalized": normalized}, y, [w, u, b]


def attention(x, a, chance):
    out, heads = chance.choice([1, 2, 5]), chance.choice([1, 2, 3])
    averages, loops = chance.random() < 0.5, chance.random() < 0.8
    w = parameter([heads * out, x.shape[1]], 2)
    sender, receiver = parameter([heads, out], 3), parameter([heads, out], 4)
    b = parameter([out if averages else heads * out], 5)
    if loops:
        a = with_loops(a)
    g = (x @ w.T).reshape(len(x), heads, out)
    s = torch.nn.functional.leaky_relu(
        (g * receiver).sum(-1)[:, None] + (g * sender).sum(-1)[None], 0.2)  # [to, from, head]
    e = a[:, :, None] * torch.exp(s)
    total = e.sum(1, keepdim=True)
    alpha = e / torch.where(total > 0, total, torch.ones_like(total))
    y = torch.einsum("ijh,jhf->ihf", alpha, g)
    y = y.mean(1) if averages else y.flatten(1)
    return {"out": out, "heads": heads, "averages": averages, "loops": loops}, y + b, \
        [w, sender, receiver, b]


def main():
    chance = random.Random(4)
    kinds = {"convolution": convolution, "sage": sage, "attention": attention}
    for case in range(CASES):
        nodes, features = chance.choice([1, 2, 3, 7, 20]), chance.choice([1, 3, 4, 8, 17])
        edges = [
            [chance.randrange(nodes), chance.randrange(nodes)]
            for _ in range(chance.choice([0, 1, nodes, 3 * nodes]))
        ]
        a = torch.zeros(nodes, nodes, dtype=torch.float64)
        for sender, receiver in edges:
            a[receiver, sender] += 1
        name = list(kinds)[case % len(kinds)]
        x = (2 * hashed([nodes, features], 1)).requires_grad_()
        settings, y, parameters = kinds[name](x, a, chance)
        y.backward(hashed(list(y.shape), 9))
        tensors = [y, x.grad] + [p.grad for p in parameters]
        print(json.dumps({
            "kind": name, "nodes": nodes, "features": features, "edges": edges, **settings,
            "results": [summary(t, 10 * (i + 1)) for i, t in enumerate(tensors)],
        }))


if __name__ == "__main__":
    main()
