"""Linear algebra in NumPy, over its LAPACK: forward rows only."""

import numpy as np

_generator = np.random.default_rng(7)


def rows():
    result = {
        f"cholesky-logdet-inverse-fwd/{size}-f64": _three(size) for size in (64, 512)
    }
    for size in (4, 8):
        for name, dtype in (("f32", np.float32), ("f64", np.float64)):
            end = f"{size}x{size}-b10000-{name}"
            result[f"inverse-fwd/{end}"] = _batched(np.linalg.inv, size, dtype)
            result[f"determinant-fwd/{end}"] = _batched(np.linalg.det, size, dtype)
    return result


def _three(size):
    def make():
        x = _generator.standard_normal((size, size))
        a = x @ x.T / size + np.eye(size)
        return lambda: (np.linalg.cholesky(a), np.linalg.slogdet(a)[1], np.linalg.inv(a))

    return make


def _batched(function, size, dtype):
    def make():
        a = _generator.standard_normal((10_000, size, size)).astype(dtype)
        return lambda: function(a)

    return make
