"""Recurrent layers in PyTorch. A step is a cell's; tuned, in inference mode."""

import torch
from torch import nn

from timing import Operation

KINDS = {"rnn": (nn.RNN, nn.RNNCell), "gru": (nn.GRU, nn.GRUCell), "lstm": (nn.LSTM, nn.LSTMCell)}


def rows(tuned):
    return {
        **{f"{name}-fwdbwd/T35-B20-H200": _whole(layer) for name, (layer, _) in KINDS.items()},
        **{f"{name}-step/H128": _step(cell, tuned) for name, (_, cell) in KINDS.items()},
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
