"""Values and gradients of PyTorch's linear algebra in float64, as a Swift source.

    python linear_algebra.py > ../CoreTests/LinearAlgebra/DirectReferences.swift

Made with PyTorch 2.15. Inputs are sines of a square of the element's number, so that the tests
make the same ones; sines of the number itself would make matrices of rank 2. Gradients are those of
the sum of all results' elements weighted by 1, 1.25, 1.5, …
"""

import torch


def wave(rows, columns, phase, batch=2):
    index = torch.arange(batch * rows * columns, dtype=torch.float64)
    return (2 * torch.sin(1.7 * index + 0.37 * index**2 + phase)).reshape(batch, rows, columns)


def positive(x):
    return x @ x.mT + torch.eye(x.shape[-1], dtype=x.dtype)


def lower(x):
    return torch.tril(x) + 3 * torch.eye(x.shape[-1], dtype=x.dtype)


SQUARE = wave(4, 4, 0.3)
OTHER = wave(4, 3, 1.1)
TALL = wave(5, 3, 0.7)
WIDE = wave(3, 5, 0.7)
RIGHT = wave(5, 2, 1.9)
SHORT = wave(3, 2, 1.9)

OPERATIONS = {
    "cholesky": ([SQUARE], lambda x: [torch.linalg.cholesky(positive(x))]),
    "lu": ([SQUARE], lambda x: list(torch.linalg.lu(x))[1:]),
    "lu, tall": ([TALL], lambda x: list(torch.linalg.lu(x))[1:]),
    "lu, wide": ([WIDE], lambda x: list(torch.linalg.lu(x))[1:]),
    "qr": ([SQUARE], lambda x: list(torch.linalg.qr(x))),
    "qr, tall": ([TALL], lambda x: list(torch.linalg.qr(x))),
    "qr, wide": ([WIDE], lambda x: list(torch.linalg.qr(x))),
    "qr, complete": ([WIDE], lambda x: list(torch.linalg.qr(x, mode="complete"))),
    "inverse": ([SQUARE], lambda x: [torch.linalg.inv(x)]),
    "determinant": ([SQUARE], lambda x: [torch.linalg.det(x)]),
    "logDeterminant": ([SQUARE], lambda x: list(torch.linalg.slogdet(x))),
    "solve": ([SQUARE, OTHER], lambda a, b: [torch.linalg.solve(a, b)]),
    "solve, broadcast": ([SQUARE, OTHER[0]], lambda a, b: [torch.linalg.solve(a, b)]),
    "triangularSolve, lower": (
        [SQUARE, OTHER],
        lambda a, b: [torch.linalg.solve_triangular(lower(a), b, upper=False)]),
    "triangularSolve, transposed": (
        [SQUARE, OTHER],
        lambda a, b: [torch.linalg.solve_triangular(lower(a).mT, b, upper=True)]),
    "triangularSolve, unit": (
        [SQUARE, OTHER],
        lambda a, b: [
            torch.linalg.solve_triangular(a.tril(), b, upper=False, unitriangular=True)]),
    "leastSquares": (
        [TALL, RIGHT], lambda a, b: [torch.linalg.lstsq(a, b, driver="gelsd").solution]),
    "leastSquares, wide": (
        [WIDE, SHORT], lambda a, b: [torch.linalg.lstsq(a, b, driver="gelsd").solution]),
}


def numbers(tensors):
    return "[" + ", ".join(repr(x) for t in tensors for x in t.flatten().tolist()) + "]"


def main():
    print("// Made by Tests/References/linear_algebra.py with PyTorch; do not edit.")
    print("// swift-format-ignore-file\n")
    print("struct LinearAlgebraReference: Sendable {\n  let operation: String")
    print("  /// All results one after the other, and the gradients of all inputs.")
    print("  let values, gradients: [Double]\n")
    print("  static let direct: [LinearAlgebraReference] = [")
    for name, (inputs, function) in OPERATIONS.items():
        inputs = [x.detach().clone().requires_grad_() for x in inputs]
        results = function(*inputs)
        flat = torch.cat([r.flatten() for r in results])
        weights = 1 + 0.25 * torch.arange(flat.numel(), dtype=torch.float64)
        gradients = torch.autograd.grad((flat * weights).sum(), inputs)
        print(f'    LinearAlgebraReference(\n      operation: "{name}",')
        print(f"      values: {numbers(results)},\n      gradients: {numbers(gradients)}),")
    print("  ]\n}")


main()
