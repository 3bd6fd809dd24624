"""Products of matrices beside NumPy's BLAS on one thread. Imported before NumPy, which reads the setting once."""

import os

for _library in ("OPENBLAS", "MKL", "BLIS"):
    os.environ.setdefault(f"{_library}_NUM_THREADS", "1")

import compiling  # noqa: E402
import measure  # noqa: E402
import numpy as np  # noqa: E402

SIZES = (8, 16, 32, 64, 128, 256, 512, 1024)


def product(a, b):
    return a @ b


def figures(ours) -> list[measure.Figure]:
    """`a @ b` for square matrices; the peer is the same function, interpreted."""
    rows = []
    for dtype in (np.float32, np.float64):
        for n in SIZES:
            a, b = np.random.default_rng(n).random((2, n, n)).astype(dtype)
            compiled = compiling.compiled(ours, product)
            assert np.allclose(compiled(a, b), product(a, b), rtol=1e-4)
            rounds = 25 if n < 512 else 7
            mine, peer = measure.paired(compiled, product, (a, b), rounds)
            name = f"n = {n}, {np.dtype(dtype).name}"
            rows.append(measure.Figure("matrix products, beside NumPy", name, mine * 1e6, peer * 1e6, "us", 1.0))
    return rows
