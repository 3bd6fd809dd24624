"""Products of matrices beside NumPy's BLAS on one thread. Imported before NumPy, which reads the setting once."""

import os

for _library in ("OPENBLAS", "MKL", "BLIS"):
    os.environ.setdefault(f"{_library}_NUM_THREADS", "1")

import compiling  # noqa: E402
import measure  # noqa: E402
import numpy as np  # noqa: E402

# Sides, and the most of NumPy's time that is allowed: small products have to be faster, large ones may take
# 1 / 0.85 of it.
SIZES = {8: 1.0, 16: 1.0, 32: 1.0, 64: None, 128: 1 / 0.85, 256: 1 / 0.85, 512: 1 / 0.85, 1024: 1 / 0.85}


def product(a, b):
    return a @ b


def figures(ours) -> list[measure.Figure]:
    """`a @ b` for square matrices; the peer is the same function, interpreted."""
    rows = []
    for dtype in (np.float32, np.float64):
        for n, limit in SIZES.items():
            a, b = np.random.default_rng(n).random((2, n, n)).astype(dtype)
            compiled = compiling.compiled(ours, product)
            assert np.allclose(compiled(a, b), product(a, b), rtol=1e-4)
            rounds = 25 if n < 512 else 7
            mine, peer = measure.paired(compiled, product, (a, b), rounds)
            name = f"n = {n}, {np.dtype(dtype).name}"
            rows.append(measure.Figure("matrix products, beside NumPy", name, mine * 1e6, peer * 1e6, "us", limit))
    return rows
