"""Attention in PyTorch: the multi-head layer, and the fused core alone, causal."""

import torch
import torch.nn.functional as F
from torch import nn

TIMES = (512, 1024, 2048, 4096, 8192)


def rows():
    return {
        "mha-fwdbwd/B8-T128-D256-h8": _multi_head,
        **{f"attention-causal-fwdbwd/B1-T{time}-D256-h8": _causal(time) for time in TIMES},
    }


def _multi_head():
    layer = nn.MultiheadAttention(256, 8, batch_first=True)
    x, upstream = torch.randn(8, 128, 256, requires_grad=True), torch.randn(8, 128, 256)
    inputs = [x, *layer.parameters()]
    return lambda: torch.autograd.grad(
        layer(x, x, x, need_weights=False)[0], inputs, upstream)


def _causal(time):
    def make():
        inputs = [torch.randn(1, 8, time, 32, requires_grad=True) for _ in range(3)]
        upstream = torch.randn(1, 8, time, 32)
        return lambda: torch.autograd.grad(
            F.scaled_dot_product_attention(*inputs, is_causal=True), inputs, upstream)

    return make
