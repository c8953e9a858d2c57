"""Values and gradients of PyTorch's spectral linear algebra in float64, as a Swift source.

    python spectral.py > ../CoreTests/LinearAlgebra/SpectralReferences.swift

Made with PyTorch 2.15. Matrices are sines of a square of the element's number (those of the number
itself would have rank 2), so that the tests make the same ones. Gradients are those of the sum of the results weighted by 1, 1.25, 1.5, …
"""

import torch
from torch import linalg


def wave(rows, columns, phase, scale=2.0):
    index = torch.arange(rows * columns, dtype=torch.float64)
    return scale * torch.sin(1.7 * index + 0.13 * index**2 + phase).reshape(rows, columns)


SQUARE = wave(5, 5, 0.3)
TALL = wave(6, 3, 0.7)
WIDE = wave(3, 6, 1.1)
# Every row a combination of two: rank 2.
DEFICIENT = wave(5, 2, 0.4) @ wave(2, 4, 0.9)
SMALL = wave(2, 3, 0.2)


def symmetric(x):
    return (x + x.T) / 2


def apply_to_values(x, function):
    values, vectors = linalg.eigh(symmetric(x))
    return (vectors * function(values)) @ vectors.T


CASES = {
    "symmetricEigenvalues": (SQUARE, lambda x: linalg.eigvalsh(symmetric(x))),
    "tanh of the eigenvalues": (SQUARE, lambda x: apply_to_values(x, torch.tanh)),
    "squared eigenvectors": (SQUARE, lambda x: linalg.eigh(symmetric(x))[1] ** 2),
    "singularValues, square": (SQUARE, linalg.svdvals),
    "singularValues, tall": (TALL, linalg.svdvals),
    "singularValues, wide": (WIDE, linalg.svdvals),
    "squared left vectors, tall": (
        TALL, lambda x: linalg.svd(x, full_matrices=False)[0] ** 2),
    "squared right vectors, wide": (
        WIDE, lambda x: linalg.svd(x, full_matrices=False)[2].T ** 2),
    "polar factor": (
        TALL, lambda x: (lambda u, s, vt: u @ vt)(*linalg.svd(x, full_matrices=False))),
    "pseudoInverse, square": (SQUARE, linalg.pinv),
    "pseudoInverse, tall": (TALL, linalg.pinv),
    "pseudoInverse, wide": (WIDE, linalg.pinv),
    "pseudoInverse, rank 2": (DEFICIENT, linalg.pinv),
    "conditionNumber": (SQUARE, linalg.cond),
    "matrixNorm, frobenius": (TALL, lambda x: linalg.matrix_norm(x, "fro")),
    "matrixNorm, nuclear": (TALL, lambda x: linalg.matrix_norm(x, "nuc")),
    "matrixNorm, spectral": (TALL, lambda x: linalg.matrix_norm(x, 2)),
    "matrixNorm, one": (TALL, lambda x: linalg.matrix_norm(x, 1)),
    "matrixNorm, infinity": (TALL, lambda x: linalg.matrix_norm(x, torch.inf)),
    **{
        f"vectorNorm, {p}": (TALL, lambda x, p=p: linalg.vector_norm(x, p, dim=1))
        for p in (-torch.inf, -1.0, 0.5, 1.0, 1.5, 2.0, 3.0, torch.inf)
    },
    "kroneckerProduct": (SMALL, lambda x: torch.kron(x, SQUARE[:2, :2])),
    "trace": (SQUARE, torch.trace),
    **{
        f"matrixExponential, {scale}": (
            wave(4, 4, 0.5, scale), linalg.matrix_exp)
        for scale in (0.001, 0.02, 0.2, 0.5, 2.0, 12.0)
    },
}


def numbers(tensor):
    return "[" + ", ".join(repr(x) for x in tensor.detach().reshape(-1).tolist()) + "]"


def main():
    print("// Made by Tests/References/spectral.py with PyTorch; do not edit.")
    print("// swift-format-ignore-file\n")
    print("struct SpectralReference: Sendable {")
    print("  let name: String")
    print("  let shape: [Int]")
    print("  let value, gradient: [Double]\n")
    print("  static let all: [SpectralReference] = [")
    for name, (x, function) in CASES.items():
        x = x.clone().requires_grad_()
        value = function(x)
        weights = 1 + 0.25 * torch.arange(value.numel(), dtype=torch.float64)
        (gradient,) = torch.autograd.grad((value.reshape(-1) * weights).sum(), x)
        print(f'    SpectralReference(\n      name: "{name}", shape: {list(value.shape)},')
        print(f"      value: {numbers(value)},\n      gradient: {numbers(gradient)}),")
    print("  ]\n}")


if __name__ == "__main__":
    main()
