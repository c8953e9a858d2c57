"""Values and derivatives of PyTorch's activation functions in float64, as a Swift source.

    python activations.py elementwise > ../ActivationsTests/ElementwiseReferences.swift
    python activations.py rowwise > ../ActivationsTests/RowwiseReferences.swift

Made with PyTorch 2.15. Derivatives are those of the sum of the values, weighted by 1, 1.25, 1.5, …
"""

import sys

import torch
import torch.nn.functional as F

POINTS = [
    -60.0, -20.5, -5.0, -3.0, -2.999, -1.0, -0.5, -1e-3, -1e-10, 0.0,
    1e-10, 1e-3, 0.5, 1.0, 2.5, 3.0, 3.001, 6.0, 20.5, 60.0,
]

ELEMENTWISE = {
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "softplus": lambda x: F.softplus(x, threshold=1000),
    "softplus2": lambda x: F.softplus(x, beta=2, threshold=1000),
    "relu": F.relu,
    "leakyReLU": F.leaky_relu,
    "leakyReLU0.3": lambda x: F.leaky_relu(x, 0.3),
    "leakyReLU2": lambda x: F.leaky_relu(x, 2.0),
    "elu": F.elu,
    "elu0.7": lambda x: F.elu(x, 0.7),
    "selu": F.selu,
    "celu": F.celu,
    # PyTorch's own derivative of this one holds 1/α in single precision.
    "celu0.7": lambda x: torch.where(
        x > 0, x, 0.7 * (torch.exp(torch.where(x > 0, 0, x) / 0.7) - 1)),
    "gelu": F.gelu,
    "geluTanh": lambda x: F.gelu(x, approximate="tanh"),
    "silu": F.silu,
    "mish": F.mish,
    "hardTanh": F.hardtanh,
    "hardTanh0...6": F.relu6,
    # PyTorch's own kernels of these two hold 1/6 in single precision.
    "hardSigmoid": lambda x: F.relu6(x + 3) / 6,
    "hardSwish": lambda x: x * F.relu6(x + 3) / 6,
    "softsign": F.softsign,
    "logSigmoid": F.logsigmoid,
}

MATRIX = [[0.3, -1.2, 2.1, 0.4, -0.7, 1.5], [-2.2, 0.9, 0.1, -0.4, 3.0, -1.1]]

SLOPES = [0.25, -0.5, 0.1, 0.0, 1.5, 2.0]

ROWWISE = {
    "softmax": lambda x: F.softmax(x, -1),
    "softmax0": lambda x: F.softmax(x, 0),
    "logSoftmax": lambda x: F.log_softmax(x, -1),
    "logSoftmax0": lambda x: F.log_softmax(x, 0),
    "glu": lambda x: F.glu(x, -1),
    "glu0": lambda x: F.glu(x, 0),
    "reglu": lambda x: x[:, :3] * F.relu(x[:, 3:]),
    "geglu": lambda x: x[:, :3] * F.gelu(x[:, 3:]),
    "swiglu": lambda x: x[:, :3] * F.silu(x[:, 3:]),
    "maxout2": lambda x: x.reshape(2, 3, 2).amax(-1),
    "maxout3": lambda x: x.reshape(2, 2, 3).amax(-1),
    "prelu": lambda x: F.prelu(x, torch.tensor([0.25], dtype=torch.float64)),
    "preluChannels": lambda x: F.prelu(x, torch.tensor(SLOPES, dtype=torch.float64)),
}


def evaluate(function, points):
    x = torch.tensor(points, dtype=torch.float64, requires_grad=True)
    y = function(x)
    upstream = 1 + 0.25 * torch.arange(y.numel(), dtype=torch.float64).reshape(y.shape)
    (y * upstream).sum().backward()
    return y.detach().flatten().tolist(), x.grad.flatten().tolist()


def evaluate_slopes(slopes):
    a = torch.tensor(slopes, dtype=torch.float64, requires_grad=True)
    y = F.prelu(torch.tensor(MATRIX, dtype=torch.float64), a)
    upstream = 1 + 0.25 * torch.arange(y.numel(), dtype=torch.float64).reshape(y.shape)
    (y * upstream).sum().backward()
    return a.grad.tolist()


def array(values, indent):
    lines, line = [], ""
    for text in (repr(v) for v in values):
        if len(line) + len(text) + 2 > 98 - indent:
            lines.append(line.rstrip())
            line = ""
        line += text + ", "
    lines.append(line.rstrip())
    return "[\n" + "".join(" " * (indent + 2) + l + "\n" for l in lines) + " " * indent + "]"


def table(functions, points):
    print("  static let values: [String: PyTorchValues] = [")
    for key, function in functions.items():
        y, gradient = evaluate(function, points)
        print(f'    "{key}": PyTorchValues(')
        print(f"      y: {array(y, 6)},")
        print(f"      gradient: {array(gradient, 6)}),")
    print("  ]")


def elementwise():
    print("/// What PyTorch computes in float64; the upstream gradient is 1, 1.25, 1.5, …")
    print("struct PyTorchValues: Sendable {")
    print("  let y: [Double]")
    print("  let gradient: [Double]")
    print("}\n")
    print("enum ElementwiseReferences {")
    print(f"  static let points: [Double] = {array(POINTS, 2)}\n")
    table(ELEMENTWISE, POINTS)
    print("}")


def rowwise():
    print("enum RowwiseReferences {")
    print("  /// [2, 6]")
    print(f"  static let matrix: [Double] = {array(sum(MATRIX, []), 2)}\n")
    print("  /// One for each column, and the gradients of `prelu` with respect to them.")
    print(f"  static let slopes: [Double] = {array(SLOPES, 2)}")
    print(f"  static let slopesGradient: [Double] = {array(evaluate_slopes(SLOPES), 2)}")
    print("  /// The same with one slope, 0.25, for all.")
    print(f"  static let slopeGradient = {evaluate_slopes([0.25])[0]!r}\n")
    table(ROWWISE, MATRIX)
    print("}")


print("// Made by Tests/References/activations.py with PyTorch; do not edit.\n")
{"elementwise": elementwise, "rowwise": rowwise}[sys.argv[1]]()
