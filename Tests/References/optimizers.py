"""Ten steps of PyTorch's optimizers in float64, as a Swift source.

    python optimizers.py > ../OptimTests/Trajectories.swift

Made with PyTorch 2.15. The gradient at step t (from 1) is a (θ − b) + t c: the quadratic draws θ
to b, the drift keeps the rules busy.
"""

import warnings

import torch
from torch.optim import SGD, Adam, AdamW
from torch.optim.lr_scheduler import CosineAnnealingLR, LinearLR, MultiStepLR, SequentialLR, StepLR

warnings.filterwarnings("ignore")

START = [0.5, -1.2, 2.0, 0.1, -0.7, 3.0]
A = [1.0, 0.5, 2.0, 0.1, 1.5, 0.3]
B = [0.0, 1.0, -1.0, 0.5, 0.2, -0.4]
C = [0.02, -0.01, 0.05, 0.0, -0.03, 0.04]
STEPS = 10


def tensor(values):
    return torch.tensor(values, dtype=torch.float64)


def clip_to_norm(p):
    # clip_grad_norm_ adds 1e-6 to the norm; this is the rule without it.
    p.grad *= min(1.0, 1.0 / p.grad.norm().item())


def clip_to_value(p):
    torch.nn.utils.clip_grad_value_([p], 0.5)


def warm_cosine(optimizer):
    return SequentialLR(
        optimizer,
        [
            LinearLR(optimizer, 1 / 4, 1, total_iters=3),
            CosineAnnealingLR(optimizer, 7, eta_min=0.01),
        ],
        [3],
    )


RULES = {
    "descent": (lambda p: SGD([p], lr=0.1), None, None),
    "momentum": (lambda p: SGD([p], lr=0.1, momentum=0.9), None, None),
    "dampened": (lambda p: SGD([p], lr=0.1, momentum=0.9, dampening=0.3), None, None),
    "nesterov": (lambda p: SGD([p], lr=0.05, momentum=0.8, nesterov=True), None, None),
    "descent, decay": (lambda p: SGD([p], lr=0.1, weight_decay=0.05), None, None),
    "nesterov, decay": (
        lambda p: SGD([p], lr=0.05, momentum=0.8, nesterov=True, weight_decay=0.05), None, None),
    "adam": (lambda p: Adam([p]), None, None),
    "adam, options": (lambda p: Adam([p], lr=0.1, betas=(0.8, 0.95), eps=1e-3), None, None),
    "adam, decay": (lambda p: Adam([p], lr=0.1, weight_decay=0.05), None, None),
    "adamW": (lambda p: AdamW([p]), None, None),
    "adamW, options": (
        lambda p: AdamW([p], lr=0.1, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.2), None, None),
    "momentum, norm": (lambda p: SGD([p], lr=0.1, momentum=0.9), clip_to_norm, None),
    "adam, value": (lambda p: Adam([p], lr=0.1), clip_to_value, None),
    "descent, steps": (
        lambda p: SGD([p], lr=0.1), None, lambda o: StepLR(o, 3, gamma=0.5)),
    "descent, milestones": (
        lambda p: SGD([p], lr=0.1), None, lambda o: MultiStepLR(o, [2, 7], gamma=0.5)),
    "momentum, cosine": (
        lambda p: SGD([p], lr=0.1, momentum=0.9), None, lambda o: CosineAnnealingLR(o, 10)),
    "adamW, warm cosine": (lambda p: AdamW([p], lr=0.1, weight_decay=0.2), None, warm_cosine),
}


def trajectory(make, clip, schedule):
    p = tensor(START).requires_grad_()
    optimizer = make(p)
    scheduler = schedule(optimizer) if schedule else None
    points = []
    for t in range(1, STEPS + 1):
        p.grad = (tensor(A) * (p.detach() - tensor(B)) + t * tensor(C)).clone()
        if clip:
            clip(p)
        optimizer.step()
        if scheduler:
            scheduler.step()
        points.append(p.detach().tolist())
    return points


def array(values):
    return "[" + ", ".join(repr(v) for v in values) + "]"


print("// Made by Tests/References/optimizers.py with PyTorch; do not edit.\n")
print("/// Where PyTorch's optimizers go in ten steps; the gradient at step t is a (θ − b) + t c.")
print("enum Trajectories {")
for name, values in [("start", START), ("a", A), ("b", B), ("c", C)]:
    print(f"  static let {name}: [Double] = {array(values)}")
print("\n  /// The parameter after steps 1, 2, 5 and 10.")
print("  static let values: [String: [[Double]]] = [")
for name, rule in RULES.items():
    points = trajectory(*rule)
    print(f'    "{name}": [')
    for t in [1, 2, 5, 10]:
        first, second = points[t - 1][:3], points[t - 1][3:]
        print("      [")
        print(f"        {array(first)[1:-1]},")
        print(f"        {array(second)[1:-1]},")
        print("      ],")
    print("    ],")
print("  ]")
print("}")
