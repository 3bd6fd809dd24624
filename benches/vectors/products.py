"""PolyBench: products of matrices and vectors."""

from vectors.kernel import CHAIN, REUSE, arrays, exact, fast


def gemm(alpha, beta, c, a, b):
    for i in range(c.shape[0]):
        for j in range(c.shape[1]):
            c[i, j] *= beta
        for k in range(a.shape[1]):
            for j in range(c.shape[1]):
                c[i, j] += alpha * a[i, k] * b[k, j]


def two_mm(alpha, beta, tmp, a, b, c, d):
    for i in range(tmp.shape[0]):
        for j in range(tmp.shape[1]):
            tmp[i, j] = 0.0
            for k in range(a.shape[1]):
                tmp[i, j] += alpha * a[i, k] * b[k, j]
    for i in range(d.shape[0]):
        for j in range(d.shape[1]):
            d[i, j] *= beta
            for k in range(tmp.shape[1]):
                d[i, j] += tmp[i, k] * c[k, j]


def three_mm(e, a, b, f, c, d, g):
    for i in range(e.shape[0]):
        for j in range(e.shape[1]):
            e[i, j] = 0.0
            for k in range(a.shape[1]):
                e[i, j] += a[i, k] * b[k, j]
    for i in range(f.shape[0]):
        for j in range(f.shape[1]):
            f[i, j] = 0.0
            for k in range(c.shape[1]):
                f[i, j] += c[i, k] * d[k, j]
    for i in range(g.shape[0]):
        for j in range(g.shape[1]):
            g[i, j] = 0.0
            for k in range(e.shape[1]):
                g[i, j] += e[i, k] * f[k, j]


def atax(a, x, y, tmp):
    for j in range(a.shape[1]):
        y[j] = 0.0
    for i in range(a.shape[0]):
        tmp[i] = 0.0
        for j in range(a.shape[1]):
            tmp[i] += a[i, j] * x[j]
        for j in range(a.shape[1]):
            y[j] += a[i, j] * tmp[i]


def bicg(a, s, q, p, r):
    for j in range(a.shape[1]):
        s[j] = 0.0
    for i in range(a.shape[0]):
        q[i] = 0.0
        for j in range(a.shape[1]):
            s[j] += r[i] * a[i, j]
            q[i] += a[i, j] * p[j]


def mvt(x1, x2, y1, y2, a):
    n = a.shape[0]
    for i in range(n):
        for j in range(n):
            x1[i] += a[i, j] * y1[j]
    for i in range(n):
        for j in range(n):
            x2[i] += a[j, i] * y2[j]


def gemver(alpha, beta, a, u1, v1, u2, v2, w, x, y, z):
    n = a.shape[0]
    for i in range(n):
        for j in range(n):
            a[i, j] += u1[i] * v1[j] + u2[i] * v2[j]
    for i in range(n):
        for j in range(n):
            x[i] += beta * a[j, i] * y[j]
    for i in range(n):
        x[i] += z[i]
    for i in range(n):
        for j in range(n):
            w[i] += alpha * a[i, j] * x[j]


def gesummv(alpha, beta, a, b, tmp, x, y):
    n = a.shape[0]
    for i in range(n):
        tmp[i] = 0.0
        y[i] = 0.0
        for j in range(n):
            tmp[i] += a[i, j] * x[j]
            y[i] += b[i, j] * x[j]
        y[i] = alpha * tmp[i] + beta * y[i]


def symm(alpha, beta, c, a, b):
    for i in range(c.shape[0]):
        for j in range(c.shape[1]):
            total = 0.0
            for k in range(i):
                c[k, j] += alpha * b[i, j] * a[i, k]
                total += b[k, j] * a[i, k]
            c[i, j] = beta * c[i, j] + alpha * b[i, j] * a[i, i] + alpha * total


def syrk(alpha, beta, c, a):
    for i in range(c.shape[0]):
        for j in range(i + 1):
            c[i, j] *= beta
        for k in range(a.shape[1]):
            for j in range(i + 1):
                c[i, j] += alpha * a[i, k] * a[j, k]


def syr2k(alpha, beta, c, a, b):
    for i in range(c.shape[0]):
        for j in range(i + 1):
            c[i, j] *= beta
        for k in range(a.shape[1]):
            for j in range(i + 1):
                c[i, j] += a[j, k] * alpha * b[i, k] + b[j, k] * alpha * a[i, k]


