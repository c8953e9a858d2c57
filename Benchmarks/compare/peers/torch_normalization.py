"""Normalisation layers in PyTorch, with scale and shift; tuned, images are channels-last."""

import torch
from torch import nn


def rows(tuned):
    return {
        "batchnorm2d-fwdbwd/32x64x28x28": _row(lambda: nn.BatchNorm2d(64), (32, 64, 28, 28), tuned),
        "layernorm-fwdbwd/512x768": _row(lambda: nn.LayerNorm(768), (512, 768), tuned),
        "rmsnorm-fwdbwd/512x768": _row(lambda: nn.RMSNorm(768, eps=1e-5), (512, 768), tuned),
    }


def _row(make_layer, shape, tuned):
    def make():
        layer = make_layer()
        x, upstream = torch.randn(shape), torch.randn(shape)
        if tuned and len(shape) == 4:
            x = x.to(memory_format=torch.channels_last)
            upstream = upstream.to(memory_format=torch.channels_last)
        inputs = [x.requires_grad_(), *layer.parameters()]
        return lambda: torch.autograd.grad(layer(x), inputs, upstream)

    return make
