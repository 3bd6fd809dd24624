def f(a: "float64[::1]"):
    last = 0.0
    for i in prange(len(a)):
        if a[i] > last:
            last = a[i]
    return last
