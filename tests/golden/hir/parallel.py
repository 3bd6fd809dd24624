def f(a: "float64[::1]"):
    total = 0.0
    best = -math.inf
    for i in prange(len(a)):
        t = a[i] * 2
        total += t
        best = max(best, t)
    return total, best
