def f(a: "float64[::1]", n: "int64"):
    total = 0
    for v in a:
        total += v
    k = 0
    while k < n:
        if k == 3:
            k += 2
            continue
        k += 1
    else:
        k = -1
    return total
