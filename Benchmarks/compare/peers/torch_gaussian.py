"""The max-margin step of Gaussian embeddings in PyTorch, with sparse gradients of the tables."""

import itertools
import math

import torch
from torch import nn

WORDS, DIMENSIONS, COUNT = 6000, 50, 1024


def rows():
    return {"train/gaussian-skip-gram-D50-diagonal": _step}


def _step():
    mean = nn.Embedding(WORDS, DIMENSIONS, sparse=True)
    scale = nn.Embedding(WORDS, DIMENSIONS, sparse=True)
    nn.init.normal_(mean.weight, std=DIMENSIONS**-0.5)
    nn.init.zeros_(scale.weight)
    optimizer = torch.optim.Adagrad([mean.weight, scale.weight], lr=0.05, eps=1e-8)
    batches = itertools.cycle([(_frequent(), _frequent(), _drawn()) for _ in range(64)])

    def log_kernel(mean_i, variance_i, mean_j, variance_j):
        total = variance_i + variance_j
        terms = torch.log(total) + (mean_i - mean_j) ** 2 / total
        return -0.5 * (terms.sum(1) + DIMENSIONS * math.log(2 * math.pi))

    def operation():
        means, variances = [], []
        for rows in next(batches):
            means.append(mean(rows))
            variances.append(torch.exp(scale(rows)))
        true = log_kernel(means[0], variances[0], means[1], variances[1])
        false = log_kernel(means[0], variances[0], means[2], variances[2])
        optimizer.zero_grad()
        torch.relu(1 - true + false).sum().backward()
        optimizer.step()

    return operation


def _frequent():
    """Words by Zipf's law: the r-th has probability proportional to 1/r."""
    return (torch.exp(torch.rand(COUNT) * math.log(WORDS)).long() - 1).clamp(0, WORDS - 1)


def _drawn():
    """The same to the power of 3/4."""
    return (torch.rand(COUNT) ** 4 * WORDS).long().clamp(max=WORDS - 1)
