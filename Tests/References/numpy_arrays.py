"""Arrays written by NumPy, for Tests/DatasetsTests/NumPyTests.swift, and the way back.

    python numpy_arrays.py              writes numpy_arrays.npz (deflated) and numpy_stored.npz
    python numpy_arrays.py --check DIR  reads what Apus wrote to DIR: arrays.npz, packed.npz, x.npy

Made with NumPy 2.
"""
import pathlib
import sys

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
BASE = np.array([[0, 1, 2], [3, 100, 5]])
KINDS = ["i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f2", "f4", "f8"]

arrays = {}
for kind in KINDS:
    arrays[kind] = BASE.astype(kind)
    if kind[1] != "1":
        arrays["big_" + kind] = BASE.astype(">" + kind)
    if kind[0] != "u":
        arrays["negative_" + kind] = (-BASE).astype(kind)
arrays["b1"] = np.array([True, False, True])
arrays["fortran"] = np.asfortranarray(np.arange(24.0).reshape(2, 3, 4))
arrays["scalar"] = np.float32(4)
arrays["empty"] = np.zeros((0, 3))
arrays["long"] = np.arange(3000, dtype=np.int32) % 97
arrays["half"] = np.array([1, -2.5, 6.104e-05, 6e-08, 65504, -np.inf], "f2")

if sys.argv[1:2] == ["--check"]:
    folder = pathlib.Path(sys.argv[2])
    for name in ["arrays.npz", "packed.npz"]:
        with np.load(folder / name) as file:
            assert sorted(file.files) == ["count", "index", "truth", "wide", "x"], file.files
            assert file["x"].dtype == np.float32
            assert np.array_equal(file["x"], [[1.5, -2, 0.25], [3, 0, -0.5]])
            assert file["wide"].dtype == np.float64 and file["wide"].shape == (0, 3)
            assert file["count"].dtype == np.int64 and file["count"] == 1 << 40
            assert file["index"].dtype == np.int32 and np.array_equal(file["index"], [5, -6, 7])
            assert file["truth"].dtype == bool and np.array_equal(file["truth"], [1, 0, 1])
    assert np.array_equal(np.load(folder / "x.npy"), [[1.5, 3], [-2, 0], [0.25, -0.5]])
    print("NumPy reads what Apus wrote")
else:
    np.savez_compressed(HERE / "numpy_arrays.npz", **arrays)
    np.savez(HERE / "numpy_stored.npz", x=BASE, fortran=arrays["fortran"])
