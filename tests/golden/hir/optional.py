def f(a: "float64[::1]"):
    best = None
    for v in a:
        if best is None or v < best:
            best = v
    if best is None:
        return -1.0
    return best
