"""Values and gradients of PyTorch's losses in float64.

    python losses.py > losses.jsonl

Made with PyTorch 2.15. Inputs are sines and cosines of the element's number, so that the tests make
the same ones. Gradients are those of the sum of the losses weighted by 1, 1.25, 1.5, …
"""

import json

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
THIRD = wave(ROWS * CLASSES, 2.0).reshape(ROWS, CLASSES)
CLASS_WEIGHTS = torch.tensor([0.5, 2, 1, 1.5, 0.25], dtype=torch.float64)
WEIGHTS = 0.1 + torch.sigmoid(THIRD)
COUNTS = torch.arange(ROWS * CLASSES, dtype=torch.float64).reshape(ROWS, CLASSES) % 4
PAIRS = torch.tensor([1, -1, -1, 1])
# Sequences [steps, batch, classes] and their labels.
SEQUENCES = wave(6 * 3 * 5, 0.3).reshape(6, 3, 5)
SEQUENCE_LABELS = torch.tensor([[1, 1, 3], [2, 4, 0], [3, 1, 4]])

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
    "klDivergence(logTargets)": (
        torch.log(PROBABILITIES),
        lambda x, r: reduce(
            F.kl_div(x, torch.log(TARGETS), reduction="none", log_target=True).sum(-1), r)),
    "smoothAbsoluteError": (
        SCORES, lambda x, r: F.smooth_l1_loss(x, OTHERS, beta=0.7, reduction=r)),
    "softmaxCrossEntropy(labels, weights)": (
        SCORES, lambda x, r: F.cross_entropy(x, LABELS, weight=CLASS_WEIGHTS, reduction=r)),
    "softmaxCrossEntropy(labels, smoothing)": (
        SCORES, lambda x, r: F.cross_entropy(x, LABELS, label_smoothing=0.2, reduction=r)),
    "softmaxCrossEntropy(labels, ignored)": (
        SCORES, lambda x, r: F.cross_entropy(x, LABELS, ignore_index=0, reduction=r)),
    "softmaxCrossEntropy(labels, weights, smoothing, ignored)": (
        SCORES,
        lambda x, r: F.cross_entropy(
            x, LABELS, weight=CLASS_WEIGHTS, label_smoothing=0.3, ignore_index=4, reduction=r)),
    "softmaxCrossEntropy(targets, weights, smoothing)": (
        SCORES,
        lambda x, r: F.cross_entropy(
            x, TARGETS, weight=CLASS_WEIGHTS, label_smoothing=0.3, reduction=r)),
    "crossEntropy(labels, weights, ignored)": (
        PROBABILITIES,
        lambda p, r: F.nll_loss(
            torch.log(p), LABELS, weight=CLASS_WEIGHTS, ignore_index=4, reduction=r)),
    "negativeLogLikelihood(weights, ignored)": (
        torch.log(PROBABILITIES),
        lambda x, r: F.nll_loss(x, LABELS, weight=CLASS_WEIGHTS, ignore_index=4, reduction=r)),
    "binaryCrossEntropy(logits, weights)": (
        SCORES,
        lambda x, r: F.binary_cross_entropy_with_logits(
            x, HALVES, weight=WEIGHTS, pos_weight=CLASS_WEIGHTS, reduction=r)),
    "binaryCrossEntropy(probabilities, weights)": (
        torch.sigmoid(SCORES),
        lambda x, r: F.binary_cross_entropy(x, HALVES, weight=WEIGHTS, reduction=r)),
    "poisson(logRates)": (
        SCORES, lambda x, r: F.poisson_nll_loss(x, COUNTS, log_input=True, reduction=r)),
    "poisson(logRates, constant)": (
        SCORES,
        lambda x, r: F.poisson_nll_loss(x, COUNTS, log_input=True, full=True, reduction=r)),
    "poisson(rates)": (
        torch.exp(SCORES),
        lambda x, r: F.poisson_nll_loss(x, COUNTS, log_input=False, reduction=r)),
    "poisson(rates, constant)": (
        torch.exp(SCORES),
        lambda x, r: F.poisson_nll_loss(x, COUNTS, log_input=False, full=True, reduction=r)),
    "gaussian(means)": (
        SCORES, lambda x, r: F.gaussian_nll_loss(x, OTHERS, WEIGHTS, reduction=r)),
    "gaussian(means, constant)": (
        SCORES,
        lambda x, r: F.gaussian_nll_loss(x, OTHERS, WEIGHTS[:, :1], full=True, reduction=r)),
    "gaussian(variances)": (
        WEIGHTS, lambda x, r: F.gaussian_nll_loss(SCORES, OTHERS, x, eps=0.01, reduction=r)),
    "focal(binary)": (SCORES, lambda x, r: reduce(focal(x, HALVES, 2, None), r)),
    "focal(binary, balance)": (
        SCORES, lambda x, r: reduce(focal(x, (SIGNS + 1) / 2, 1.5, 0.25), r)),
    "focal(labels)": (SCORES, lambda x, r: reduce(label_focal(x, LABELS, 2), r)),
    "focal(labels, weights, ignored)": (
        SCORES,
        lambda x, r: weighted(
            label_focal(x, LABELS, 0.5), CLASS_WEIGHTS[LABELS] * (LABELS != 4), r)),
    "cosineEmbedding": (
        SCORES, lambda x, r: F.cosine_embedding_loss(x, OTHERS, PAIRS, margin=-0.8, reduction=r)),
    "triplet": (
        SCORES,
        lambda x, r: F.triplet_margin_loss(x, OTHERS, THIRD, margin=0.5, eps=0, reduction=r)),
    "triplet(order 1, swap)": (
        SCORES,
        lambda x, r: F.triplet_margin_loss(
            x, OTHERS, THIRD, margin=2, p=1, eps=0, swap=True, reduction=r)),
    "triplet(order 3)": (
        SCORES,
        lambda x, r: F.triplet_margin_loss(x, OTHERS, THIRD, margin=2, p=3, eps=0, reduction=r)),
    "contrastive": (SCORES, lambda x, r: reduce(contrastive(x, OTHERS, PAIRS > 0, 4.0), r)),
    "infoNCE": (
        SCORES,
        lambda x, r: F.cross_entropy(
            F.normalize(x) @ F.normalize(OTHERS).T / 0.2, torch.arange(ROWS), reduction=r)),
    "normalizedTemperatureCrossEntropy": (SCORES, lambda x, r: nt_xent(x, OTHERS, 0.4, r)),
    "ctc": (SEQUENCES, lambda x, r: ctc(x, [6, 6, 6], [3, 2, 3], 0, r)),
    "ctc(lengths, blank)": (SEQUENCES, lambda x, r: ctc(x, [6, 4, 5], [3, 1, 0], 2, r, labels=[
        [1, 1, 3], [4, 4, 0], [3, 1, 4]])),
    "ctc(joined, zeroInfinity)": (
        SEQUENCES,
        lambda x, r: ctc(
            x, [3, 6, 2], [3, 2, 2], 0, r, labels=[1, 1, 3, 2, 4, 3, 1], zero_infinity=True)),
}


