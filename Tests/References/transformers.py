"""Transformer layers of PyTorch in float64 over random configurations, as lines of JSON.

    python transformers.py > transformers.jsonl

Made with PyTorch 2.15. A line holds a configuration, the names of the state dict, and for each tensor that comes out (the result, then the gradients of the inputs and of each
parameter) its Euclidean norm and two inner products with fixed vectors: a mistake in any element
moves them. Inputs, weights and vectors come from a hash of (seed, position) that the tests compute
too.

The vision transformer is put together here from PyTorch's convolution, encoder layers and norm, and
its parameters have the names of torchvision's.
"""

import json
import random

import torch
from torch import nn
from torch.nn import functional as F

from attention import keeps, result
from normalization import hashed

LAYERS, STACKS, VISION = 90, 30, 24


def set_state(module, case, rename=lambda name: name):
    """Hashed values from seed 40 on; 1 more where a norm scales."""
    case["names"] = [rename(name) for name, _ in module.named_parameters()]
    with torch.no_grad():
        for seed, (name, parameter) in enumerate(module.named_parameters(), 40):
            scales = "norm" in name and name.endswith("weight")
            parameter.copy_(hashed(tuple(parameter.shape), seed) + scales)


def hidden_from(kind, queries, keys, seed):
    """A mask as PyTorch has it."""
    if kind == "bool":
        mask = ~keeps((queries, keys), seed)
        mask[:, 0] = False
        return mask
    if kind == "added":
        return hashed((queries, keys), seed) * 3
    if kind == "causal":
        return ~torch.ones(queries, keys, dtype=torch.bool).tril()
    return None


def padded(lengths, count, mask):
    if not lengths:
        return None
    padding = torch.arange(count) >= torch.tensor(lengths).unsqueeze(1)
    if mask is not None and mask.is_floating_point():
        padding = torch.zeros(padding.shape, dtype=torch.float64).masked_fill(padding, -torch.inf)
    return padding


def configuration(chance):
    heads = chance.choice([1, 2, 4])
    return {
        "heads": heads, "width": heads * chance.choice([2, 5, 8]),
        "hidden": chance.choice([1, 7, 24]),
        "activation": chance.choice(["relu", "gelu", "silu"]),
        "prenorm": chance.random() < 0.5, "bias": chance.random() < 0.7,
        "epsilon": chance.choice([1e-5, 1e-3]),
    }


def arguments(c):
    return dict(
        d_model=c["width"], nhead=c["heads"], dim_feedforward=c["hidden"], dropout=0.0,
        activation={"relu": F.relu, "gelu": F.gelu, "silu": F.silu}[c["activation"]],
        layer_norm_eps=c["epsilon"], batch_first=True, norm_first=c["prenorm"], bias=c["bias"],
        dtype=torch.float64)


def lengths(chance, batch, count):
    return [chance.randint(1, count) for _ in range(batch)] if chance.random() < 0.5 else None


def run(chance, depth):
    case = {"kind": chance.choice(["encoder", "decoder"]), "depth": depth, **configuration(chance)}
    batch, time, memory_time = (
        chance.randint(1, 3), chance.choice([1, 4, 11]), chance.choice([1, 3, 9]))
    case |= {
        "batch": batch, "time": time, "memoryTime": memory_time,
        "mask": chance.choice([None, "bool", "added", "causal"]),
        "lengths": lengths(chance, batch, time), "final": depth > 0 and chance.random() < 0.5,
    }
    decodes = case["kind"] == "decoder"
    layer = (nn.TransformerDecoderLayer if decodes else nn.TransformerEncoderLayer)(
        **arguments(case))
    if depth > 0:
        norm = nn.LayerNorm(
            case["width"], eps=case["epsilon"], bias=case["bias"], dtype=torch.float64)
        norm = norm if case["final"] else None
        layer = nn.TransformerDecoder(layer, depth, norm) if decodes else nn.TransformerEncoder(
            layer, depth, norm, enable_nested_tensor=False)
    set_state(layer, case)
    x = (hashed((batch, time, case["width"]), 1) * 2).requires_grad_()
    inputs = [x]
    mask = hidden_from(case["mask"], time, time, 5)
    padding = padded(case["lengths"], time, mask)
    if decodes:
        memory = (hashed((batch, memory_time, case["width"]), 2) * 2).requires_grad_()
        inputs.append(memory)
        case["memoryMask"] = chance.choice([None, "bool", "added"])
        case["memoryLengths"] = lengths(chance, batch, memory_time)
        memory_mask = hidden_from(case["memoryMask"], time, memory_time, 6)
        y = layer(
            x, memory, tgt_mask=mask, memory_mask=memory_mask, tgt_key_padding_mask=padding,
            memory_key_padding_mask=padded(case["memoryLengths"], memory_time, memory_mask))
    elif depth > 0:
        y = layer(x, mask=mask, src_key_padding_mask=padding)
    else:
        y = layer(x, src_mask=mask, src_key_padding_mask=padding)
    y.backward(hashed(tuple(y.shape), 4))
    case["tensors"] = result([y, *(i.grad for i in inputs), *(p.grad for p in layer.parameters())])
    return case


