def f(a: "float64[:, ::1]", out: "float64[:]"):
    n, m = a.shape
    for i in range(n):
        row = a[i]
        out[i] = row[0] * 2
        out[i] += row[-1]
    a[0, :] = 1
    a[:, 1] += out
    b = a[1:, None]
    x, y = y0, x0 = 1.0, 2
    return b, x, y0