def focal(x, t, gamma, alpha):
    p = torch.sigmoid(x)
    losses = F.binary_cross_entropy_with_logits(x, t, reduction="none")
    losses = losses * (1 - (p * t + (1 - p) * (1 - t))) ** gamma
    return losses if alpha is None else losses * (alpha * t + (1 - alpha) * (1 - t))


def label_focal(x, labels, gamma):
    logs = torch.log_softmax(x, -1).gather(-1, labels[:, None])[:, 0]
    return -((1 - torch.exp(logs)) ** gamma) * logs


def weighted(losses, weights, reduction):
    losses = losses * weights
    return losses.sum() / weights.sum() if reduction == "mean" else reduce(losses, reduction)


def contrastive(a, b, is_similar, margin):
    d = (a - b).norm(dim=-1)
    return 0.5 * torch.where(is_similar, d**2, torch.clamp(margin - d, min=0) ** 2)


def nt_xent(a, b, temperature, reduction):
    z = F.normalize(torch.cat([a, b]))
    logits = z @ z.T / temperature
    logits = logits.masked_fill(torch.eye(2 * ROWS, dtype=torch.bool), -torch.inf)
    partners = (torch.arange(2 * ROWS) + ROWS) % (2 * ROWS)
    return F.cross_entropy(logits, partners, reduction=reduction)


def ctc(x, steps, lengths, blank, reduction, labels=SEQUENCE_LABELS, zero_infinity=False):
    return F.ctc_loss(
        torch.log_softmax(x, -1), torch.as_tensor(labels), torch.tensor(steps),
        torch.tensor(lengths), blank=blank, reduction=reduction, zero_infinity=zero_infinity)


def reduce(losses, reduction):
    return {"none": losses, "sum": losses.sum(), "mean": losses.mean()}[reduction]


def main():
    for name, (x, loss) in LOSSES.items():
        for reduction in ["mean", "sum", "none"]:
            x = x.detach().clone().requires_grad_()
            value = loss(x, reduction)
            weights = 1 + 0.25 * torch.arange(value.numel(), dtype=torch.float64)
            (value.flatten() * weights).sum().backward()
            print(json.dumps({
                "loss": name, "reduction": reduction, "value": value.flatten().tolist(),
                "gradient": x.grad.flatten().tolist()}))


main()
