"""Look-ups and their gradient in PyTorch; tuned, with a sparse gradient."""

import torch
from torch import nn


def rows(tuned):
    def make():
        layer = nn.Embedding(10000, 128, sparse=tuned)
        indices, upstream = torch.randint(10000, (2048,)), torch.randn(2048, 128)

        def call():
            (gradient,) = torch.autograd.grad(layer(indices), layer.weight, upstream)
            # Repeated rows added up, as any rule but plain descent needs them.
            return gradient.coalesce() if tuned else gradient

        return call

    return {"embedding-fwdbwd/V10000-D128-ids2048": make}
