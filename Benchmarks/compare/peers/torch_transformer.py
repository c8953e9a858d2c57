"""Training steps of transformers in PyTorch, of its own layers, without dropout."""

import torch
from torch import nn


def encoder():
    """A model, and batches: two layers that normalise before, the mean over the tokens, a classifier."""
    layers = _layers(128, 4, 512, 2)
    model = _Pooled(layers, nn.Identity(), lambda x: x.mean(1), nn.Linear(128, 10))
    return model, _batches(32, 64, 128)


def vision():
    """A model, and batches: 16 patches and a class token, four layers, a final normalisation."""
    model = _Pooled(
        _layers(64, 4, 256, 4), nn.LayerNorm(64, eps=1e-6), lambda x: x[:, 0], nn.Linear(64, 10))
    return _Vision(model), _batches(64, 1, 28, 28)


def _layers(width, heads, hidden, depth):
    return nn.Sequential(*(
        nn.TransformerEncoderLayer(
            width, heads, hidden, 0, "gelu", batch_first=True, norm_first=True)
        for _ in range(depth)))


def _batches(count, *shape):
    return [(torch.randn(count, *shape), torch.randint(10, (count,))) for _ in range(8)]


class _Pooled(nn.Module):
    def __init__(self, layers, norm, pool, head):
        super().__init__()
        self.layers, self.norm, self.pool, self.head = layers, norm, pool, head

    def forward(self, x):
        return self.head(self.pool(self.norm(self.layers(x))))


class _Vision(nn.Module):
    def __init__(self, encoder):
        super().__init__()
        self.patches = nn.Conv2d(1, 64, 7, 7)
        self.token = nn.Parameter(torch.zeros(1, 1, 64))
        self.positions = nn.Parameter(0.02 * torch.randn(1, 17, 64))
        self.encoder = encoder

    def forward(self, x):
        places = self.patches(x).flatten(2).transpose(1, 2)
        places = torch.cat([self.token.expand(len(x), -1, -1), places], 1)
        return self.encoder(places + self.positions)
