def f(a: "float64[::1]", flag: "bool"):
    total = 0
    for v in a:
        total += v
    x = 1 if flag else 0.5
    x *= 3
    return total / len(a) + x
