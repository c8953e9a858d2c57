"""PyTorch, eager: as a user would write it, or tuned.

Tuned means inference mode where no gradient is asked for, fused optimizers, and an allocator that
keeps its memory (compare.py sets it before the process starts).
"""

import itertools

import torch
import torch.nn.functional as F
from torch import nn

from timing import Operation

from . import (
    PRODUCTS, operands, torch_attention, torch_convolution, torch_embeddings, torch_gaussian,
    torch_linear_algebra, torch_normalization, torch_pooling, torch_recurrent, torch_transformer)


def rows(threads, tuned):
    torch.set_num_threads(threads)
    torch.manual_seed(7)
    forward = {**_products(), **_elementwise(), **_reductions(), **_smallest()}
    if tuned:
        forward = {name: _inferring(make) for name, make in forward.items()}
    parts = {
        **torch_linear_algebra.rows(tuned), **torch_convolution.rows(tuned),
        **torch_pooling.rows(tuned), **torch_normalization.rows(tuned),
        **torch_recurrent.rows(tuned), **torch_attention.rows(), **torch_embeddings.rows(tuned),
        **torch_gaussian.rows(),
    }
    return {**forward, **parts, **_losses(), **_overhead(), **_training(tuned)}


def _inferring(make):
    """The row in inference mode, inputs included."""

    def make_inferring():
        with torch.inference_mode():
            return Operation(make(), context=torch.inference_mode)

    return make_inferring


def _function(function, *shapes):
    def make():
        inputs = [torch.randn(shape) for shape in shapes]
        return lambda: function(*inputs)

    return make


# Forward only


def _products():
    def product(name):
        def make():
            a, b = operands(name, torch.randn)
            return lambda: a @ b

        return make

    return {
        **{name: product(name) for name in PRODUCTS},
        "matvec/1024": _function(torch.matmul, (1024, 1024), (1024,)),
    }


def _elementwise():
    million = (1_000_000,)
    functions = {
        "exp": torch.exp, "tanh": torch.tanh, "sigmoid": torch.sigmoid, "softplus": F.softplus,
        "gelu": F.gelu, "leakyrelu": F.leaky_relu, "hardtanh": F.hardtanh,
        "hardsigmoid": F.hardsigmoid, "hardswish": F.hardswish, "elu": F.elu,
        "softsign": F.softsign, "mish": F.mish,
    }
    return {
        **{f"{name}-fwd/1e6": _function(f, million) for name, f in functions.items()},
        "add-fwd/1e6": _function(torch.add, million, million),
    }


def _reductions():
    return {
        f"sum-fwd/1000x1000-axis{axis}": _function(lambda x, axis=axis: x.sum(axis), (1000, 1000))
        for axis in (0, 1)
    }


def _smallest():
    return {"overhead/add-4x4-fwd": _function(torch.add, (4, 4), (4, 4))}


# Forward and backward


def _losses():
    def softmax():
        x = torch.randn(512, 1000, requires_grad=True)
        upstream = torch.randn(512, 1000)
        return lambda: torch.autograd.grad(torch.softmax(x, -1), x, upstream)

    def cross_entropy():
        x = torch.randn(512, 1000, requires_grad=True)
        labels = torch.randint(1000, (512,))
        upstream = torch.randn(())
        return lambda: torch.autograd.grad(F.cross_entropy(x, labels), x, upstream)

    return {"softmax-fwdbwd/512x1000": softmax, "crossentropy-fwdbwd/512x1000": cross_entropy}


def _overhead():
    def chain(length):
        def make():
            a = torch.randn(4, 4, requires_grad=True)
            b = torch.randn(4, 4, requires_grad=True)
            upstream = torch.randn(4, 4)

            def operation():
                total = a
                for _ in range(length):
                    total = total + b
                return torch.autograd.grad(total, (a, b), upstream)

            return operation

        return make

    return {
        "overhead/add-4x4-fwdbwd-single": chain(1),
        "overhead/add-4x4-fwdbwd-chain100": chain(100),
    }


# Training


def _training(tuned):
    fused = {"fused": True} if tuned else {}

    def step(model, make_optimizer, batches, loss):
        optimizer = make_optimizer(model.parameters(), **fused)
        batches = itertools.cycle(batches)

        def operation():
            inputs, targets = next(batches)
            optimizer.zero_grad()
            loss(model(inputs), targets).backward()
            optimizer.step()

        return operation

    def sgd(parameters, **options):
        return torch.optim.SGD(parameters, lr=0.01, **options)

    def adam(parameters, **options):
        return torch.optim.Adam(parameters, lr=1e-3, **options)

    def xor():
        model = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1))
        batches = [(torch.randn(4, 2), torch.randint(2, (4, 1)).float()) for _ in range(8)]
        return step(model, sgd, batches, F.binary_cross_entropy_with_logits)

    def digits(batch):
        return [(torch.randn(batch, 784), torch.randint(10, (batch,))) for _ in range(8)]

    def small():
        model = nn.Sequential(nn.Linear(784, 128), nn.Softplus(), nn.Linear(128, 10))
        return step(model, sgd, digits(64), F.cross_entropy)

    def large():
        model = nn.Sequential(
            nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 512), nn.ReLU(), nn.Linear(512, 10)
        )
        return step(model, adam, digits(128), F.cross_entropy)

    def mixture_density():
        def loss(outputs, targets):
            logits, means, scales = outputs.chunk(3, dim=-1)
            z = (targets - means) * torch.exp(-scales)
            densities = -0.5 * z * z - scales - 0.9189385332046727
            return -torch.logsumexp(F.log_softmax(logits, -1) + densities, -1).mean()

        model = nn.Sequential(nn.Linear(1, 64), nn.Tanh(), nn.Linear(64, 15))
        batches = [(torch.randn(256, 1), torch.randn(256, 1)) for _ in range(8)]
        return step(model, adam, batches, loss)
    def transformer(make):
        model, batches = make()
        return step(model, adam, batches, F.cross_entropy)

    def adam_step():
        parameter = nn.Parameter(torch.randn(10_000_000))
        parameter.grad = torch.randn(10_000_000)
        return adam([parameter], **fused).step

    return {
        "adam-step/1e7": adam_step,
        "train/xor-2-8-1-b4-sgd": xor,
        "train/mlp-784-128-10-softplus-b64-sgd": small,
        "train/mlp-784-512-512-10-relu-b128-adam": large,
        "train/mdn-1-64-5-b256-adam": mixture_density,
        "train/transformer-L2-D128-h4-T64-b32-adam": lambda: transformer(torch_transformer.encoder),
        "train/vit-28x28-p7-D64-L4-h4-b64-adam": lambda: transformer(torch_transformer.vision),
    }
