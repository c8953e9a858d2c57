"""Recurrent layers in PyTorch, and a language model's training step. A cell's step is, tuned, in
inference mode; the training step has, tuned, the fused optimizer."""

import itertools

import torch
import torch.nn.functional as F
from torch import nn

from timing import Operation

KINDS = {"rnn": (nn.RNN, nn.RNNCell), "gru": (nn.GRU, nn.GRUCell), "lstm": (nn.LSTM, nn.LSTMCell)}


def rows(tuned):
    return {
        **{f"{name}-fwdbwd/T35-B20-H200": _whole(layer) for name, (layer, _) in KINDS.items()},
        **{f"{name}-step/H128": _step(cell, tuned) for name, (_, cell) in KINDS.items()},
        "train/lstm-lm-V10000-H200-T35-B20-sgd": lambda: _language_model(tuned),
    }


def _whole(layer):
    def make():
        model = layer(200, 200)
        x, upstream = torch.randn(35, 20, 200, requires_grad=True), torch.randn(35, 20, 200)
        inputs = [x, *model.parameters()]
        return lambda: torch.autograd.grad(model(x)[0], inputs, upstream)

    return make


def _step(cell, tuned):
    context = torch.inference_mode if tuned else torch.no_grad

    def make():
        with context():
            model, x = cell(128, 128), torch.randn(1, 128)
            state = model(x)

        def call():
            nonlocal state
            state = model(x, state)

        return Operation(call, context=context)

    return make


def _language_model(tuned):
    embedding, network, output = nn.Embedding(10000, 200), nn.LSTM(200, 200), nn.Linear(200, 10000)
    parameters = [p for part in (embedding, network, output) for p in part.parameters()]
    optimizer = torch.optim.SGD(parameters, lr=0.1, **({"fused": True} if tuned else {}))
    batches = itertools.cycle(
        [(torch.randint(10000, (35, 20)), torch.randint(10000, (700,))) for _ in range(8)])

    def operation():
        words, following = next(batches)
        optimizer.zero_grad()
        logits = output(network(embedding(words))[0].flatten(0, 1))
        F.cross_entropy(logits, following).backward()
        optimizer.step()

    return operation
