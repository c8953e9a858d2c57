"""Pooling and resampling in PyTorch; tuned, the images are channels-last."""

import torch
import torch.nn.functional as F


def rows(tuned):
    return {
        name: _row(function, size, output, tuned)
        for name, (function, size, output) in _FUNCTIONS.items()
    }


_FUNCTIONS = {
    "maxpool2d-fwdbwd/32x64x28x28-k2": (lambda x: F.max_pool2d(x, 2), 28, 14),
    "maxpool2d-fwdbwd/32x64x28x28-k3s2p1": (lambda x: F.max_pool2d(x, 3, 2, 1), 28, 14),
    "maxpool2d-fwdbwd/32x64x28x28-k3s1p1": (lambda x: F.max_pool2d(x, 3, 1, 1), 28, 28),
    "avgpool2d-fwdbwd/32x64x28x28-k2": (lambda x: F.avg_pool2d(x, 2), 28, 14),
    "avgpool2d-fwdbwd/32x64x28x28-k3s1p1": (lambda x: F.avg_pool2d(x, 3, 1, 1), 28, 28),
    "globalavgpool2d-fwdbwd/32x64x28x28": (lambda x: F.adaptive_avg_pool2d(x, 1), 28, 1),
    "upsample2d-nearest-fwdbwd/32x64x14x14-x2": (
        lambda x: F.interpolate(x, scale_factor=2, mode="nearest"), 14, 28),
    "upsample2d-bilinear-fwdbwd/32x64x14x14-x2": (
        lambda x: F.interpolate(x, scale_factor=2, mode="bilinear"), 14, 28),
}


def _row(function, size, output, tuned):
    def make():
        layout = torch.channels_last if tuned else torch.contiguous_format
        x = torch.randn(32, 64, size, size).to(memory_format=layout).requires_grad_()
        upstream = torch.randn(32, 64, output, output).to(memory_format=layout)
        return lambda: torch.autograd.grad(function(x), x, upstream)

    return make
