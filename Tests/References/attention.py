"""Attention of PyTorch in float64 over random shapes and masks, as lines of JSON.

    python attention.py > attention.jsonl

Made with PyTorch 2.15. A line holds a configuration and, for each tensor that comes out, its
Euclidean norm and two inner products with fixed vectors: a mistake in any element moves them.
Inputs, weights and vectors come from a hash of (seed, position) that the tests compute too, so the
file stays small.
"""

import json
import random

import torch
import torch.nn.functional as F
from torch import nn

from normalization import hashed, summary

DOT_PRODUCTS, MULTI_HEADS = 140, 120


def keeps(shape, seed):
    """Which places a bool mask leaves: about two thirds."""
    return hashed(shape, seed) < 0.17


def result(tensors):
    return [summary(t, 10 * (i + 1)) if t is not None else None for i, t in enumerate(tensors)]


def dot_product(chance):
    lead = [chance.randint(1, 3) for _ in range(chance.choice([0, 1, 1, 1, 2]))]
    group, shared = chance.choice([1, 1, 2, 3]), chance.choice([1, 2, 3])
    queries, keys = (chance.choice([1, 2, 5, 17, 33, 70, 130]) for _ in range(2))
    features, values = chance.choice([1, 3, 8, 16, 20]), chance.choice([1, 4, 8, 16, 19])
    causal = chance.random() < 0.3
    mask = None if causal else chance.choice([None, "bool", "added", "hidden"])
    mask_shape = None
    if mask:
        whole = [*lead, group * shared, queries, keys]
        mask_shape = [1 if chance.random() < 0.3 else extent for extent in whole]
        mask_shape = mask_shape[chance.choice([0, 0, len(whole) - 2]):]
    case = {
        "kind": "dot", "lead": lead, "heads": group * shared, "shared": shared,
        "queries": queries, "keys": keys, "features": features, "values": values,
        "causal": causal, "mask": mask, "maskShape": mask_shape,
        "scale": chance.choice([None, None, 0.7]),
    }
    query = hashed((*lead, group * shared, queries, features), 1) * 4
    key = hashed((*lead, shared, keys, features), 2) * 4
    value = hashed((*lead, shared, keys, values), 3)
    inputs = [x.requires_grad_() for x in (query, key, value)]
    attn_mask = None
    if mask == "bool":
        attn_mask = keeps(tuple(mask_shape), 5)
    elif mask == "added":
        attn_mask = (hashed(tuple(mask_shape), 5) * 3).requires_grad_()
        inputs.append(attn_mask)
    elif mask == "hidden":
        attn_mask = hashed(tuple(mask_shape), 5) * 3
        attn_mask = attn_mask.masked_fill(~keeps(tuple(mask_shape), 6), -torch.inf)
    y = F.scaled_dot_product_attention(
        query, key, value, attn_mask, is_causal=causal, scale=case["scale"], enable_gqa=group > 1)
    y.backward(hashed(tuple(y.shape), 4))
    case["tensors"] = result([y, *(x.grad for x in inputs)])
    return case


def multi_head(chance):
    heads = chance.choice([1, 2, 4])
    width = heads * chance.choice([2, 5, 8])
    apart = chance.random() < 0.4
    key_width = chance.choice([3, 6, width]) if apart else width
    value_width = chance.choice([4, 7, width]) if apart else width
    cross = apart or chance.random() < 0.3
    batch, queries = chance.randint(1, 4), chance.choice([1, 3, 8, 21, 40])
    keys = chance.choice([1, 4, 9, 35]) if cross else queries
    bias = chance.random() < 0.7
    mask = chance.choice([None, "bool", "added", "causal"])
    case = {
        "kind": "multi", "heads": heads, "width": width, "keyWidth": key_width,
        "valueWidth": value_width, "cross": cross, "batch": batch, "queries": queries,
        "keys": keys, "bias": bias, "mask": mask,
        "lengths": [chance.randint(1, keys) for _ in range(batch)]
        if chance.random() < 0.5 else None,
    }
    layer = nn.MultiheadAttention(
        width, heads, bias=bias, kdim=key_width, vdim=value_width, batch_first=True,
        dtype=torch.float64)
    case["state"] = []
    with torch.no_grad():
        for seed, (name, parameter) in enumerate(layer.named_parameters(), 40):
            parameter.copy_(hashed(tuple(parameter.shape), seed))
            case["state"].append({"name": name, "shape": list(parameter.shape), "seed": seed})
    query = (hashed((batch, queries, width), 1) * 2).requires_grad_()
    key = (hashed((batch, keys, key_width), 2) * 2).requires_grad_() if cross else query
    value = (hashed((batch, keys, value_width), 3) * 2).requires_grad_() if cross else query
    attn_mask = None
    if mask == "bool":
        hidden = ~keeps((queries, keys), 5)
        hidden[:, 0] = False
        attn_mask = hidden
    elif mask == "added":
        attn_mask = hashed((queries, keys), 5) * 3
    elif mask == "causal":
        attn_mask = ~torch.ones(queries, keys, dtype=torch.bool).tril()
    padding = None
    if case["lengths"]:
        padding = torch.arange(keys) >= torch.tensor(case["lengths"]).unsqueeze(1)
        if attn_mask is not None and attn_mask.is_floating_point():
            padding = torch.zeros(batch, keys, dtype=torch.float64).masked_fill(padding, -torch.inf)
    y, weights = layer(
        query, key, value, attn_mask=attn_mask, key_padding_mask=padding,
        average_attn_weights=False)
    y.backward(hashed(tuple(y.shape), 4))
    inputs = [query, key, value] if cross else [query]
    gradients = [x.grad for x in inputs] + [p.grad for p in layer.parameters()]
    case["tensors"] = result([y, weights, *gradients])
    return case


def main():
    torch.set_num_threads(1)
    chance = random.Random(8)
    for make, count in ((dot_product, DOT_PRODUCTS), (multi_head, MULTI_HEADS)):
        for _ in range(count):
            print(json.dumps(make(chance)))


if __name__ == "__main__":
    main()
