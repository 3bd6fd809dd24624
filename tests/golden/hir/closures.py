def f(x: "float64", n: "int64"):
    def add(y, k=2):
        return x + y * k
    g = lambda t: add(t, k=n)
    return apply(g, 1.0) + add(1)


def apply(fn, v):
    return fn(v)
