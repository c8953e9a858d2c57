"""The rows in other libraries.

Each module has `rows(threads, tuned)`, a dictionary from a row's name to a function that makes its
inputs and returns what to time: a function, or a `timing.Operation` where more has to be said. Names mean what they mean in `Benchmarks`; a row that a library has no fair
counterpart for is left out.
"""

PRODUCTS = {
    **{f"sgemm/{n}": (n, n, n, "") for n in (64, 128, 256, 512, 1024, 2048)},
    "sgemm/64x784x128": (64, 784, 128, ""),
    "sgemm/128x784x512": (128, 784, 512, ""),
    **{f"sgemm/{n}-{form}": (n, n, n, form) for n in (512, 1024) for form in ("AtB", "ABt")},
}
"""Name: (M, K, N, which operand is a transposed view)."""


def operands(name, normal):
    """The two factors of a matrix product; `normal(*shape)` draws them."""
    m, k, n, form = PRODUCTS[name]
    a = normal(k, m).T if form == "AtB" else normal(m, k)
    b = normal(n, k).T if form == "ABt" else normal(k, n)
    return a, b