class Vision(nn.Module):
    def __init__(self, c):
        super().__init__()
        rows, columns = (side // c["patch"] for side in c["size"])
        kind = dict(dtype=torch.float64)
        self.has_token = c["pooling"] == "token"
        if self.has_token:
            self.class_token = nn.Parameter(torch.zeros(1, 1, c["width"], **kind))
        self.conv_proj = nn.Conv2d(c["channels"], c["width"], c["patch"], c["patch"], **kind)
        self.positions = nn.Parameter(
            torch.zeros(1, rows * columns + self.has_token, c["width"], **kind))
        layer = nn.TransformerEncoderLayer(**arguments(c | {"activation": "gelu", "bias": True}))
        norm = nn.LayerNorm(c["width"], eps=c["epsilon"], **kind)
        self.encoder = nn.TransformerEncoder(
            layer, c["depth"], norm, enable_nested_tensor=False)
        self.head = nn.Linear(c["width"], c["classes"], **kind)

    def forward(self, x):
        z = self.conv_proj(x).flatten(2).transpose(1, 2)
        if self.has_token:
            z = torch.cat([self.class_token.expand(len(x), -1, -1), z], 1)
        z = self.encoder(z + self.positions)
        return self.head(z[:, 0] if self.has_token else z.mean(1))


def torchvision_name(name):
    for old, new in [
        ("encoder.layers.", "encoder.layers.encoder_layer_"), ("encoder.norm.", "encoder.ln."),
        ("self_attn.", "self_attention."), ("linear1.", "mlp.0."), ("linear2.", "mlp.3."),
        ("norm1.", "ln_1."), ("norm2.", "ln_2."), ("positions", "encoder.pos_embedding"),
    ]:
        name = name.replace(old, new)
    return "heads." + name if name.startswith("head.") else name


def vision(chance):
    patch = chance.choice([1, 2, 3])
    heads = chance.choice([1, 2])
    case = {
        "kind": "vision", "patch": patch, "channels": chance.choice([1, 3]),
        "size": [patch * chance.randint(1, 3), patch * chance.randint(1, 3)],
        "heads": heads, "width": heads * chance.choice([2, 5]), "hidden": chance.choice([3, 12]),
        "depth": chance.choice([1, 2]), "classes": chance.choice([1, 4]), "prenorm": True,
        "epsilon": 1e-6, "bias": True, "batch": chance.randint(1, 3),
        "pooling": chance.choice(["token", "mean"]), "activation": "gelu", "time": 0,
    }
    model = Vision(case)
    set_state(model, case, torchvision_name)
    x = (hashed((case["batch"], case["channels"], *case["size"]), 1) * 2).requires_grad_()
    y = model(x)
    y.backward(hashed(tuple(y.shape), 4))
    case["tensors"] = result([y, x.grad, *(p.grad for p in model.parameters())])
    return case


def main():
    torch.set_num_threads(1)
    chance = random.Random(17)
    for _ in range(LAYERS):
        print(json.dumps(run(chance, 0)))
    for _ in range(STACKS):
        print(json.dumps(run(chance, chance.choice([1, 2]))))
    for _ in range(VISION):
        print(json.dumps(vision(chance)))


if __name__ == "__main__":
    main()
