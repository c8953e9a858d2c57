"""Convolutions in PyTorch; tuned, images and weights are channels-last and nothing is recorded where
no gradient is asked for."""

import itertools

import torch
import torch.nn.functional as F
from torch import nn

from timing import Operation

from .convolutions import CASES, TRANSPOSED


def rows(tuned):
    result = {}
    for name, case in CASES.items():
        function = _convolution(case)
        shapes = case.input, case.weight, case.output
        result[f"conv-fwd/{name}"] = _forward(function, shapes, tuned)
        result[f"conv-fwdbwd/{name}"] = _both(function, shapes, tuned)
    shapes = (32, 64, 14, 14), (64, 32, 2, 2), (32, 32, 28, 28)
    back = lambda x, w: F.conv_transpose2d(x, w, stride=2)
    result[f"convT-fwd/{TRANSPOSED}"] = _forward(back, shapes, tuned)
    result[f"convT-fwdbwd/{TRANSPOSED}"] = _both(back, shapes, tuned)
    return {**result, **_training(tuned)}


def _convolution(case):
    return lambda x, w: F.conv2d(
        x, w, None, case.stride, case.padding, case.dilation, case.groups)


def _images(shape, tuned):
    layout = torch.channels_last if tuned else torch.contiguous_format
    return torch.randn(shape).to(memory_format=layout)


def _forward(function, shapes, tuned):
    def make():
        x, w = _images(shapes[0], tuned), _images(shapes[1], tuned)
        return Operation(lambda: function(x, w), context=torch.inference_mode)

    return make


def _both(function, shapes, tuned):
    def make():
        x, w = (_images(shape, tuned).requires_grad_() for shape in shapes[:2])
        upstream = _images(shapes[2], tuned)
        return lambda: torch.autograd.grad(function(x, w), (x, w), upstream)

    return make


def _training(tuned):
    def steps(network, loss, batches):
        network = network.to(memory_format=torch.channels_last) if tuned else network
        optimizer = torch.optim.Adam(network.parameters(), 1e-3, fused=tuned)
        turns = itertools.cycle(batches)

        def operation():
            x, target = next(turns)
            optimizer.zero_grad()
            loss(network(x), target).backward()
            optimizer.step()

        return operation

    def network():
        model = nn.Sequential(
            nn.Conv2d(1, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
            nn.Linear(3136, 128), nn.ReLU(), nn.Linear(128, 10))
        batches = [
            (_images((64, 1, 28, 28), tuned), torch.randint(0, 10, (64,))) for _ in range(8)]
        return steps(model, F.cross_entropy, batches)

    def autoencoder():
        model = nn.Sequential(
            nn.Conv2d(1, 16, 3, 2, 1), nn.ReLU(), nn.Conv2d(16, 32, 3, 2, 1), nn.ReLU(),
            nn.ConvTranspose2d(32, 16, 2, 2), nn.ReLU(), nn.ConvTranspose2d(16, 1, 2, 2),
            nn.Sigmoid())
        images = [_images((64, 1, 28, 28), tuned) for _ in range(8)]
        return steps(model, F.mse_loss, [(x, x) for x in images])

    return {
        "train/cnn-28x28-b64-adam": network, "train/conv-autoencoder-28x28-b64-adam": autoencoder}