def trmm(alpha, a, source, b):
    b[:] = source
    for i in range(b.shape[0]):
        for j in range(b.shape[1]):
            for k in range(i + 1, b.shape[0]):
                b[i, j] += a[k, i] * b[k, j]
            b[i, j] *= alpha


def doitgen(a, c4, total):
    for r in range(a.shape[0]):
        for q in range(a.shape[1]):
            for p in range(a.shape[2]):
                total[p] = 0.0
                for s in range(a.shape[2]):
                    total[p] += a[r, q, s] * c4[s, p]
            for p in range(a.shape[2]):
                a[r, q, p] = total[p]


def inner_products(a, b, c):
    """The product of `a` and the transposed `b`: a dot product for each element."""
    for i in range(a.shape[0]):
        for j in range(b.shape[0]):
            total = 0.0
            for k in range(a.shape[1]):
                total += a[i, k] * b[j, k]
            c[i, j] = total


def for_gemm(n):
    return 1.5, 0.5, *arrays((n, n + 1), (n, n + 2), (n + 2, n + 1))


def for_two_mm(n):
    return 1.5, 0.5, *arrays((n, n + 1), (n, n + 2), (n + 2, n + 1), (n + 1, n + 3), (n, n + 3))


def for_three_mm(n):
    return arrays(
        (n, n + 1), (n, n + 2), (n + 2, n + 1), (n + 1, n + 3), (n + 1, n + 4), (n + 4, n + 3), (n, n + 3)
    )


def for_atax(n):
    return arrays((n, n + 1), n + 1, n + 1, n)


def for_bicg(n):
    return arrays((n, n + 1), n + 1, n, n + 1, n)


def for_mvt(n):
    return arrays(n, n, n, n, (n, n))


def for_gemver(n):
    return 1.5, 1.2, *arrays((n, n), n, n, n, n, n, n, n, n)


def for_gesummv(n):
    return 1.5, 1.2, *arrays((n, n), (n, n), n, n, n)


def for_symm(n):
    return 1.5, 0.2, *arrays((n, n + 1), (n, n), (n, n + 1))


def for_syrk(n):
    return 1.5, 0.2, *arrays((n, n), (n, n + 1))


def for_syr2k(n):
    return 1.5, 0.2, *arrays((n, n), (n, n + 1), (n, n + 1))


def for_trmm(n):
    return 1.5, *arrays((n, n), (n, n + 1), (n, n + 1))


def for_doitgen(n):
    """The columns of the matrix sum to one, so that repeated calls neither grow nor vanish."""
    a, c4, total = arrays((n, n + 1, n + 2), (n + 2, n + 2), n + 2)
    return a, c4 / c4.sum(axis=0), total


def for_inner_products(n):
    return arrays((n, n + 2), (n + 1, n + 2), (n, n + 1))


KERNELS = [
    exact(REUSE, "gemm", gemm, for_gemm, (5,), (60,)),
    exact(REUSE, "2mm", two_mm, for_two_mm, (5,), (48,)),
    exact(REUSE, "3mm", three_mm, for_three_mm, (4,), (40,)),
    exact(REUSE, "atax", atax, for_atax, (6,), (60,)),
    exact(REUSE, "bicg", bicg, for_bicg, (6,), (60,)),
    exact(REUSE, "mvt", mvt, for_mvt, (6,), (60,)),
    exact(REUSE, "gemver", gemver, for_gemver, (6,), (60,)),
    exact(REUSE, "gesummv", gesummv, for_gesummv, (6,), (60,)),
    exact(REUSE, "symm", symm, for_symm, (6,), (48,)),
    exact(REUSE, "syrk", syrk, for_syrk, (6,), (60,)),
    exact(REUSE, "syr2k", syr2k, for_syr2k, (6,), (60,)),
    exact(REUSE, "trmm", trmm, for_trmm, (6,), (60,)),
    exact(REUSE, "doitgen", doitgen, for_doitgen, (3,), (16,)),
    exact(CHAIN, "inner products", inner_products, for_inner_products, (5,), (40,)),
    fast("inner products, fastmath", inner_products, for_inner_products, (5,), (60,)),
    fast("gesummv, fastmath", gesummv, for_gesummv, (6,), (60,)),
    fast("mvt, fastmath", mvt, for_mvt, (6,), (60,)),
]
