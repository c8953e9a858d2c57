"""Ten steps in float64 of PyTorch's optimizers, and of Optax's that PyTorch lacks.

    python optimizers.py > optimizers.jsonl

Made with PyTorch 2.15, JAX and Optax 0.2.8. The parameter has shape [2, 3]. The gradient at step t
(from 1) is a (θ − b) + t c: the quadratic draws θ to b, the drift keeps the rules busy.
"""

import json
import warnings

import jax
import optax
import torch
from torch.optim import (
    SGD, Adadelta, Adafactor, Adagrad, Adam, Adamax, AdamW, NAdam, RAdam, RMSprop)
from torch.optim.lr_scheduler import (
    CosineAnnealingLR, CosineAnnealingWarmRestarts, ExponentialLR, LinearLR, MultiStepLR,
    OneCycleLR, PolynomialLR, SequentialLR, StepLR)

warnings.filterwarnings("ignore")
jax.config.update("jax_enable_x64", True)
torch.set_default_dtype(torch.float64)  # or NAdam rounds its product of momenta to single precision

START = [0.5, -1.2, 2.0, 0.1, -0.7, 3.0]
A = [1.0, 0.5, 2.0, 0.1, 1.5, 0.3]
B = [0.0, 1.0, -1.0, 0.5, 0.2, -0.4]
C = [0.02, -0.01, 0.05, 0.0, -0.03, 0.04]
STEPS = 10


def tensor(values):
    return torch.tensor(values, dtype=torch.float64).reshape(2, 3)


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
    "descent, exponential": (
        lambda p: SGD([p], lr=0.1), None, lambda o: ExponentialLR(o, 0.8)),
    "descent, polynomial": (
        lambda p: SGD([p], lr=0.1), None, lambda o: PolynomialLR(o, total_iters=8, power=2)),
    "descent, restarts": (
        lambda p: SGD([p], lr=0.1), None,
        lambda o: CosineAnnealingWarmRestarts(o, T_0=2, T_mult=2, eta_min=0.01)),
    "descent, one cycle": (
        lambda p: SGD([p], lr=0.1), None,
        lambda o: OneCycleLR(o, max_lr=0.1, total_steps=10, cycle_momentum=False)),
    "descent, maximize": (
        lambda p: SGD([p], lr=0.1, weight_decay=0.05, maximize=True), None, None),
    "adam, maximize": (lambda p: Adam([p], lr=0.1, maximize=True), None, None),
    "adaGrad": (lambda p: Adagrad([p]), None, None),
    "adaGrad, options": (
        lambda p: Adagrad(
            [p], lr=0.5, lr_decay=0.1, weight_decay=0.05, initial_accumulator_value=0.2, eps=1e-3),
        None, None),
    "rmsProp": (lambda p: RMSprop([p]), None, None),
    "rmsProp, options": (
        lambda p: RMSprop([p], lr=0.05, alpha=0.9, eps=1e-3, weight_decay=0.05), None, None),
    "rmsProp, momentum": (lambda p: RMSprop([p], lr=0.02, momentum=0.8), None, None),
    "rmsProp, centered": (
        lambda p: RMSprop([p], lr=0.02, alpha=0.9, centered=True, momentum=0.5), None, None),
    "adaDelta": (lambda p: Adadelta([p]), None, None),
    "adaDelta, options": (
        lambda p: Adadelta([p], lr=2, rho=0.8, eps=1e-2, weight_decay=0.05), None, None),
    "amsGrad": (
        lambda p: Adam([p], lr=0.1, betas=(0.8, 0.7), amsgrad=True, weight_decay=0.05), None,
        None),
    "amsGrad, decoupled": (
        lambda p: AdamW([p], lr=0.1, betas=(0.8, 0.7), amsgrad=True, weight_decay=0.2), None, None),
    "adamax": (lambda p: Adamax([p]), None, None),
    "adamax, options": (
        lambda p: Adamax([p], lr=0.1, betas=(0.8, 0.7), eps=1e-3, weight_decay=0.05), None, None),
    "nAdam": (lambda p: NAdam([p]), None, None),
    "nAdam, options": (
        lambda p: NAdam(
            [p], lr=0.1, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.05, momentum_decay=0.1),
        None, None),
    "nAdam, decoupled": (
        lambda p: NAdam([p], lr=0.1, weight_decay=0.2, decoupled_weight_decay=True), None, None),
    "rAdam": (lambda p: RAdam([p]), None, None),
    "rAdam, options": (
        lambda p: RAdam([p], lr=0.1, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.05), None, None),
    "rAdam, decoupled": (
        lambda p: RAdam([p], lr=0.1, weight_decay=0.2, decoupled_weight_decay=True), None, None),
    "adafactor": (lambda p: Adafactor([p]), None, None),
    "adafactor, options": (
        lambda p: Adafactor(
            [p], lr=0.4, beta2_decay=-0.6, eps=(None, 1e-2), d=1.2, weight_decay=0.1),
        None, None),
}

# Where only Optax has the rule, or has it as a chain.
OPTAX = {
    "lion": optax.lion(1e-2, weight_decay=0),
    "lion, options": optax.lion(0.1, b1=0.8, b2=0.9, weight_decay=0.2),
    "lamb": optax.lamb(1e-2),
    "lamb, options": optax.lamb(0.1, b1=0.8, b2=0.95, eps=1e-3, weight_decay=0.1),
    "moving average": optax.chain(
        optax.ema(0.8, debias=False), optax.scale_by_learning_rate(0.1)),
    "moving average, corrected": optax.chain(
        optax.add_decayed_weights(0.05), optax.ema(0.8), optax.scale_by_learning_rate(0.1)),
    "signed momentum": optax.chain(
        optax.ema(0.8), optax.scale_by_sign(), optax.scale_by_learning_rate(0.1)),
    "look-ahead": optax.lookahead(optax.sgd(0.1, momentum=0.5), sync_period=3, slow_step_size=0.4),
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
        points.append(p.detach().flatten().tolist())
    return points


def optax_trajectory(rule):
    p = jax.numpy.array(START).reshape(2, 3)
    a, b, c = (jax.numpy.array(v).reshape(2, 3) for v in (A, B, C))
    slow = rule is OPTAX["look-ahead"]
    params = optax.LookaheadParams.init_synced(p) if slow else p
    state = rule.init(params)
    points = []
    for t in range(1, STEPS + 1):
        p = params.fast if slow else params
        updates, state = rule.update(a * (p - b) + t * c, state, params)
        params = optax.apply_updates(params, updates)
        points.append((params.fast if slow else params).flatten().tolist())
    return points


print(json.dumps({"start": START, "a": A, "b": B, "c": C}))
trajectories = {name: trajectory(*rule) for name, rule in RULES.items()}
trajectories |= {name: optax_trajectory(rule) for name, rule in OPTAX.items()}
for name, points in trajectories.items():
    print(json.dumps({"name": name, "points": [points[t - 1] for t in (1, 2, 5, 10)]}))
