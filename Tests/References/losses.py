"""Values and gradients of PyTorch's losses in float64, as a Swift source.

    python losses.py > ../CoreTests/LossReferences.swift

Made with PyTorch 2.15. Inputs are sines and cosines of the element's number, so that the tests make
the same ones. Gradients are those of the sum of the losses weighted by 1, 1.25, 1.5, …
"""

import torch
import torch.nn.functional as F

ROWS, CLASSES = 4, 5


def wave(count, phase, scale=2.0):
    index = torch.arange(count, dtype=torch.float64)
    return scale * torch.sin(1.7 * index + phase)


SCORES = wave(ROWS * CLASSES, 0.3).reshape(ROWS, CLASSES)
OTHERS = wave(ROWS * CLASSES, 1.1).reshape(ROWS, CLASSES)
LABELS = torch.tensor([3, 0, 4, 0])
TARGETS = torch.softmax(OTHERS, -1)
PROBABILITIES = torch.softmax(SCORES, -1)
HALVES = torch.sigmoid(OTHERS)
SIGNS = torch.where(OTHERS > 0, 1.0, -1.0).double()

LOSSES = {
    "meanSquaredError": (SCORES, lambda x, r: F.mse_loss(x, OTHERS, reduction=r)),
    "meanAbsoluteError": (SCORES, lambda x, r: F.l1_loss(x, OTHERS, reduction=r)),
    "huber": (SCORES, lambda x, r: F.huber_loss(x, OTHERS, delta=0.7, reduction=r)),
    "softmaxCrossEntropy(labels)": (SCORES, lambda x, r: F.cross_entropy(x, LABELS, reduction=r)),
    "softmaxCrossEntropy(targets)": (SCORES, lambda x, r: F.cross_entropy(x, TARGETS, reduction=r)),
    "crossEntropy(labels)": (
        PROBABILITIES, lambda p, r: F.nll_loss(torch.log(p), LABELS, reduction=r)),
    "negativeLogLikelihood": (
        torch.log(PROBABILITIES), lambda x, r: F.nll_loss(x, LABELS, reduction=r)),
    "binaryCrossEntropy(logits)": (
        SCORES, lambda x, r: F.binary_cross_entropy_with_logits(x, HALVES, reduction=r)),
    "binaryCrossEntropy(probabilities)": (
        torch.sigmoid(SCORES), lambda x, r: F.binary_cross_entropy(x, HALVES, reduction=r)),
    "hinge": (
        SCORES, lambda x, r: reduce(torch.clamp(1 - SIGNS * x, min=0), r)),
    "multiclassHinge": (
        SCORES, lambda x, r: F.multi_margin_loss(x, LABELS, margin=1.5, reduction=r)),
    "maxMarginRanking": (
        SCORES,
        lambda x, r: F.margin_ranking_loss(
            x, OTHERS, torch.ones_like(x), margin=0.5, reduction=r)),
    "klDivergence": (
        torch.log(PROBABILITIES),
        lambda x, r: reduce(F.kl_div(x, TARGETS, reduction="none").sum(-1), r)),
}


def reduce(losses, reduction):
    return {"none": losses, "sum": losses.sum(), "mean": losses.mean()}[reduction]


def numbers(tensor):
    return "[" + ", ".join(repr(x) for x in tensor.flatten().tolist()) + "]"


def main():
    print("// Made by Tests/References/losses.py with PyTorch; do not edit.")
    print("// swift-format-ignore-file\n")
    print("struct LossReference: Sendable {\n  let loss, reduction: String")
    print("  let value, gradient: [Double]\n")
    print("  static let all: [LossReference] = [")
    for name, (x, loss) in LOSSES.items():
        for reduction in ["mean", "sum", "none"]:
            x = x.detach().clone().requires_grad_()
            value = loss(x, reduction)
            weights = 1 + 0.25 * torch.arange(value.numel(), dtype=torch.float64)
            (value.flatten() * weights).sum().backward()
            print(f'    LossReference(\n      loss: "{name}", reduction: "{reduction}",')
            print(f"      value: {numbers(value)},\n      gradient: {numbers(x.grad)}),")
    print("  ]\n}")


main()
